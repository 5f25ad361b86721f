"""The words of a letter: chosen by why it is written and in the reader's language."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import explaining, scheduling, summarising, timetable, wording
from assessments.models import Assessment, Delegation, Occasion
from assessments.salutation import salutation
from assessments.wording import plain
from contractors.models import Contractor
from suppliers import days
from suppliers.models import Certification, Contact, Supplier

SENDER: Final = ("name", "department", "person", "phone", "hours", "notice_url", "main_phone")
SENTENCE: Final = 200  # characters
RULE: Final = f"\n{'-' * 40}\n\n"  # between two languages
TEMPLATES: Final = "assessments/mail/{language}/{name}.txt"


@dataclass(frozen=True)
class Letter:
    sender: str
    subject: str
    body: str


def letter(
    assessment: Assessment, contact: Contact, kind: Occasion.Kind, *, link: str, now: datetime
) -> Letter:
    """The letter for an occasion, which leaves `now`. `link` is the one address to go to."""
    told = {
        "link": link,
        "left": timetable.business_days(now, days.begins_at(assessment.due_on)),
        # A due day may be a Sunday, before which no business day is left.
        "nights": (assessment.due_on - days.in_japan(now)).days,
    }
    return _written(_name(assessment, kind), assessment, contact, **told)


def notice(contractor: Contractor, *, leaves_at: datetime) -> Letter:
    """What its person sends from the usual mailbox some days before a campaign, so that suppliers
    know who will write and how to tell that it is genuine. Whom it greets is left to the person.
    """
    with translation.override(contractor.language):
        context = {
            "contractor": _shown(contractor, SENDER),
            "day": date_format(days.in_japan(leaves_at), _("F j")),
            "from": settings.MAIL_FROM,
            "page": f"{settings.BASE_URL}/",
        }
        return _in_one(contractor.language, "notice", contractor, context)


@dataclass(frozen=True)
class Part:
    """One matter of a common letter. A certificate may have no `link`."""

    kind: Occasion.Kind
    about: Assessment | Certification
    link: str


def combined(
    contractor: Contractor, supplier: Supplier, contact: Contact, parts: Sequence[Part]
) -> Letter:
    """One letter of the day about all that came up for a person."""

    def context() -> dict[str, Any]:
        return _of_both(contractor, supplier, contact) | {
            "parts": [_told(part, contact) for part in parts],
            "genuine": any(part.kind == Occasion.Kind.INVITATION for part in parts),
        }

    return _render("combined", contractor, contact, context)


def _told(part: Part, contact: Contact) -> dict[str, Any]:
    about = part.about
    told = _context(about, contact) if isinstance(about, Assessment) else _of_certificate(about)
    return told | {
        "kind": part.kind.value,
        "link": part.link,
        "supplier": _shown(about.supplier, ("name",)),
    }


def about(certification: Certification, contact: Contact, kind: Occasion.Kind, link: str) -> Letter:
    """The letter about a certificate. Without `link` it names whom to write to instead."""

    def context() -> dict[str, Any]:
        both = _of_both(certification.contractor, certification.supplier, contact)
        return both | _of_certificate(certification) | {"link": link}

    return _render(kind.value, certification.contractor, contact, context)


def _of_certificate(certification: Certification) -> dict[str, str]:
    last = certification.last_day()
    return {
        "scheme": _(explaining.SCHEMES[certification.scheme]),
        "number": plain(certification.number),
        "last": date_format(last, _("F j, Y (D)")) if last else "",
    }


def delegated(delegation: Delegation, contact: Contact, *, link: str) -> Letter:
    """The letter to a colleague who is asked to answer some of the questions."""
    assessment, asker = delegation.assessment, delegation.asked_by
    return _written(
        Occasion.Kind.DELEGATED.value,
        assessment,
        contact,
        link=link,
        asker=plain(asker.name),
        numbers=delegation.numbers,
        note=plain(delegation.note, SENTENCE),
    )


def code(assessment: Assessment, contact: Contact, digits: str) -> Letter:
    """Six digits for a browser that came after answers exist."""
    return _written("code", assessment, contact, code=digits)


def _name(assessment: Assessment, kind: Occasion.Kind) -> str:
    if kind == Occasion.Kind.FIRST_REMINDER:
        return f"first_reminder_{'started' if assessment.started_at else 'untouched'}"
    return "receipt" if kind == Occasion.Kind.RECEIPT_COPY else kind.value


def _written(name: str, assessment: Assessment, contact: Contact, **more: Any) -> Letter:
    return _render(
        name, assessment.contractor, contact, lambda: _context(assessment, contact) | more
    )


def _render(
    name: str, contractor: Contractor, contact: Contact, context: Callable[[], dict[str, Any]]
) -> Letter:
    """In each language of the contact; subject and sender in the first."""
    letters = []
    for language in contact.languages():
        with translation.override(language):
            letters.append(_in_one(language, name, contractor, context()))
    return replace(letters[0], body=RULE.join(each.body for each in letters))


def _in_one(language: str, name: str, contractor: Contractor, context: dict[str, Any]) -> Letter:
    template = TEMPLATES.format(language=language, name=name)
    subject, body = wording.letter(render_to_string(template, context))
    sender = _("%(name)s (via Tasuki)") % {"name": plain(contractor.name)}
    return Letter(sender, subject, body)


def _of_both(contractor: Contractor, supplier: Supplier, contact: Contact) -> dict[str, Any]:
    return {
        "contractor": _shown(contractor, SENDER),
        "contact": contact,
        "supplier": _shown(supplier, ("name",)),
        "salutation": salutation(
            company=supplier.name,
            department=contact.department,
            title=contact.title,
            name=contact.name,
            language=translation.get_language(),
        ),
    }


def _context(assessment: Assessment, contact: Contact) -> dict[str, Any]:
    """What costs a query or much time is a function: templates call what they speak of."""
    return _of_both(assessment.contractor, assessment.supplier, contact) | {
        "assessment": assessment,
        "requirements": cache(partial(_asked, assessment)),
        "return_reason": plain(assessment.return_reason, SENTENCE),
        "clarifications": cache(partial(_asked_back, assessment)),
        "extension_reason": plain(assessment.extension_reason, SENTENCE),
        "items": len(assessment.questionnaire.parsed().items),
        "due": date_format(assessment.due_on, _("F j, Y (D)")),
        "day": date_format(assessment.due_on, _("F j")),
        "phoned": _phoned(assessment),
        "remaining": cache(partial(remaining, assessment)),
        "summary": cache(partial(summarising.summarise, assessment)),
        "former": plain(assessment.handed_over_by.name) if assessment.handed_over_by else "",
        "asker": plain(assessment.contact.name),
        "successor": plain(assessment.contact.name),
        "submission": cache(assessment.submissions.order_by("number").last),
    }


def _phoned(assessment: Assessment) -> str:
    """The day on which somebody is to call, if nothing comes until then."""
    day = scheduling.escalated_on(assessment)
    return date_format(day, _("F j")) if day else ""


def _asked(assessment: Assessment) -> dict[str, str | list[str]]:
    """What is asked for, a line each; what the contractor wrote itself is cut and made plain."""
    asked = vars(explaining.explain(assessment.asked()))
    return {
        name: [plain(line, SENTENCE, mailboxes=name == "cost") for line in said]
        if isinstance(said, list)
        else plain(said)
        for name, said in asked.items()
    }


def _asked_back(assessment: Assessment) -> list[dict[str, Any]]:
    rows = assessment.clarifications.unresolved().order_by("number")
    return [{"number": row.number, "question": plain(row.question, SENTENCE)} for row in rows]


def _shown(row: Contractor | Supplier, names: Iterable[str]) -> dict[str, str]:
    """What people wrote about themselves, fit for a letter. An address of the web stays whole."""
    return {
        name: getattr(row, name) if name == "notice_url" else plain(getattr(row, name))
        for name in names
    }


def remaining(assessment: Assessment) -> int:
    items = assessment.questionnaire.parsed().items
    return len(items) - assessment.answers.exclude(value="").count()
