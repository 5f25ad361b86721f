"""Why a table is not taken, in the reader's language; `evidence` says it of any file."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.evidence import sentences
from suppliers.evidence.kinds import Unacceptable
from suppliers.importing.heading import Fault

REFUSALS: Final = {
    "table-empty": gettext_lazy("There are no rows below the heading. Fill in the sheet."),
    "too-many-rows": gettext_lazy(
        "This sheet has more than 10,000 rows. Split it, or delete the empty rows at its end."
    ),
    "too-many-columns": gettext_lazy(
        "Row %(row)d has more than 50 columns. Take out those that are not needed."
    ),
    "no-sheet": gettext_lazy("This workbook shows no sheet. Unhide the one to be read."),
    "no-table": gettext_lazy("Send the table as an XLSX or CSV file."),
    "kind-unknown": gettext_lazy("Send the table as an XLSX or CSV file."),
}


def refusal(error: Unacceptable) -> str:
    if error.code in REFUSALS:
        return str(REFUSALS[error.code]) % error.values
    return sentences.refusal(error)


def fault(found: Fault) -> str:
    return _(found.detail) % found.values
