"""One way to write a value as bytes, so that the same content always has the same digest."""

import json
from hashlib import sha256
from typing import Final

ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def text(plain: object) -> str:
    """Plain JSON content as text: sorted keys, no spaces."""
    return ENCODER.encode(plain)


def digest(plain: object) -> str:
    """SHA-256, as hex, of plain JSON content in UTF-8."""
    return hashed(text(plain))


def hashed(written: str) -> str:
    return sha256(written.encode()).hexdigest()
