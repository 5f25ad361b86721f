"""What people type becomes what is stored: NFKC for numbers and addresses, names stay as typed.

Plain values in and out, no Django.
"""

import re
import unicodedata

from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.jp import cn

from contractors.marking import mark as _

HYPHENS = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d\uff70\u00ad]")  # what keyboards give for "-"


class Unreadable(ValueError):
    """The message is a full sentence with places for `values`; `code` is stable."""

    def __init__(self, code: str, detail: str, **values: int | str) -> None:
        super().__init__(detail)
        self.code = code
        self.values = values


def narrow(text: str) -> str:
    """Full-width letters and digits become ASCII, hyphens become one kind, ends are trimmed."""
    return HYPHENS.sub("-", unicodedata.normalize("NFKC", HYPHENS.sub("-", text))).strip()


def corporate_number(text: str) -> str:
    """The 13 digits of a 法人番号, check digit proven (National Tax Agency's rule)."""
    digits = re.sub(r"[\s-]", "", narrow(text))
    try:
        return str(cn.validate(digits))
    except InvalidChecksum as error:
        raise Unreadable(
            "check-digit", _("Check the corporate number: a digit is wrong.")
        ) from error
    except ValidationError as error:
        raise Unreadable("invalid", _("Give the 13 digits of the corporate number.")) from error


def invoice_number(text: str) -> str:
    """`T` and 13 digits. The digits of a sole proprietor have no public check digit."""
    number = re.sub(r"[\s-]", "", narrow(text)).upper()
    if not re.fullmatch(r"T[0-9]{13}", number):
        raise Unreadable("invalid", _("Give the invoice number as T and 13 digits."))
    return number


def phone(text: str) -> str:
    """Digits with their hyphens, as 03-1234-5678 or +81-3-1234-5678; empty stays empty."""
    number = re.sub(r"\s+", "-", narrow(text)).replace("(", "-").replace(")", "-")
    number = re.sub(r"-+", "-", number).strip("-")
    if number and not re.fullmatch(r"\+?[0-9-]{6,20}", number):
        raise Unreadable("invalid", _("Give a telephone number like 03-1234-5678."))
    return number


def search_key(*parts: str | None) -> str:
    """What a search looks in: the same for 全角 and 半角, for upper and lower case."""
    return " ".join(narrow(part).lower() for part in parts if part)
