"""What others may send: at least eighty files and names, each with the code of its sentence."""

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image

from tests.evidence import making


class Case(NamedTuple):
    title: str
    name: str
    code: str
    content: Callable[[], bytes]


MEGABYTE = 1024 * 1024
SHEET = "xl/worksheets/sheet1.xml"
BODY = "word/document.xml"
DTD = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
LAUGHS = (
    "<!DOCTYPE a ["
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    + "]><a>&l9;</a>"
)
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
MACRO_TYPE = (
    '<Override PartName="/word/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
)


def half(content):
    return content[: len(content) // 2]


def doc(**more):
    return making.document(more={name.replace("__", "/"): text for name, text in more.items()})


def with_part(name, content):
    return making.document(more={name: content})


def many_parts(count):
    return making.document(more={f"word/part{number}.xml": "<a/>" for number in range(count)})


def doubled():
    package = zipfile.ZipFile(io.BytesIO(making.document()))
    parts = [(name, package.read(name)) for name in package.namelist()]
    return making.zipped([*parts, ("WORD/document.xml", "<a/>")])


def bmp():
    return making.picture("BMP")


CASES = [
    # Nothing, too much, and what is never taken
    Case("0 bytes", "a.pdf", "empty", lambda: b""),
    Case("0 bytes, called a text", "a.txt", "empty", lambda: b""),
    Case("one byte over 20 MB", "a.txt", "too-large", lambda: b"a" * (20 * MEGABYTE + 1)),
    Case("no extension", "evidence", "kind-unknown", lambda: making.pdf()),
    Case("a dot and nothing more", "evidence.", "kind-unknown", lambda: making.pdf()),
    Case("a program", "setup.exe", "kind-unknown", lambda: b"MZ" + b"\0" * 99),
    Case("a program behind a document's name", "a.pdf.exe", "kind-unknown", lambda: b"MZ"),
    Case("an SVG", "a.svg", "kind-unknown", lambda: b"<svg onload='alert(1)'/>"),
    Case("a web page", "a.html", "kind-unknown", lambda: b"<html></html>"),
    Case("a shortcut", "a.lnk", "kind-unknown", lambda: b"L\0\0\0"),
    Case("a zip", "a.zip", "kind-unknown", lambda: making.zipped({"a": "b"})),
    Case("a GIF", "a.gif", "kind-unknown", lambda: making.picture("GIF")),
    Case("a presentation", "a.pptx", "kind-unknown", lambda: making.document()),
    Case("an old document", "a.doc", "outdated-format", lambda: making.container("WordDocument")),
    Case("an old workbook", "a.xls", "outdated-format", lambda: making.container("Workbook")),
    Case("a workbook with macros by name", "a.xlsm", "macros", lambda: making.workbook()),
    Case("a document with macros by name", "a.docm", "macros", lambda: making.document()),
    Case("a name turned around", "cod\u202efdp.exe", "kind-unknown", lambda: making.pdf()),
    Case("NUL in the name", "a.pdf\0.exe", "kind-unknown", lambda: making.pdf()),
    Case("a data stream's name", "a.txt:b.exe", "kind-unknown", lambda: b"text"),
    Case("full-width extension", "a.\uff50\uff44\uff46", "kind-unknown", lambda: making.pdf()),
    # The wrong kind
    Case("a program called a PDF", "a.pdf", "kind-mismatch", lambda: b"MZ" + b"\0" * 999),
    Case("a PNG called a PDF", "a.pdf", "kind-mismatch", lambda: making.picture()),
    Case("a PDF called a PNG", "a.png", "kind-mismatch", lambda: making.pdf()),
    Case("a JPEG called a PNG", "a.png", "kind-mismatch", lambda: making.picture("JPEG")),
    Case("a PNG called a JPEG", "a.jpg", "kind-mismatch", lambda: making.picture()),
    Case("a GIF called a PNG", "a.png", "kind-mismatch", lambda: making.picture("GIF")),
    Case("a BMP called a JPEG", "a.jpeg", "kind-mismatch", bmp),
    Case("a workbook called a document", "a.docx", "kind-mismatch", lambda: making.workbook()),
    Case("a document called a workbook", "a.xlsx", "kind-mismatch", lambda: making.document()),
    Case("a PDF called a workbook", "a.xlsx", "kind-mismatch", lambda: making.pdf()),
    Case("text called a workbook", "a.xlsx", "kind-mismatch", lambda: b"a,b\n" * 99),
    Case("a PDF called a text", "a.txt", "kind-mismatch", lambda: making.pdf()),
    Case("a zip called a CSV", "a.csv", "kind-mismatch", lambda: making.zipped({"a": "b"})),
    Case("RTF called a text", "a.txt", "kind-mismatch", lambda: b"{\\rtf1 hello}"),
    Case("random bytes called a PDF", "a.pdf", "kind-mismatch", lambda: bytes(range(256)) * 9),
    # Two kinds at once
    Case("a web page before a PDF", "a.pdf", "two-kinds", lambda: b"<html>" + making.pdf()),
    Case("a web page in the head of a PDF", "a.pdf", "two-kinds",
         lambda: making.pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1)),
    Case("a zip before a PDF", "a.pdf", "two-kinds",
         lambda: making.zipped({"a": "b"}) + making.pdf()),
    Case("a zip behind a PDF", "a.pdf", "two-kinds",
         lambda: making.pdf() + making.zipped({"a": "b"})),
    Case("a zip behind a PNG", "a.png", "two-kinds",
         lambda: making.picture() + making.zipped({"a": "b"})),
    Case("a zip behind a JPEG", "a.jpg", "two-kinds",
         lambda: making.picture("JPEG") + making.zipped({"a": "b"})),
    Case("a script behind a PNG", "a.png", "two-kinds",
         lambda: making.picture() + b"<?php system('id'); ?>"),
    Case("a picture before a document", "a.docx", "two-kinds",
         lambda: making.picture("GIF") + making.document()),
    Case("a PDF in a document's first part", "a.docx", "two-kinds",
         lambda: making.zipped([("%PDF-1.7", "x"), *[("b", "c")]])),
    Case("something behind a document", "a.docx", "two-kinds",
         lambda: making.document() + b"\n<script>alert(1)</script>"),
    # Cut off or damaged
    Case("half a PDF", "a.pdf", "cut-off", lambda: half(making.pdf(pages=20))),
    Case("half a PNG", "a.png", "cut-off", lambda: half(making.picture(size=(200, 200)))),
    Case("half a JPEG", "a.jpg", "cut-off", lambda: half(making.picture("JPEG", (200, 200)))),
    Case("half a workbook", "a.xlsx", "cut-off", lambda: half(making.workbook())),
    Case("half a document", "a.docx", "cut-off", lambda: half(making.document())),
    Case("the head of a PDF alone", "a.pdf", "cut-off", lambda: b"%PDF-1.7\n"),
    Case("the head of a PNG alone", "a.png", "cut-off", lambda: making.picture()[:40]),
    Case("a PDF of nothing", "a.pdf", "pdf-damaged", lambda: b"%PDF-1.7\n%%EOF\n"),
    Case("a PDF with random inside", "a.pdf", "pdf-damaged",
         lambda: b"%PDF-1.7\n" + bytes(range(128, 256)) * 99 + b"\n%%EOF\n"),
    Case("a PDF without pages", "a.pdf", "pdf-without-pages", lambda: making.pdf(pages=0)),
    Case("a PDF whose pages turn in a circle", "a.pdf", "pdf-damaged",
         lambda: making.raw_pdf([making.CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])),
    Case("a picture with a wrong checksum", "a.png", "image-damaged",
         lambda: making.picture().replace(b"IDAT", b"IDAX")),
    Case("a picture with a hole", "a.jpg", "image-damaged",
         lambda: b"\xff\xd8\xff" + b"\0" * 99 + b"\xff\xd9"),
    Case("a packed byte turned", "a.docx", "zip-damaged",
         lambda: making.overwritten(making.document(), BODY, 40, 0x10)),
    Case("a local header missing", "a.docx", "zip-damaged",
         lambda: making.document().replace(b"PK\x03\x04", b"PK\x03\x05", 4).replace(
             b"PK\x03\x05", b"PK\x03\x04", 1)),
    Case("XML that does not end", "a.docx", "xml-damaged", lambda: with_part(BODY, "<w><a>")),
    Case("relations that are no XML", "a.docx", "xml-damaged",
         lambda: with_part("_rels/.rels", "no xml")),
    Case("no list of types", "a.docx", "office-incomplete",
         lambda: making.zipped({BODY: "<a/>"})),
    Case("the main part missing", "a.docx", "office-incomplete",
         lambda: making.document(types=(
             f'<Override PartName="/word/other.xml" ContentType="{making.WORD_MAIN}"/>'))),
    # Bombs
    Case("50,000 × 50,000 pixels", "a.png", "too-many-pixels",
         lambda: making.declared_png(50_000, 50_000)),
    Case("2^31 pixels wide", "a.png", "too-many-pixels", lambda: making.declared_png(2**31 - 1, 9)),
    Case("a flat picture of 49 million pixels", "a.png", "too-many-pixels",
         lambda: making.saved(Image.new("1", (7000, 7000)), "PNG")),
    Case("a JPEG of 400 million pixels", "a.jpg", "too-many-pixels",
         lambda: making.picture("JPEG").replace(b"\x08\0\x1e\0\x28", b"\x08\x4e\x20\x4e\x20", 1)),
    Case("a large picture on its side", "a.jpg", "too-many-pixels", lambda: on_its_side()),
    Case("a PDF of 440,000 objects", "a.pdf", "pdf-too-many", lambda: making.many_objects(440_000)),
    Case("a PDF of 10^6 packed objects", "a.pdf", "pdf-too-many",
         lambda: making.packed_objects(1_000_000)),
    Case("a PDF that grows to 400 MB", "a.pdf", "pdf-damaged",
         lambda: making.inflating_stream(400 * MEGABYTE)),
    Case("a PDF nested 100,000 deep", "a.pdf", "too-heavy",
         lambda: making.raw_pdf(
             [making.CATALOGUE, making.PAGES, making.PAGE, b"[" * 100_000 + b"]" * 100_000])),
    Case("a part of 90 MB of zeros", "a.docx", "zip-bomb",
         lambda: with_part("word/zero.bin", b"\0" * (90 * MEGABYTE))),
    Case("a workbook's texts of 99 MB", "a.xlsx", "zip-bomb",
         lambda: making.changed(
             making.workbook(), {"xl/more.xml": b"<a>" + b"x" * (99 * MEGABYTE) + b"</a>"})),
    Case("120 MB in many parts", "a.docx", "zip-bomb", lambda: together(120)),
    Case("10 GB declared", "a.docx", "zip-bomb",
         lambda: making.lying(making.document(), BODY, 0xFFFFFFF0)),
    Case("less declared than there is", "a.docx", "zip-lies",
         lambda: making.lying(making.document(text="x" * 5000), BODY, 100)),
    Case("more declared than there is", "a.docx", "zip-lies",
         lambda: making.lying(making.document(), BODY, 5000)),
    Case("2,001 parts", "a.docx", "zip-too-many", lambda: many_parts(2001)),
    Case("60,000 parts", "a.docx", "zip-too-many", lambda: many_parts(60_000)),
    Case("a document within a document", "a.docx", "file-within",
         lambda: with_part("word/embeddings/a.docx", making.document())),
    Case("a program within a document", "a.docx", "file-within",
         lambda: with_part("word/media/a.png", b"MZ" + b"\0" * 99)),
    Case("an old document within a workbook", "a.xlsx", "file-within",
         lambda: making.changed(
             making.workbook(), {"xl/embeddings/oleObject1.bin": making.container("x")})),
    Case("a billion laughs", "a.docx", "xml-entities", lambda: with_part(BODY, LAUGHS)),
    Case("an entity", "a.docx", "xml-entities", lambda: with_part("word/styles.xml", DTD)),
    Case("an entity from a file", "a.xlsx", "xml-entities",
         lambda: making.changed(making.workbook(), {SHEET: OUTSIDE})),
    Case("an entity in UTF-16", "a.docx", "xml-entities",
         lambda: with_part(BODY, OUTSIDE.encode("utf-16"))),
    Case("an entity in the list of types", "a.docx", "xml-entities",
         lambda: with_part("[Content_Types].xml", OUTSIDE)),
    Case("XML in a part that is not called so", "a.docx", "xml-entities",
         lambda: with_part("word/a.dat", "<?xml version='1.0'?>" + DTD)),
    # Tricks of a zip
    Case("a part above", "a.docx", "zip-path", lambda: with_part("../evil.xml", "<a/>")),
    Case("a part at the root", "a.docx", "zip-path", lambda: with_part("/etc/passwd", "x")),
    Case("a part of Windows", "a.docx", "zip-path", lambda: with_part("word\\..\\a.xml", "<a/>")),
    Case("a part on a drive", "a.docx", "zip-path", lambda: with_part("C:/a.xml", "<a/>")),
    Case("a link", "a.docx", "zip-link",
         lambda: making.zipped([*parts_of(making.document()), (making.link(), "/etc/passwd")])),
    Case("two parts of one name", "a.docx", "zip-doubled", doubled),
    Case("an odd way of packing", "a.docx", "zip-damaged",
         lambda: making.zipped(dict(parts_of(making.document())), zipfile.ZIP_LZMA)),
    # What acts or is locked
    Case("macros inside", "a.docx", "macros",
         lambda: making.document(more={"word/vbaProject.bin": b"x"}, types=MACRO_TYPE)),
    Case("macros that nothing announces", "a.xlsx", "macros",
         lambda: making.changed(making.workbook(), {"xl/vbaProject.bin": b"x"})),
    Case("a macro kind under a plain name", "a.docx", "macros",
         lambda: making.document(
             main="application/vnd.ms-word.document.macroEnabled.main+xml")),
    Case("a macro sheet", "a.xlsx", "macros",
         lambda: making.changed(making.workbook(), {"xl/macrosheets/sheet1.xml": "<a/>"})),
    Case("a control that runs", "a.docx", "macros",
         lambda: with_part("word/activeX/activeX1.xml", "<a/>")),
    Case("a locked PDF", "a.pdf", "pdf-locked", lambda: making.pdf(user_password="secret")),
    Case("a PDF locked against printing", "a.pdf", "pdf-locked",
         lambda: making.pdf(user_password="", owner_password="secret")),
    Case("a locked workbook", "a.xlsx", "locked-office",
         lambda: making.container("EncryptionInfo", "EncryptedPackage")),
    Case("a locked zip", "a.docx", "locked-office", lambda: making.locked_zip(making.document())),
    Case("an old workbook under a new name", "a.xlsx", "outdated-format",
         lambda: making.container("Workbook")),
    Case("a script by name", "a.pdf", "pdf-script", lambda: making.pdf(change=making.with_script)),
    Case("a script when it opens", "a.pdf", "pdf-script",
         lambda: making.pdf(change=making.with_opening_script)),
    Case("a script spelled in another way", "a.pdf", "pdf-script",
         lambda: making.pdf(change=making.with_opening_script).replace(
             b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")),
    Case("a script when a page opens", "a.pdf", "pdf-script",
         lambda: making.pdf(change=making.with_opening_script_in_a_page)),
    Case("a PDF that starts a program", "a.pdf", "pdf-launch",
         lambda: making.pdf(change=making.with_launch)),
    Case("a PDF with a file", "a.pdf", "pdf-attachments",
         lambda: making.pdf(change=making.with_attachment)),
    Case("a PDF with a film", "a.pdf", "pdf-attachments",
         lambda: making.pdf(change=making.with_media)),
    # Text that is none
    Case("NUL in a text", "a.txt", "no-text", lambda: b"a\0b"),
    Case("a bell in a text", "a.txt", "no-text", lambda: b"a\x07b"),
    Case("an escape sequence", "a.csv", "no-text", lambda: b"\x1b[31mred\x1b[0m"),
    Case("UTF-16", "a.csv", "text-wide", lambda: "商号,番号".encode("utf-16")),
    Case("Latin-1", "a.txt", "text-encoding", lambda: "café\n".encode("latin-1") * 9),
    Case("a broken UTF-8", "a.txt", "text-encoding", lambda: "あ".encode() + b"\xff\xfd\n"),
    Case("a web page called a text", "a.txt", "text-of-machines",
         lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
    Case("an SVG called a CSV", "a.csv", "text-of-machines",
         lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
    Case("a shell's program called a text", "a.txt", "text-of-machines",
         lambda: b"#!/bin/sh\nrm -rf /\n"),
    Case("a quotation mark that never ends", "a.csv", "csv-broken", lambda: b'a,"b\nc,d\n'),
    Case("a cell of a megabyte", "a.csv", "csv-broken", lambda: b"a," + b"b" * MEGABYTE),
]  # fmt: skip


def parts_of(package):
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def together(megabytes):
    """Each part packs to a fiftieth only, so that none of them alone is too much."""
    line = bytes(range(97, 123))
    part = (line * 2 + bytes(range(33, 53))) * 15_000
    count = megabytes * MEGABYTE // len(part) + 1
    return making.document(more={f"word/part{number}.bin": part for number in range(count)})


def on_its_side():
    exif = Image.Exif()
    exif[0x0112] = 6
    return making.saved(Image.new("L", (5000, 5000)), "JPEG", exif=exif)
