"""XLSX and DOCX: opened as what they are, a zip of XML, and read whole before they are taken."""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.parsers import expat

import python_calamine
from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from suppliers.evidence import zips
from suppliers.evidence.kinds import Unacceptable
from suppliers.evidence.sniffing import OLE

TYPES: Final = "[Content_Types].xml"
MAIN: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
}
MACROS: Final = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "activex")
WITHIN: Final = (b"PK\x03\x04", OLE, b"MZ", b"Rar!", b"7z\xbc\xaf", b"%PDF-")
LONGEST_LIST: Final = 2 * 1024 * 1024  # bytes of a list of types or relations
HYPERLINK: Final = "/hyperlink"


def inspect(file: BinaryIO, kind: str) -> list[str]:
    """What is worth saying about it: `external-links`. Refuses macros and files within files."""
    entries = zips.entries(file)
    lists = {entry.filename: _read(file, entry) for entry in entries}
    _refuse_macros(entries, lists.get(TYPES, b""), kind)
    linked = any(_links_outside(text) for name, text in lists.items() if name.endswith(".rels"))
    if kind == "xlsx":
        _open_workbook(file)
    return ["external-links"] if linked else []


def _read(file: BinaryIO, entry: zipfile.ZipInfo) -> bytes:
    """Inflate and check the whole entry; what lists types and relations is given back."""
    pieces = zips.inflate(file, entry)
    first = next(pieces, b"")
    if first.startswith(WITHIN):
        raise Unacceptable("file-within")
    if not _is_xml(entry.filename, first):
        for _piece in pieces:
            pass  # inflated to prove its size
        return b""
    kept = first if entry.filename == TYPES or entry.filename.endswith(".rels") else None
    parser = _parser()
    _feed(parser, first)
    for piece in pieces:
        _feed(parser, piece)
        if kept is not None:
            kept += piece
            if len(kept) > LONGEST_LIST:
                raise Unacceptable("too-heavy")
    _feed(parser, b"", last=True)
    return kept or b""


def _is_xml(name: str, first: bytes) -> bool:
    named = name.lower().endswith((".xml", ".rels", ".vml"))
    return named or first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")


def _parser() -> expat.XMLParserType:
    """At the speed of C, and with the guard of defusedxml: no document type, so no entities."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_declaration: object) -> None:
    raise Unacceptable("xml-entities")


def _feed(parser: expat.XMLParserType, piece: bytes, *, last: bool = False) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as error:
        raise Unacceptable("xml-damaged") from error


def _refuse_macros(entries: list[zipfile.ZipInfo], types: bytes, kind: str) -> None:
    names = {entry.filename for entry in entries}
    told = {part.lstrip("/"): what for part, what in _types(types)}
    said = " ".join([*names, *told.values()]).lower()
    if any(word in said for word in MACROS):
        raise Unacceptable("macros")
    parts = {part for part, what in told.items() if what == MAIN[kind]}
    if not parts:
        raise Unacceptable("kind-mismatch")
    if not parts <= names:
        raise Unacceptable("office-incomplete")


def _types(text: bytes) -> Iterator[tuple[str, str]]:
    """Part names (or extensions) with their content types."""
    if not text:
        raise Unacceptable("office-incomplete")
    for each in _tree(text):
        yield each.get("PartName") or f"*.{each.get('Extension')}", each.get("ContentType") or ""


def _links_outside(text: bytes) -> bool:
    """Whether it loads from elsewhere when it is opened; a link to be clicked does not."""
    return any(
        each.get("TargetMode") == "External" and not (each.get("Type") or "").endswith(HYPERLINK)
        for each in (_tree(text) if text else ())
    )


def _tree(text: bytes) -> "SafeTree.Element":
    try:
        return SafeTree.fromstring(text, forbid_dtd=True)
    except (SafeTree.ParseError, DefusedXmlException) as error:
        raise Unacceptable("xml-damaged") from error


def _open_workbook(file: BinaryIO) -> None:
    file.seek(0)
    try:
        names = python_calamine.CalamineWorkbook.from_filelike(file).sheet_names
    except python_calamine.CalamineError as error:
        raise Unacceptable("office-incomplete") from error
    if not names:
        raise Unacceptable("office-incomplete")
