"""The name of a file as people may see it. It never becomes a path. No Django here."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

LONGEST: Final = 200  # characters
JOINERS: Final = "\u200c\u200d"  # emoji and some scripts need them
# Names that Windows takes for devices, whatever their extension.
DEVICE: Final = re.compile(r"(?i)(con|prn|aux|nul|clock\$|(com|lpt)[0-9¹²³])(\.|$)")
PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]")


def shown(name: str) -> str:
    """NFC, one line, no path, nothing that turns text around, at most 200 characters."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(letter for letter in text if _is_visible(letter))
    text = re.split(r"[/\\]", text)[-1]
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot or not stem.strip(" ."):
        return _safe((stem + dot + extension)[-LONGEST:].strip(" .") or "file")
    kept = LONGEST - len(dot + extension)
    if kept < 1:  # no extension of ours is that long
        return _safe(text[:LONGEST])
    return _safe(stem[:kept].strip(" .") + dot + extension)


def extension(name: str) -> str:
    """What follows the last dot, in lower case; empty where there is none."""
    _stem, dot, last = name.rpartition(".")
    return last.lower() if dot else ""


def disposition(name: str) -> str:
    """Content-Disposition as RFC 6266 says: a name in ASCII for all, the real one for the rest."""
    plain = PLAIN.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_visible(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category == "Cf":
        return letter in JOINERS
    return category not in {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}


def _safe(name: str) -> str:
    return f"_{name}"[:LONGEST] if DEVICE.match(name) else name
