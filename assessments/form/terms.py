"""What was proposed or agreed on, as lines that a reader sees. Names of sides, never of people."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments.models import Consultation, Proposal
from contractors.models import Contractor

Bearer = Proposal.Bearer
Kind = Consultation.Kind
KINDS: Final = {
    Kind.TALKS: gettext_noop("Talks"),
    Kind.QUESTION: gettext_noop("Question"),
    Kind.EXTENSION: gettext_noop("Wish for more time"),
    Kind.OBJECTION: gettext_noop("Objection to the result"),
}
TOPICS: Final = {
    "necessity": gettext_noop("necessity"),
    "cost": gettext_noop("cost"),
    "time": gettext_noop("time"),
    "contract": gettext_noop("contract"),
    "people": gettext_noop("people"),
    "alternative": gettext_noop("another measure"),
}


def about(thread: Consultation) -> str:
    """The kind of a thread, and what it is about."""
    kind = _(KINDS[Kind(thread.kind)])
    topics = _(", ").join(_(TOPICS[each]) for each in thread.topics)
    if thread.item_number:
        topics = _("question %(number)s") % {"number": thread.item_number}
    return _("%(kind)s (%(topics)s)") % {"kind": kind, "topics": topics} if topics else kind


def of(proposal: Proposal, contractor: Contractor) -> list[tuple[str, str]]:
    return lines({name: getattr(proposal, name) for name in Proposal.TERMS}, contractor)


def agreed(thread: Consultation, contractor: Contractor) -> list[tuple[str, str]]:
    """From the frozen result, which its digest covers. Nothing is told of it once it is erased."""
    result = thread.result
    if result is None or thread.erased:
        return []
    day = date.fromisoformat(result["from_on"]) if result["from_on"] else None
    return lines(result | {"from_on": day}, contractor)


def lines(terms: Mapping[str, Any], contractor: Contractor) -> list[tuple[str, str]]:
    """Pairs of a head and what stands beside it; what was left open is left out."""
    yen, day = terms["cost_estimate_yen"], terms["from_on"]
    told = [
        (_("What is done"), terms["measure"]),
        (_("Estimated cost"), "" if yen is None else _("%(yen)s yen") % {"yen": f"{yen:,}"}),
        (_("Who bears the cost"), _bearer(terms, contractor)),
        (_("How the price changes"), terms["price_reflection"]),
        (_("From when"), date_format(day, _("F j, Y (D)")) if day else ""),
    ]
    return [(head, text) for head, text in told if text]


def _bearer(terms: Mapping[str, Any], contractor: Contractor) -> str:
    said = {"name": contractor.name, "share": terms["share_percent"]}
    told = {
        Bearer.CONTRACTOR: contractor.name,
        Bearer.SUPPLIER: _("Your company"),
        Bearer.SHARED: _("Both: %(name)s bears %(share)s %%") % said,
        Bearer.IN_PRICE: _("It becomes part of your price"),
    }
    return told[Bearer(terms["bearer"])]
