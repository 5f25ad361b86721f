"""Addresses and files of the pages of certifications."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.evidence import making

LIST = "certifications"
ADD = "certifications/add?of="


def of(row, action=""):
    return f"{LIST}/{row.public_id}{action}"


def a_file(name="登録証.pdf", content=None):
    return SimpleUploadedFile(name, making.pdf() if content is None else content)
