"""A form with a file, as clients write it byte by byte."""

from urllib.parse import quote

BOUNDARY = "a-boundary-of-these-tests"


def address(supplier):
    return f"/api/v1/suppliers/{supplier.public_id}/evidence/"


def send(api, supplier, content, name="evidence.pdf", **headers):
    return send_form(api, address(supplier), part(content, name), **headers)


def send_form(api, path, *parts, **headers):
    return api.generic(
        "POST",
        path,
        form(*parts),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        headers=headers,
    )


def form(*parts, boundary=BOUNDARY):
    line = f"--{boundary}\r\n".encode()
    return b"".join(line + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def part(content, name="evidence.pdf", field="file"):
    told = f'form-data; name="{field}"; {_named(name)}'
    return f"Content-Disposition: {told}\r\n\r\n".encode() + content


def field(name, value):
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def _named(name):
    if name.isprintable() and not set(name) & set('"\\;'):
        return f'filename="{name}"'
    return f"filename*=UTF-8''{quote(name, safe='')}"
