"""A form with files, read as strictly as JSON: whole, each part once, and nothing beside it.

What arrives is written to files without names: whoever is cut off, and whatever is killed, leaves
nothing behind.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from itertools import chain
from typing import IO, Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParser as DjangoParser
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.request import Request

from contractors.api.problems import Malformed, StorageUnavailable

FORM: Final = "multipart/form-data"
CLOSING: Final = 512  # bytes at the end of a body that hold its last boundary


class Nameless(FileUploadHandler):
    """Writes an upload to a file that is in no directory, however large or small it is."""

    file: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.file is not None
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        assert self.file is not None
        self.file.seek(0)
        file, self.file = self.file, None
        return UploadedFile(file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        self.close()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class FormParser(BaseParser):
    """`multipart/form-data`; the fields' text and the files, each name once."""

    media_type = FORM

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        request = (parser_context or {})["request"]
        meta = request.META | {"CONTENT_TYPE": media_type}
        handler, body = Nameless(request), Counted(stream)
        try:
            data, files = DjangoParser(meta, body, [handler]).parse()  # type: ignore[arg-type]
        except (MultiPartParserError, UnreadablePostError) as error:
            raise Malformed(_("The form with the file cannot be read. Send it again.")) from error
        except OSError as error:
            raise StorageUnavailable from error
        finally:
            handler.close()
        _refuse_partial(body, length(request), data, files)
        return DataAndFiles(data, files)


class Counted:
    """A body as it is read: how much came, and how it ended."""

    def __init__(self, stream: IO[Any]) -> None:
        self.stream = stream
        self.bytes = 0
        self.end = b""

    def read(self, size: int = -1) -> bytes:
        chunk: bytes = self.stream.read(size)
        self.bytes += len(chunk)
        self.end = (self.end + chunk)[-CLOSING:]
        return chunk


def length(request: Request) -> int:
    """Bytes of the body as its header says; 0 where it says nothing."""
    told = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(told) if told.isascii() and told.isdigit() else 0


def is_form(request: Request) -> bool:
    return request.content_type.partition(";")[0].strip().lower() == FORM


def digest(request: Request) -> bytes:
    """Of the form's parts, not of its bytes: the boundary is another one every time."""
    found = hashlib.sha256()
    for name, values in chain(request.POST.lists(), request.FILES.lists()):
        for value in values:
            found.update(_identity(name, value))
    return found.digest()


def _identity(name: str, value: Any) -> bytes:
    if not isinstance(value, UploadedFile):
        return repr((name, value)).encode("utf-8", "surrogatepass")
    value.seek(0)
    content = hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]
    value.seek(0)
    return repr((name, value.name, content)).encode("utf-8", "surrogatepass")


def _refuse_partial(body: Counted, expected: int, data: Any, files: Any) -> None:
    """Django's parser takes a body that was cut off for a whole one."""
    names = [name for name, values in chain(data.lists(), files.lists()) for _value in values]
    whole = body.bytes == expected and body.end.rstrip(b"\r\n").endswith(b"--")
    doubled = len(set(names)) < len(names)
    if whole and not doubled:
        return
    for file in chain.from_iterable(values for _name, values in files.lists()):
        file.close()
    if doubled:
        raise Malformed(_("A name stands twice in the form. Send each part once."))
    raise Malformed(_("The upload was cut off before its end. Send the file again."))
