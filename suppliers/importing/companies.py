"""The tables of suppliers and of contacts: their columns, and how a row of them is read.

Plain values in and out. Several contacts of a supplier stand in several rows.
"""

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contractors.marking import mark as _
from suppliers import normalising
from suppliers.importing import cells, words
from suppliers.importing.cells import Read
from suppliers.importing.columns import COMPANY, PERSON, WITH_COMPANY
from suppliers.importing.heading import Fault
from suppliers.importing.reading import Claim, Table, Values
from suppliers.normalising import Unreadable, narrow

CONTACT: Final = "contact_"
KEYS: Final = ("code", "corporate_number")
NO_KEY: Final = Fault("required", _("Give the supplier's code, or its corporate number."))
NO_EMAIL: Final = Fault("required", _("Give the mail address of this contact."))


def email(cell: str) -> str:
    """The address in ASCII, whatever was typed."""
    address = narrow(cell)
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unreadable("invalid", _("Give a mail address like name@example.co.jp.")) from error
    return str(cells.text(254)(address))


READERS: Final[Mapping[str, Read]] = {
    "code": cells.text(50),
    "name": cells.text(200),
    "name_kana": cells.text(200),
    "corporate_number": normalising.corporate_number,
    "invoice_number": normalising.invoice_number,
    "industry": words.industry,
    "size_class": words.size,
    "employees": words.employees,
    "country": words.country,
    "language": words.language,
    "tags": words.tags,
    "handles_personal_data": words.yes_no,
    "exposure_confidential_information": words.yes_no_unknown,
    "exposure_business_continuity": words.yes_no_unknown,
    "exposure_system_access": words.yes_no_unknown,
    "exposure_note": cells.text(1000),
    "toriteki": words.applies,
    "freelance_act": words.applies,
    "contact_name": cells.text(100),
    "contact_title": cells.text(100),
    "contact_department": cells.text(100),
    "contact_email": email,
    "contact_phone": normalising.phone,
    "contact_role": words.role,
    "contact_language": words.letter_language,
}


def read(found: Mapping[str, str]) -> tuple[Values, list[tuple[str, Fault]]]:
    """The values that the cells say, and all faults by column. Empty cells say nothing."""
    written = {
        name: found[name]
        for name in READERS
        if name in found and not cells.says_nothing(found[name])
    }
    values: Values = {}
    faults = []
    for name, cell in written.items():
        try:
            values[name] = READERS[name](cell)
        except Unreadable as error:
            faults.append((name, Fault(error.code, str(error), dict(error.values))))
    if not any(name in written for name in KEYS):
        faults.append(("code", NO_KEY))
    if "contact_email" not in written and any(name.startswith(CONTACT) for name in written):
        faults.append(("contact_email", NO_EMAIL))
    return values, faults


def read_contact(found: Mapping[str, str]) -> tuple[Values, list[tuple[str, Fault]]]:
    """Here a row without a mail address says nothing at all."""
    values, faults = read(found)
    if cells.says_nothing(found.get("contact_email", "")):
        faults = [each for each in faults if each[0] != "contact_email"]
        faults.append(("contact_email", NO_EMAIL))
    return values, faults


def company(values: Values) -> Values:
    """What a row says of the supplier itself."""
    return {name: value for name, value in values.items() if not name.startswith(CONTACT)}


def person(values: Values) -> Values:
    """What it says of a contact, as the fields of one; nothing without a mail address."""
    return {
        name.removeprefix(CONTACT): value
        for name, value in values.items()
        if name.startswith(CONTACT)
    }


def claims(values: Values) -> list[Claim]:
    """A supplier, by its code or else its corporate number, and perhaps one contact of it."""
    thing = ("code", narrow(values["code"])) if "code" in values else ("number", values[KEYS[1]])
    said: list[Claim] = [(thing, company(values) | ({"code": ""} if "code" in values else {}))]
    if fields := person(values):
        said.append(((*thing, fields["email"].lower()), fields))
    return said


SUPPLIERS: Final = Table("suppliers", (*COMPANY, *PERSON), read, claims)
CONTACTS: Final = Table("contacts", WITH_COMPANY, read_contact, claims)
