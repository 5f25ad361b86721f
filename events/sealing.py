"""Secrets that must be read again are kept encrypted (Fernet: AES-128-CBC with HMAC-SHA-256)."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(clear: str) -> bytes:
    """Encrypt with the first of ENCRYPTION_KEYS."""
    return _box().encrypt(clear.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """Decrypt with whichever of ENCRYPTION_KEYS made it."""
    return _box().decrypt(bytes(sealed)).decode()


def _box() -> MultiFernet:
    digests = (hashlib.sha256(key.encode()).digest() for key in settings.ENCRYPTION_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
