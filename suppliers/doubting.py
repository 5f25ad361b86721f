"""What is odd about a certificate, as warnings: a person looks, and nothing is refused.

Plain values in and out, no Django.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from contractors.marking import mark as _
from suppliers import certificates
from suppliers.certificates import SECURITY_ACTION, USUAL_YEARS, VOID_EDITIONS, Printed, Scheme

KNOWN_EDITIONS: Final = (*VOID_EDITIONS, "2022")
ASKED_OF_ISMS: Final = {
    "body": _("Tell which certification body issued it."),
    "scope": _("Tell the scope: which sites, businesses and services it covers."),
    "edition": _("Tell the edition of ISO/IEC 27001, such as 2022."),
    "accreditation": _("Tell which accreditation body stands behind the certification body."),
}


@dataclass(frozen=True)
class Doubt:
    """`code` is stable; `detail` is a sentence for the catalogue."""

    code: str
    detail: str


def doubts(
    printed: Printed,
    *,
    shown: bool,
    reconfirm_on: date | None = None,
    pending_until: date | None = None,
    today: date,
) -> list[Doubt]:
    """All that a person should look at. `shown`: a document is there; `today` is Japan's."""
    return [
        *_number(printed),
        *_missing(printed),
        *_end(printed, pending=pending_until is not None),
        *_edition(printed),
        *_span(printed),
        *_over(pending_until or certificates.ends_on(printed), today=today),
        *_time(printed, reconfirm_on, today=today),
        *_document(printed, shown=shown),
    ]


def _number(printed: Printed) -> Iterator[Doubt]:
    if printed.scheme is Scheme.PMARK:
        if not printed.number:
            yield Doubt("number-missing", _("Tell the registration number, like 10123456(05)."))
        elif not re.fullmatch(r"\d{8}(\(\d{2}\))?", printed.number):
            yield Doubt(
                "number-format",
                _("A Privacy Mark's number has eight digits, like 10123456(05). Check it."),
            )
    if printed.scheme in SECURITY_ACTION:
        if not printed.number:
            yield Doubt("number-missing", _("Tell the declaration's number of 11 digits."))
        elif not certificates.DECLARATION_ID.fullmatch(printed.number):
            yield Doubt(
                "number-format",
                _("A declaration's number has 11 digits and begins with 4 or 5. Check it."),
            )


def _missing(printed: Printed) -> Iterator[Doubt]:
    if printed.scheme is Scheme.ISMS:
        for name, sentence in ASKED_OF_ISMS.items():
            if not getattr(printed, name):
                yield Doubt(f"{name}-missing", sentence)
    elif printed.scheme is Scheme.OTASUKETAI and not printed.body:
        yield Doubt("body-missing", _("Tell the provider and the name of the service."))


def _edition(printed: Printed) -> Iterator[Doubt]:
    if printed.scheme is not Scheme.ISMS or not printed.edition:
        return
    if printed.edition in VOID_EDITIONS:
        yield Doubt(
            "edition-void",
            _("This edition has been void since 2025-10-31, whatever is printed. Ask for 2022."),
        )
    elif printed.edition not in KNOWN_EDITIONS:
        yield Doubt("edition-unknown", _("This edition is not known here. Check the certificate."))


def _span(printed: Printed) -> Iterator[Doubt]:
    longest = certificates.longest(printed)
    if longest and printed.valid_until and printed.valid_until > longest:
        yield Doubt(
            "span-unusual",
            _("It is valid for longer than is usual for this scheme. Check the days."),
        )
    if printed.scheme in SECURITY_ACTION and printed.valid_until:
        yield Doubt(
            "valid-until-unusual", _("SECURITY ACTION has no last day. It is reconfirmed yearly.")
        )


def _end(printed: Printed, *, pending: bool) -> Iterator[Doubt]:
    """While a renewal is pending, the new last day is not known yet."""
    if printed.scheme in USUAL_YEARS and printed.valid_until is None and not pending:
        yield Doubt("valid-until-missing", _("Tell the last day on which it is valid."))


def _over(last: date | None, *, today: date) -> Iterator[Doubt]:
    if last and last < today:
        yield Doubt(
            "expired", _("Its validity has ended. If it is being renewed, show the filing.")
        )


def _time(printed: Printed, reconfirm_on: date | None, *, today: date) -> Iterator[Doubt]:
    if printed.issued_on and printed.issued_on > today:
        yield Doubt("issued-in-future", _("The day of issue lies in the future. Check it."))
    if reconfirm_on and reconfirm_on <= today:
        yield Doubt(
            "reconfirmation-due", _("A year has passed. Ask whether the declaration still stands.")
        )


def _document(printed: Printed, *, shown: bool) -> Iterator[Doubt]:
    if not shown and printed.scheme not in SECURITY_ACTION:
        yield Doubt("document-missing", _("No document was shown for it yet."))
