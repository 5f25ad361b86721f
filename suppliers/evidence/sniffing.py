"""What a file really is, by its content alone; a file that is two things at once is refused."""

import re
import zipfile
from typing import BinaryIO, Final

import pylibmagic  # noqa: F401  # tells magic, which comes after it, where libmagic is

# isort: split
import magic

from suppliers.evidence.kinds import MEDIA_TYPES, Unacceptable

HEAD: Final = 64 * 1024  # bytes that libmagic looks at
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP: Final = re.compile(rb"(?i)<(?:!doctype\s+html|html|head|body|script|svg|iframe)\b")
FOREIGN: Final = (  # beginnings of what none of our kinds begins with
    b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"GIF8", b"BM",
    b"RIFF", b"II*\0", b"MM\0*", b"\xca\xfe\xba\xbe", b"%!PS", b"{\\rtf",
)  # fmt: skip
BEGINS: Final = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}
ZIPPED: Final = ("xlsx", "docx")
# Text that is meant for a machine which acts on it, whatever its name says.
ACTING: Final = {"text/html", "text/xml", "text/rtf", "text/x-php", "text/x-shellscript"}
TEXTUAL: Final = {"application/csv", "application/json", "application/x-ndjson"}


def agree(file: BinaryIO, kind: str) -> None:
    """Refuse content that is not of this kind, or of another kind too."""
    file.seek(0)
    head = file.read(HEAD)
    if kind in {"csv", "txt"}:
        _refuse_foreign(head)
        return  # decoded first, then looked at again by `text`
    if kind in ZIPPED:
        _agree_zipped(file, head)
    else:
        _agree_plain(file, head, kind)
    _agree_with_magic(head, kind)


def text(decoded: str) -> None:
    """Refuse decoded text that is markup or a program."""
    found = _magic(decoded[:HEAD].encode())
    if found in ACTING or not (found.startswith("text/") or found in TEXTUAL):
        raise Unacceptable("text-of-machines")


def _agree_plain(file: BinaryIO, head: bytes, kind: str) -> None:
    begins = BEGINS[kind]
    if not head.startswith(begins):
        raise Unacceptable("two-kinds" if begins in head[:1024] else "kind-mismatch")
    if kind == "pdf" and MARKUP.search(head[:1024]):
        raise Unacceptable("two-kinds")
    if zipfile.is_zipfile(file):
        raise Unacceptable("two-kinds")


def _agree_zipped(file: BinaryIO, head: bytes) -> None:
    if head.startswith(OLE):
        file.seek(0)
        locked = "EncryptedPackage".encode("utf-16-le") in file.read()
        raise Unacceptable("locked-office" if locked else "outdated-format")
    if not head.startswith(b"PK\x03\x04"):
        raise Unacceptable("two-kinds" if zipfile.is_zipfile(file) else "kind-mismatch")
    if b"%PDF-" in head[:1024] or MARKUP.search(head[:1024]):
        raise Unacceptable("two-kinds")


def _agree_with_magic(head: bytes, kind: str) -> None:
    allowed = {MEDIA_TYPES[kind]} | ({"application/zip"} if kind in ZIPPED else set())
    if _magic(head) not in allowed:
        raise Unacceptable("kind-mismatch")


def _refuse_foreign(head: bytes) -> None:
    others = (*BEGINS.values(), b"PK\x03\x04", OLE, *FOREIGN)
    if head.startswith(others):
        raise Unacceptable("kind-mismatch")


def _magic(head: bytes) -> str:
    return str(magic.from_buffer(head, mime=True))
