"""Real documents, and hostile ones, made when they are needed."""

import io
import random
import struct
import zipfile
import zlib

import xlsxwriter
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def picture(form="PNG", size=(40, 30), **options):
    chance = random.Random(7)
    image = Image.frombytes("RGB", size, chance.randbytes(size[0] * size[1] * 3))
    return saved(image, form, **options)


def saved(image, form, **options):
    to = io.BytesIO()
    image.save(to, form, **options)
    return to.getvalue()


def photo():
    """A JPEG that tells where and with what it was taken, and lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (35.0, 40.0, 52.0)
    return picture("JPEG", (40, 30), exif=exif, comment=b"hidden words")


def declared_png(width, height):
    """A PNG of nearly nothing that declares any size."""
    rows = zlib.compress(b"\0" * 1000)
    head = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def chunk(name, data):
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def flat_png(width, height):
    """A whole picture of one colour: small when packed, large when decoded."""
    return saved(Image.new("RGB", (width, height), "white"), "PNG")


def pdf(pages=1, change=None, **options):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if change:
        change(writer)
    if options:
        writer.encrypt(**options)
    to = io.BytesIO()
    writer.write(to)
    return to.getvalue()


def with_script(writer):
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    named = DictionaryObject({NameObject("/JavaScript"): made(script)})
    writer.root_object[NameObject("/Names")] = writer._add_object(named)


def with_attachment(writer):
    writer.add_attachment("inside.txt", b"hello")


def with_launch(writer):
    _act(writer, {"/S": NameObject("/Launch"), "/F": TextStringObject("calc.exe")})


def with_opening_script(writer):
    _act(writer, {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")})


def with_media(writer):
    writer.pages[0][NameObject("/Annots")] = writer._add_object(
        DictionaryObject({NameObject("/Subtype"): NameObject("/RichMedia")})
    )


def with_opening_script_in_a_page(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
    more = DictionaryObject({NameObject("/O"): action})
    writer.pages[0][NameObject("/AA")] = more


def _act(writer, action):
    writer.root_object[NameObject("/OpenAction")] = made(action)


def made(values):
    return DictionaryObject({NameObject(name): value for name, value in values.items()})


def raw_pdf(objects, extra=b"", trailer=b""):
    """A PDF whose objects are given as they are written, with a true table of places."""
    text, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    text += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    text += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        trailer,
        start,
    )
    return bytes(text) + extra


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>"


def many_objects(count):
    return raw_pdf([CATALOGUE, PAGES, PAGE] + [b"null"] * count)


def packed_objects(count):
    """A table in a packed stream, so that the number of objects cannot be read off the file."""
    return _streamed(b"\1\0\12\0" * count, count)


def inflating_stream(size):
    """A table that grows to `size` when it is read, as it must be."""
    return _streamed(b"\0" * size, 9)


def _streamed(table, count):
    packed = zlib.compress(table, 9)
    head = b"<</Type/XRef/Size %d/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>"
    text = b"%PDF-1.7\n1 0 obj\n" + CATALOGUE + b"\nendobj\n"
    start = len(text)
    text += b"9 0 obj\n" + head % (count, len(packed))
    text += b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    return text + b"startxref\n%d\n%%%%EOF\n" % start


def workbook(rows=3, **options):
    to = io.BytesIO()
    with xlsxwriter.Workbook(to, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("一覧")
        for row in range(rows):
            sheet.write_row(row, 0, [f"項目{row}", row, "=1+1"])
    return to.getvalue()


def linked_workbook():
    return changed(
        workbook(),
        {
            "xl/externalLinks/_rels/externalLink1.xml.rels": relations(
                ("externalLinkPath", "file:///c:/other.xlsx")
            )
        },
    )


def document(text="証明書", more=None, types="", main=WORD_MAIN):
    """The smallest DOCX; `more` adds parts or takes the place of one."""
    parts = {
        "[Content_Types].xml": (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>'
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml"), mode=""),
        "word/document.xml": (
            f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
            "</w:body></w:document>"
        ),
    }
    return zipped({**parts, **(more or {})})


def relations(*targets, mode=' TargetMode="External"'):
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{RELS}">{rows}</Relationships>'


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", compression) as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            archive.writestr(name, content)
    return to.getvalue()


def changed(package, more):
    """The same package with parts added."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **more})


def rewritten(package, name, old, new):
    """The same package with a text in one part replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        text = archive.read(name).decode()
    assert old in text
    return changed(package, {name: text.replace(old, new, 1)})


def link():
    entry = zipfile.ZipInfo("word/media/link.xml")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return entry


def lying(package, name, size):
    """The same package, whose directory and header declare another size for one part."""
    found = bytearray(package)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entry = archive.getinfo(name)
        place = found.index(b"PK\x01\x02", archive.start_dir)
        while name.encode() != bytes(found[place + 46 : place + 46 + len(name)]):
            place = found.index(b"PK\x01\x02", place + 4)
    struct.pack_into("<L", found, place + 24, size)
    struct.pack_into("<L", found, entry.header_offset + 22, size)
    return bytes(found)


def overwritten(package, name, where, value):
    """One byte of a part's packed content replaced."""
    found = bytearray(package)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entry = archive.getinfo(name)
    found[entry.header_offset + 30 + len(name) + where] ^= value
    return bytes(found)


def locked_zip(package):
    """Every part is flagged as encrypted."""
    found = bytearray(package)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = found.find(sign)
        while place >= 0:
            found[place + flags] |= 1
            place = found.find(sign, place + 4)
    return bytes(found)


def container(*streams):
    """An OLE container as old office programs, and locked documents, are."""
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in streams)
    return OLE + b"\0" * 504 + names.ljust(4096, b"\0")
