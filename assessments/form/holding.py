"""What the pages of certifications show: schemes by group, and what is named of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments.explaining import SCHEMES
from assessments.form import uploading
from assessments.form.questions import Document
from assessments.models import Assessment
from suppliers import doubting
from suppliers.certificates import SECURITY_ACTION, Scheme
from suppliers.models import Certification, Evidence, Status
from suppliers.models import State as Stored

State = Literal["open", "part", "done"]
NONE: Final = "none"
UNKNOWN: Final = "unknown"
NO_ANSWERS: Final = frozenset({"", NONE, UNKNOWN})
HELD: Final = "held"  # one of several: which one is asked next
ID_DIGITS: Final = 11  # of a declaration's number

WORDS: Final = {  # where the supplier is told otherwise than the contractor
    "expired": gettext_noop("Its validity has ended. If it is being renewed, say so in the note."),
    "reconfirmation-due": gettext_noop(
        "A year has passed. Open it and confirm that the declaration still stands."
    ),
    "edition-void": gettext_noop(
        "The 2013 edition has been void since October 31, 2025. Name the new one if you have it."
    ),
    "document-missing": "",  # documents are optional here
}


@dataclass(frozen=True)
class Group:
    """Schemes that one question asks for. SECURITY ACTION is declared, ISMS is obtained."""

    name: str
    asked: str
    hint: str
    held: tuple[tuple[str, str], ...]  # values with their labels
    none: str
    schemes: frozenset[Scheme]

    def options(self) -> list[tuple[str, str]]:
        labels = [(value, _(label)) for value, label in self.held]
        return [*labels, (NONE, _(self.none)), (UNKNOWN, _("Don't know"))]


@dataclass(frozen=True)
class Card:
    """One certification as the page lists it."""

    id: UUID
    name: str
    facts: list[tuple[str, str]]
    documents: list[Document]
    told: str  # what the contractor found
    doubts: list[str]
    changeable: bool
    renewable: bool
    scheme: str


OBTAINED: Final = gettext_noop("Obtained")
NOT_OBTAINED: Final = gettext_noop("Not obtained")
GROUPS: Final = (
    Group(
        "security_action",
        "SECURITY ACTION",
        gettext_noop("A declaration of your own at IPA. No document is needed."),
        (
            (Scheme.SECURITY_ACTION_1.value, gettext_noop("Declared, one star")),
            (Scheme.SECURITY_ACTION_2.value, gettext_noop("Declared, two stars")),
        ),
        gettext_noop("Not declared"),
        SECURITY_ACTION,
    ),
    Group(
        "isms",
        gettext_noop("ISMS (ISO/IEC 27001)"),
        "",
        ((Scheme.ISMS.value, OBTAINED),),
        NOT_OBTAINED,
        frozenset({Scheme.ISMS}),
    ),
    Group(
        "pmark",
        gettext_noop("PrivacyMark"),
        "",
        ((Scheme.PMARK.value, OBTAINED),),
        NOT_OBTAINED,
        frozenset({Scheme.PMARK}),
    ),
    Group(
        "scs",
        gettext_noop("SCS evaluation"),
        gettext_noop("The evaluation of supply chain security by METI."),
        (
            (Scheme.SCS_3.value, gettext_noop("Obtained, three stars")),
            (Scheme.SCS_4.value, gettext_noop("Obtained, four stars")),
        ),
        NOT_OBTAINED,
        frozenset({Scheme.SCS_3, Scheme.SCS_4}),
    ),
    Group(
        "other",
        gettext_noop("Other certifications and services"),
        gettext_noop("Such as ISO/IEC 27017, SOC 2, TISAX or an Otasuketai service."),
        ((HELD, gettext_noop("There are some")),),
        gettext_noop("There are none"),
        frozenset(Scheme)
        - SECURITY_ACTION
        - {Scheme.ISMS, Scheme.PMARK, Scheme.SCS_3, Scheme.SCS_4},
    ),
)


def group_of(scheme: Scheme) -> Group:
    return next(group for group in GROUPS if scheme in group.schemes)


def name_of(scheme: str) -> str:
    return _(SCHEMES[scheme])


def named(assessment: Assessment) -> QuerySet[Certification]:
    """What the supplier names, in the order of naming."""
    rows = Certification.objects.filter(supplier=assessment.supplier)
    return rows.exclude(state=Stored.WITHDRAWN).order_by("pk")


def standing(assessment: Assessment) -> list[Certification]:
    """The same with their files."""
    return list(named(assessment).prefetch_related("evidence"))


def in_group(rows: Iterable[Certification], group: Group) -> list[Certification]:
    return [row for row in rows if row.scheme in group.schemes]


def pending(holdings: Mapping[str, str], rows: Sequence[Certification]) -> list[tuple[Group, str]]:
    """Groups of which one is held that is not named yet, with the scheme where it is known."""
    return [
        (group, "" if holdings[group.name] == HELD else holdings[group.name])
        for group in GROUPS
        if holdings.get(group.name, "") not in NO_ANSWERS and not in_group(rows, group)
    ]


def state(holdings: Mapping[str, str], rows: Iterable[Certification]) -> State:
    """How far the page is."""
    rows = list(rows)
    answered = [group for group in GROUPS if holdings.get(group.name) or in_group(rows, group)]
    if not answered:
        return "open"
    whole = len(answered) == len(GROUPS) and not pending(holdings, rows)
    return "done" if whole else "part"


def chosen(group: Group, holdings: Mapping[str, str]) -> str:
    """What was chosen, as people read it; empty while nothing was."""
    return dict(group.options()).get(holdings.get(group.name, ""), "")


def card(row: Certification, contractor: str, *, today: date) -> Card:
    files = [each for each in row.evidence.all() if each.removed_at is None]
    declared = row.state == Stored.DECLARED
    return Card(
        id=row.public_id,
        name=name_of(row.scheme),
        facts=facts(row),
        documents=uploading.documents(files),
        told=_told(row, contractor),
        doubts=_doubts(row, files, today=today),
        changeable=declared,
        renewable=row.state in {Stored.VERIFIED, Stored.RENEWAL_PENDING},
        scheme=row.scheme,
    )


def facts(row: Certification) -> list[tuple[str, str]]:
    """What its paper says, where it is known."""
    known = [
        (number_label(Scheme(row.scheme)), row.number),
        (_("Issued by"), row.body),
        (_("Scope"), row.scope),
        (_("Edition"), row.edition or ""),
        (_("Accreditation body"), row.accreditation or ""),
        (_("Valid until"), day(row.valid_until)),
        (_("Note"), row.note if row.source == Certification.Source.SUPPLIER else ""),
    ]
    return [(head, text) for head, text in known if text]


def line(row: Certification) -> str:
    """A certification in one line, to choose it by."""
    until = _("valid until %(day)s") % {"day": day(row.valid_until)} if row.valid_until else ""
    return _(", ").join(each for each in (name_of(row.scheme), row.number, until) if each)


def number_label(scheme: Scheme) -> str:
    if scheme in SECURITY_ACTION:
        return _("Declaration ID (11 digits)")
    return _("Registration number")


def day(when: date | None) -> str:
    return date_format(when, _("F j, Y")) if when else ""


def _told(row: Certification, contractor: str) -> str:
    if row.state == Stored.VERIFIED:
        return _("%(name)s has checked this one.") % {"name": contractor}
    if row.state == Stored.RENEWAL_PENDING:
        return _("Its renewal has been filed.")
    if row.state == Stored.REJECTED:
        reason = row.rejection_reason
        return _("This one could not be confirmed. Reason: %(reason)s") % {"reason": reason}
    return ""


def _doubts(row: Certification, files: Sequence[Evidence], *, today: date) -> list[str]:
    """Warnings, never refusals. What was checked is only watched for its end."""
    if row.state == Stored.REJECTED:
        return []
    found = doubting.doubts(
        row.printed(), shown=bool(files), reconfirm_on=row.reconfirm_on, today=today
    )
    if row.state != Stored.DECLARED:
        expired = row.status_on(today) is Status.EXPIRED
        found = [each for each in found if each.code == "expired" and expired]
    sentences = [
        WORDS.get(each.code, each.detail) for each in found if not _is_fine(row, each.code)
    ]
    return [_(sentence) for sentence in sentences if sentence]


def _is_fine(row: Certification, code: str) -> bool:
    """A declaration's number is not judged by its first digit."""
    told = code == "number-format" and row.scheme in SECURITY_ACTION
    return told and row.number.isdigit() and len(row.number) == ID_DIGITS
