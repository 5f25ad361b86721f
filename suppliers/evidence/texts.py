"""CSV and TXT: text in UTF-8 (with or without BOM) or CP932, and nothing that is no text."""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from suppliers.evidence import sniffing
from suppliers.evidence.kinds import Unacceptable

ENCODINGS: Final = ("utf-8-sig", "cp932")
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")  # \x1a ends old files


def inspect(file: BinaryIO, kind: str) -> list[str]:
    """Refuses what cannot be read as text; CSV must end outside its quotation marks."""
    text = read(file)
    if kind == "csv":
        for _row in rows(text):
            pass
    return []


def read(file: BinaryIO) -> str:
    """The whole text; refuses what is none, or is meant for a machine."""
    file.seek(0)
    text = _decoded(file.read())
    if NO_TEXT.search(text):
        raise Unacceptable("no-text")
    sniffing.text(text)
    return text


def rows(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """The rows of a CSV, blank ones included; a cell may hold quoted ends of lines."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise Unacceptable("csv-broken") from error


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
