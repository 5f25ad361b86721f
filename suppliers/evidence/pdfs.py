"""PDF: it must parse to its last object, be open to everybody, and do nothing by itself."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from suppliers.evidence.kinds import Unacceptable

MOST_OBJECTS: Final = 50_000
DEEPEST: Final = 200
TAIL: Final = 2048  # bytes in which the end must stand
SIZE: Final = re.compile(rb"/Size[ \r\n\t]{1,9}(\d{1,12})")  # of the table of objects
KEYS: Final = {
    "/JS": "pdf-script",
    "/JavaScript": "pdf-script",
    "/EmbeddedFiles": "pdf-attachments",
    "/EF": "pdf-attachments",
    "/RichMediaContent": "pdf-attachments",
}
ACTIONS: Final = {  # values of /S, /Type and /Subtype
    "/JavaScript": "pdf-script",
    "/Launch": "pdf-launch",
    "/ImportData": "pdf-launch",
    "/EmbeddedFile": "pdf-attachments",
    "/FileAttachment": "pdf-attachments",
    "/RichMedia": "pdf-attachments",
}


def inspect(file: BinaryIO, _kind: str) -> list[str]:
    """Refuses what is locked, acts by itself or carries files."""
    _refuse_raw(file)
    file.seek(0)
    reader = PdfReader(file, strict=False)
    if reader.is_encrypted:
        raise Unacceptable("pdf-locked")
    if _count(reader) > MOST_OBJECTS:
        raise Unacceptable("pdf-too-many")
    if not len(reader.pages):
        raise Unacceptable("pdf-without-pages")
    _refuse_acting(reader.trailer)
    for reference in _references(reader):
        _refuse_acting(reader.get_object(reference))
    return []


def _refuse_raw(file: BinaryIO) -> None:
    """What can be told without parsing, which costs much for a hostile file."""
    file.seek(0)
    content = file.read()
    if b"%%EOF" not in content[-TAIL:]:
        raise Unacceptable("cut-off")
    told = max((int(size) for size in SIZE.findall(content)), default=0)
    if max(told, content.count(b" obj")) > MOST_OBJECTS:
        raise Unacceptable("pdf-too-many")


def _count(reader: PdfReader) -> int:
    return sum(len(each) for each in reader.xref.values()) + len(reader.xref_objStm)


def _references(reader: PdfReader) -> Iterator[IndirectObject]:
    for generation, places in reader.xref.items():
        for number in places:
            yield IndirectObject(number, generation, reader)
    for number in reader.xref_objStm:
        yield IndirectObject(number, 0, reader)


def _refuse_acting(found: Any) -> None:
    """Look at an object and what stands in it; what it points to is looked at on its own."""
    waiting: list[tuple[Any, int]] = [(found, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > DEEPEST:
            raise Unacceptable("too-heavy")
        if isinstance(each, DictionaryObject):
            _refuse_dictionary(each)
            waiting += [(value, depth + 1) for value in each.values()]
        elif isinstance(each, ArrayObject):
            waiting += [(value, depth + 1) for value in each]


def _refuse_dictionary(found: DictionaryObject) -> None:
    for key in found:
        if str(key) in KEYS:
            raise Unacceptable(KEYS[str(key)])
    for key in ("/S", "/Type", "/Subtype"):
        value = found.raw_get(key) if key in found else None
        if isinstance(value, str) and value in ACTIONS:
            raise Unacceptable(ACTIONS[value])
