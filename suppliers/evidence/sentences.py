"""Why a file is not taken, in the reader's language: what is wrong, and what to do."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from suppliers.evidence.kinds import Unacceptable

REFUSALS: Final = {
    "empty": _("This file is empty. Choose it again, or save it again first."),
    "too-large": _("This file is larger than 20 MB. Make it smaller or split it."),
    "kind-unknown": _(
        "Files of this kind are not taken. Send a PDF, PNG, JPEG, XLSX, DOCX, CSV or TXT file."
    ),
    "outdated-format": _(
        "This is an older or another office format. Save it as XLSX, DOCX or PDF."
    ),
    "kind-mismatch": _(
        "The content is of another kind than the end of the file's name says."
        " Save it again in the right format."
    ),
    "two-kinds": _("Something else hides in this file. Save it again as one plain document."),
    "cut-off": _("The end of this file is missing. Copy it again and send the whole file."),
    "too-heavy": _("Checking this file takes too much time or memory. Send a simpler one."),
    "infected": _("The virus scanner found malware in this file. Check your computer."),
    "too-many-pixels": _(
        "This picture has too many pixels (%(width)d × %(height)d)."
        " Make it smaller; 36 million are the most."
    ),
    "image-damaged": _("This picture is damaged and cannot be shown. Save it again."),
    "pdf-damaged": _("This PDF is damaged and cannot be read. Make it again."),
    "pdf-locked": _("This PDF is locked with a password. Send it without protection."),
    "pdf-script": _("This PDF holds a script. Print it to a new PDF and send that."),
    "pdf-launch": _("This PDF starts other programs. Print it to a new PDF and send that."),
    "pdf-attachments": _("This PDF carries other files inside. Send them one by one."),
    "pdf-without-pages": _("This PDF has no pages. Make it again."),
    "pdf-too-many": _("This PDF has too many parts. Print it to a new PDF or split it."),
    "locked-office": _("This document is locked with a password. Send it without protection."),
    "macros": _("This document holds macros. Save it as XLSX or DOCX without macros."),
    "office-incomplete": _("A part of this document is missing. Open it, save it again."),
    "file-within": _("This document carries another file inside. Send it as a PDF."),
    "xml-damaged": _("The inside of this document is damaged. Open it and save it again."),
    "xml-entities": _("This document defines entities, which no office program does."),
    "zip-damaged": _("This document cannot be opened. Open it on your side and save it again."),
    "zip-bomb": _("This document grows beyond 100 MB when it is opened. Send a smaller one."),
    "zip-lies": _("The sizes inside this document are not true. Save it again."),
    "zip-too-many": _("This document has more than 2,000 parts. Send it as a PDF."),
    "zip-doubled": _("Two parts of this document have the same name. Save it again."),
    "zip-path": _("A part of this document points outside of it. Save it again."),
    "zip-link": _("A part of this document is a link to another file. Save it again."),
    "no-text": _("This file holds more than text. Save it as text in UTF-8."),
    "text-wide": _("This text is in UTF-16. Save it in UTF-8 or Shift_JIS."),
    "text-encoding": _("This text is neither in UTF-8 nor in Shift_JIS. Save it in UTF-8."),
    "text-of-machines": _("This is a web page or a program, not plain text. Send it as a PDF."),
    "csv-broken": _("A quotation mark in this CSV is never closed. Save it again."),
}
WARNINGS: Final = {
    "external-links": _("This document loads something from elsewhere when it is opened."),
}


def refusal(error: Unacceptable) -> str:
    return str(REFUSALS[error.code]) % error.values


def warning(code: str) -> str:
    return str(WARNINGS[code])
