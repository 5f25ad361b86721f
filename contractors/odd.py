"""What no text and no day of ours may be, whichever door it comes through."""

import re
from typing import Final

from contractors.marking import mark as _

# C0, C1, line separators, and what turns the direction of the text around it.
SIGNS: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
IN_LINE: Final = re.compile(f"[{SIGNS}]")
IN_LINES: Final = re.compile(f"(?![\t\n\r])[{SIGNS}]")
YEARS: Final = range(1950, 2100)  # of days; others are slips of the hand
TEXT: Final = _("This text holds a control character, which is not allowed.")
CODE: Final = "control-characters-not-allowed"


def is_odd(text: str) -> bool:
    """Whether text holds characters that no single line of ours can hold."""
    return IN_LINE.search(text) is not None
