"""CSV and TXT: text in UTF-8 (with or without BOM) or CP932, and nothing that is no text."""

import csv
import io
import re
from typing import BinaryIO, Final

from suppliers.evidence import sniffing
from suppliers.evidence.kinds import Unacceptable

ENCODINGS: Final = ("utf-8-sig", "cp932")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")  # \x1a ends old files


def inspect(file: BinaryIO, kind: str) -> list[str]:
    """Refuses what cannot be read as text; CSV must end outside its quotation marks."""
    file.seek(0)
    text = _decoded(file.read())
    if NO_TEXT.search(text):
        raise Unacceptable("no-text")
    sniffing.text(text)
    if kind == "csv":
        _read_rows(text)
    return []


def _decoded(content: bytes) -> str:
    if content.startswith(UTF_16):
        raise Unacceptable("text-wide")
    if b"\0" in content:
        raise Unacceptable("no-text")
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unacceptable("text-encoding")


def _read_rows(text: str) -> None:
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), strict=True):
            pass
    except csv.Error as error:
        raise Unacceptable("csv-broken") from error
