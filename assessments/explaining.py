"""What a contractor asks for, in plain words: the same sentences on the first page and in mails.

Requirements are data of api.md; here they become sentences in the active language. Only what is
given is said, and what is not known here is passed over: a page must open whatever was stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

Plain = Mapping[str, Any]

REASONS: Final = {
    "confidential_information": gettext_noop(
        "Your company handles confidential information of ours."
    ),
    "business_continuity": gettext_noop("If your work stopped, ours would be held up."),
    "system_access": gettext_noop("Your company can reach our internal systems."),
}
SCHEMES: Final = {
    "isms": gettext_noop("ISMS (ISO/IEC 27001)"),
    "pmark": gettext_noop("PrivacyMark"),
    "scs_3": gettext_noop("SCS evaluation, three stars"),
    "scs_4": gettext_noop("SCS evaluation, four stars"),
    "security_action_1": gettext_noop("SECURITY ACTION, one star (a declaration)"),
    "security_action_2": gettext_noop("SECURITY ACTION, two stars (a declaration)"),
    "otasuketai": gettext_noop("Cybersecurity Otasuketai service"),
    "iso27017": "ISO/IEC 27017",
    "iso27701": "ISO/IEC 27701",
    "ismap": "ISMAP",
    "ismap_liu": "ISMAP-LIU",
    "soc2": "SOC 2",
    "pci_dss": "PCI DSS",
    "tisax": "TISAX",
    "nist_800_171": "NIST SP 800-171",
    "other": gettext_noop("another certification"),
}
NECESSITIES: Final = {
    "required": gettext_noop("needed"),
    "recommended": gettext_noop("welcome, not needed"),
}
BEARERS: Final = {
    "contractor": gettext_noop("We bear the cost of the measures."),
    "supplier": gettext_noop("Your company bears the cost of the measures."),
    "shared": gettext_noop("We share the cost of the measures."),
    "to_be_discussed": gettext_noop("Who bears the cost is settled in talks."),
    "in_price": gettext_noop("The cost is reflected in the price."),
}
ROLES: Final = {
    "admin": gettext_noop("administrators"),
    "security": gettext_noop("the security staff"),
    "buyer": gettext_noop("the buyers"),
    "viewer": gettext_noop("viewers (counts only)"),
}
PROMISES: Final = {
    "A": gettext_noop("Open items alone are no reason for us to review the trade."),
    "B": gettext_noop("From the result we would like to plan the measures together."),
    "D": gettext_noop("Answers are not used to lower prices or to compare you with others."),
}
TERMS: Final = {
    "nda": gettext_noop("Confidentiality"),
    "incident_notice": gettext_noop("Notice of incidents"),
    "resubcontracting": gettext_noop("Passing work on"),
    "return_disposal": gettext_noop("Return and disposal of information"),
    "audit": gettext_noop("Checks on site"),
    "use_limit": gettext_noop("Limits on the use of information"),
    "other": gettext_noop("Other"),
}
STATES: Final = {
    "agreed": gettext_noop("already in the contract"),
    "proposed": gettext_noop("proposed this time"),
    "none": gettext_noop("no rule yet"),
}
REPLACED: Final = {
    "answers": (
        gettext_noop("%(scheme)s may stand in for the answers."),
        gettext_noop("One of these may stand in for the answers: %(scheme)s"),
    ),
    "evidence": (
        gettext_noop("%(scheme)s may stand in for documents."),
        gettext_noop("One of these may stand in for documents: %(scheme)s"),
    ),
}


@dataclass(frozen=True)
class Explained:
    """Each part as sentences; empty where the contractor said nothing."""

    reasons: list[str]
    scope: list[str]
    certifications: list[str]
    target: list[str]
    means: list[str]
    alternatives: list[str]
    evidence: list[str]
    cost: list[str]
    support: list[str]
    contract: list[str]
    promises: list[str]
    seen_by: str
    kept: str
    effect: list[str]

    @property
    def given(self) -> bool:
        """Whether more is asked than answers; what is said of their use stands apart."""
        terms = (self.reasons, self.certifications, self.target, self.means, self.alternatives)
        return any((*terms, self.cost, self.support, self.contract, self.effect))


def explain(requirements: Plain) -> Explained:
    return Explained(
        reasons=_each(requirements.get("reasons"), REASONS),
        scope=_texts(requirements.get("scope")),
        certifications=list(_certifications(requirements)),
        target=_target(_group(requirements, "target")),
        means=list(_means(requirements)),
        alternatives=list(_alternatives(requirements)),
        evidence=_texts(requirements.get("evidence")),
        cost=list(_cost(_group(requirements, "cost"))),
        support=_texts(requirements.get("support")),
        contract=list(_contract(requirements)),
        promises=_each(requirements.get("promises"), PROMISES),
        seen_by=_(", ").join(_each(requirements.get("answers_seen_by"), ROLES)),
        kept=_kept(requirements.get("retention_months")),
        effect=_texts(requirements.get("effect_if_not_met")),
    )


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each.strip() for each in values if isinstance(each, str) and each.strip()]


def _each(values: object, known: Mapping[str, str]) -> list[str]:
    """Codes become sentences; free text stays as it was written."""
    given = values if isinstance(values, list) else [values]
    texts = [
        each.get("text") or each.get("code") if isinstance(each, dict) else each for each in given
    ]
    return [_(known[text]) if text in known else text for text in _texts(texts)]


def _group(requirements: Plain, name: str) -> Plain:
    value = requirements.get(name)
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> Iterable[Plain]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _scheme(row: Plain) -> str:
    name = str(row.get("scheme", ""))
    return _(SCHEMES[name]) if name in SCHEMES else name


def _certifications(requirements: Plain) -> Iterable[str]:
    for row in _rows(requirements.get("required_certifications")):
        necessity = NECESSITIES.get(str(row.get("necessity")), NECESSITIES["recommended"])
        yield _("%(scheme)s: %(necessity)s") % {"scheme": _scheme(row), "necessity": _(necessity)}


def _target(target: Plain) -> list[str]:
    sentences = []
    if target.get("score") is not None:
        sentences.append(_("%(score)s points or more") % {"score": target["score"]})
    if target.get("grade"):
        sentences.append(_("Grade %(grade)s or better") % {"grade": target["grade"]})
    return sentences


def _alternatives(requirements: Plain) -> Iterable[str]:
    accepted = requirements.get("alternatives_accepted")
    if accepted is True:
        yield _("Other measures with the same effect are fine.")
    else:
        yield from _texts(accepted)
    rows = list(_rows(requirements.get("equivalents")))
    for replaced, (one, several) in REPLACED.items():
        schemes = [_scheme(row) for row in rows if row.get("replaces") == replaced]
        if schemes:
            sentence = one if len(schemes) == 1 else several
            yield _(sentence) % {"scheme": _(", ").join(schemes)}


def _means(requirements: Plain) -> Iterable[str]:
    """How it can be met, and which product was named and why."""
    yield from _texts(requirements.get("how_to_meet"))
    for row in _rows(requirements.get("products")):
        for name in _texts(row.get("name")):
            yield ": ".join([name, *_texts(row.get("reason"))])


def _cost(cost: Plain) -> Iterable[str]:
    if cost.get("bearer") in BEARERS:
        yield _(BEARERS[str(cost["bearer"])])
    if cost.get("talks_welcome"):
        yield _("Talks about cost and terms are welcome at any time.")
    for contact in _texts(cost.get("contact")):
        yield _("To talk about it: %(contact)s") % {"contact": contact}


def _contract(requirements: Plain) -> Iterable[str]:
    for reference in _texts(requirements.get("contract_reference")):
        yield _("Contract: %(reference)s") % {"reference": reference}
    for row in _rows(requirements.get("contract_terms")):
        kind, state = TERMS.get(str(row.get("kind"))), STATES.get(str(row.get("state")))
        head = " / ".join(_(each) for each in (kind, state) if each)
        yield ": ".join([head, *_texts(row.get("text"))])


def _kept(months: object) -> str:
    if not isinstance(months, int):
        return ""
    return ngettext("%(months)s month", "%(months)s months", months) % {"months": months}
