"""What is known of each scheme: its number, its validity, its edition. Doubt is a warning.

Plain values in and out, no Django. Sources: JIPDEC (Pマーク), ISMS-AC (edition 2013), IPA (SECURITY
ACTION, お助け隊サービス), METI (SCS).
"""

import enum
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contractors.marking import mark as _
from suppliers.days import years_after
from suppliers.normalising import Unreadable, narrow


class Scheme(enum.StrEnum):
    ISMS = "isms"
    PMARK = "pmark"
    SCS_3 = "scs_3"
    SCS_4 = "scs_4"
    SECURITY_ACTION_1 = "security_action_1"
    SECURITY_ACTION_2 = "security_action_2"
    OTASUKETAI = "otasuketai"
    ISO27017 = "iso27017"
    ISO27701 = "iso27701"
    ISMAP = "ismap"
    ISMAP_LIU = "ismap_liu"
    SOC2 = "soc2"
    PCI_DSS = "pci_dss"
    TISAX = "tisax"
    NIST_800_171 = "nist_800_171"
    OTHER = "other"


SECURITY_ACTION: Final = frozenset({Scheme.SECURITY_ACTION_1, Scheme.SECURITY_ACTION_2})
USUAL_YEARS: Final = {Scheme.ISMS: 3, Scheme.PMARK: 2, Scheme.SCS_3: 1, Scheme.SCS_4: 3}
BY_CHECKER: Final = frozenset(  # whoever verifies one sets its points
    {
        Scheme.ISO27017, Scheme.ISO27701, Scheme.ISMAP, Scheme.ISMAP_LIU, Scheme.SOC2,
        Scheme.PCI_DSS, Scheme.TISAX, Scheme.NIST_800_171, Scheme.OTHER,
    }
)  # fmt: skip
MOST_POINTS: Final = 600  # hundredths
VOID_EDITIONS: Final = ("2005", "2013")  # of ISO/IEC 27001
VOID_LAST_DAY: Final = date(2025, 10, 30)  # void since the 31st, whatever is printed
EDITIONS: Final = {"2006": "2005", "2014": "2013", "2023": "2022"}  # JIS Q 27001 → ISO/IEC 27001
PENDING: Final = timedelta(days=120)  # how long a filed renewal counts after the old one's end
PMARK: Final = re.compile(r"(?P<body>\d{2})(?P<firm>\d{6})(?:\((?P<times>\d{1,2})\))?")
DECLARATION_ID: Final = re.compile(r"[45]\d{10}")


class Step(enum.StrEnum):
    """What a day brings to a certificate, and what its holder is written about."""

    EXPIRING = "expiring"
    EXPIRED = "expired"
    RECONFIRM = "reconfirm"


FORETOLD: Final = (90, 14)  # days before the last one
FORETOLD_OF: Final = {Scheme.PMARK: (240, 135)}  # its renewal is filed 8 to 4 months before
RECONFIRMED: Final = 30  # years; a declaration has no end


@dataclass(frozen=True)
class Printed:
    """A certificate as its paper says it. Empty text is not known."""

    scheme: Scheme
    number: str = ""
    body: str = ""
    scope: str = ""
    edition: str | None = None
    accreditation: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None


def number(scheme: Scheme, text: str) -> str:
    """In the scheme's own form where it can be read; otherwise narrow, as it was typed."""
    shown = narrow(text)
    if scheme is Scheme.PMARK and (read := PMARK.fullmatch(_bare(shown))):
        times = f"({int(read['times']):02})" if read["times"] else ""
        return f"{read['body']}{read['firm']}{times}"
    if scheme in SECURITY_ACTION and re.fullmatch(r"\d+", _bare(shown)):
        return _bare(shown)
    return shown


def edition(scheme: Scheme, text: str | None) -> str | None:
    """Of an ISMS the year of ISO/IEC 27001, also where the JIS is named; else as it was typed."""
    shown = narrow(text or "")
    years: list[str] = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", shown)
    if scheme is Scheme.ISMS and years:
        return max(EDITIONS.get(year, year) for year in years)
    return shown or None


def check_span(issued_on: date | None, valid_until: date | None) -> None:
    """Refuses an end before the beginning: one of the two days is wrong."""
    if issued_on and valid_until and valid_until < issued_on:
        raise Unreadable(
            "before-issued", _("The last day lies before the day of issue. Check both days.")
        )


def ends_on(printed: Printed) -> date | None:
    """The last day on which it is valid, or None where no end is known."""
    if printed.scheme is Scheme.ISMS and printed.edition in VOID_EDITIONS:
        return min(printed.valid_until or VOID_LAST_DAY, VOID_LAST_DAY)
    return printed.valid_until


def longest(printed: Printed) -> date | None:
    """The last day that the scheme's usual validity gives, where both are known."""
    years = USUAL_YEARS.get(printed.scheme)
    return years_after(printed.issued_on, years) if printed.issued_on and years else None


def steps(
    scheme: Scheme, last_day: date | None, reconfirm_on: date | None
) -> list[tuple[date, Step]]:
    """Every day on which something is due, in order."""
    found = []
    if last_day:
        before = FORETOLD_OF.get(scheme, FORETOLD)
        found = [(last_day - timedelta(count), Step.EXPIRING) for count in before]
        found.append((last_day + timedelta(1), Step.EXPIRED))
    if reconfirm_on:
        yearly = (years_after(reconfirm_on, count) for count in range(RECONFIRMED))
        found += [(day, Step.RECONFIRM) for day in yearly]
    return sorted(found)


def _bare(text: str) -> str:
    """Without the signs that people put around the digits of a number."""
    return re.sub(r"[\s\-第号No.:#]", "", text)
