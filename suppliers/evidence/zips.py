"""A zip within bounds: every entry is counted, measured and really inflated, never trusted."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final

from suppliers.evidence.kinds import Unacceptable

MOST_ENTRIES: Final = 2000
MOST_INFLATED: Final = 100 * 1024 * 1024  # bytes of all entries together
MOST_RATIO: Final = 100  # inflated to packed, of an entry that is large enough to matter
MATTERS: Final = 1024 * 1024  # bytes
CHUNK: Final = 64 * 1024
END: Final = struct.Struct("<4s4H2LH")  # the end of the central directory
LOCAL: Final = struct.Struct("<26xHH")  # of a local header: the lengths of name and extra
LONGEST_HEADER: Final = 600  # bytes of the central directory that an entry may take on average
LOCKED: Final = 0x1


def entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The entries, once their names, number and declared sizes are known to be harmless."""
    _refuse_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unacceptable("zip-damaged") from error
    if not found or min(each.header_offset for each in found) != 0:
        raise Unacceptable("two-kinds")
    names = [each.filename.lower() for each in found]
    if len(set(names)) < len(names):
        raise Unacceptable("zip-doubled")
    for each in found:
        _refuse_entry(each)
    if sum(each.file_size for each in found) > MOST_INFLATED:
        raise Unacceptable("zip-bomb")
    return found


def inflate(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's content in pieces; refuses it when it is not what its header declares."""
    size, crc = 0, 0
    for piece in _pieces(file, entry):
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        if size > entry.file_size:
            raise Unacceptable("zip-lies")
        yield piece
    if size != entry.file_size:
        raise Unacceptable("zip-lies")
    if crc != entry.CRC:
        raise Unacceptable("zip-damaged")


def _refuse_directory(file: BinaryIO) -> None:
    """Before anything is made of it: the directory must be short and stand at the very end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END.size))
    tail = file.read()
    if not tail.startswith(b"PK\x05\x06"):
        raise Unacceptable("two-kinds" if zipfile.is_zipfile(file) else "cut-off")
    _sign, disk, _disk, _here, count, length, _start, comment = END.unpack(tail)
    if count > MOST_ENTRIES or length > MOST_ENTRIES * LONGEST_HEADER:
        raise Unacceptable("zip-too-many")
    if disk or comment:
        raise Unacceptable("zip-damaged")


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise Unacceptable("zip-path")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unacceptable("zip-link")
    if entry.flag_bits & LOCKED:
        raise Unacceptable("locked-office")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unacceptable("zip-damaged")
    packed = max(1, entry.compress_size)
    if entry.file_size > MATTERS and entry.file_size / packed > MOST_RATIO:
        raise Unacceptable("zip-bomb")


def _pieces(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset)
    header = file.read(LOCAL.size)
    if not header.startswith(b"PK\x03\x04") or len(header) < LOCAL.size:
        raise Unacceptable("zip-damaged")
    name, extra = LOCAL.unpack(header)
    file.seek(name + extra, 1)
    packed = _packed(file, entry.compress_size)
    return packed if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed)


def _packed(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise Unacceptable("cut-off")
        left -= len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in packed:
            waiting = chunk
            while waiting:
                yield inflater.decompress(waiting, CHUNK)
                waiting = inflater.unconsumed_tail
        while piece := inflater.decompress(b"", CHUNK):
            yield piece
    except zlib.error as error:
        raise Unacceptable("zip-damaged") from error
    if not inflater.eof or inflater.unused_data:
        raise Unacceptable("zip-lies")
