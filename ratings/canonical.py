"""One way to write a value as bytes, so that the same content always has the same digest."""

import json
from hashlib import sha256


def digest(plain: object) -> str:
    """SHA-256, as hex, of plain JSON content: sorted keys, no spaces, UTF-8."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
