"""The kinds of file that are taken, and how large they may be. No Django here."""

from typing import Final

MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv",
    "txt": "text/plain",
}
OTHER_SPELLINGS: Final = {"jpg": "jpeg", "jpe": "jpeg"}
WITH_MACROS: Final = frozenset({"xlsm", "xltm", "xlam", "docm", "dotm", "pptm", "ppsm", "potm"})
OUTDATED: Final = frozenset({"doc", "xls", "dot", "xlt", "rtf", "ods", "odt", "xlsb"})

MOST_BYTES: Final = 20 * 1024 * 1024  # of one file
MOST_BYTES_SHOWN: Final = 200 * 1024 * 1024  # of what one request is shown
MOST_BYTES_TOGETHER: Final = 2000 * 1024 * 1024  # of one supplier's files
MOST_FILES: Final = 500  # of one supplier
MOST_ROWS: Final = 10_000  # of a table that is imported


class Unacceptable(Exception):
    """A file that is not taken. `code` is stable; its sentence stands in `sentences`."""

    def __init__(self, code: str, **values: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def of_extension(extension: str) -> str:
    """The kind a name promises; refuses what is never taken."""
    kind = OTHER_SPELLINGS.get(extension, extension)
    if kind in MEDIA_TYPES:
        return kind
    if kind in WITH_MACROS:
        raise Unacceptable("macros")
    if kind in OUTDATED:
        raise Unacceptable("outdated-format")
    raise Unacceptable("kind-unknown")
