"""Whom a letter greets. Never two honorifics: no 御中 with 様, no 部長様, no 様様."""

import re
from typing import Final

from assessments.wording import plain

TITLES: Final = (
    "社長|副社長|会長|副会長|専務|常務|取締役|監査役|執行役員|代表|本部長|事業部長|部長|次長|課長|係長"
    "|室長|所長|支店長|支社長|店長|工場長|センター長|班長|主任|主査|主幹|参事|顧問|理事長|理事|院長|園長"
    "|校長|学長|教授|先生|マネージャー|マネジャー|リーダー"
)
HONORED: Final = re.compile(rf"(?:{TITLES})$")
PERSONS: Final = re.compile(r"\s*(?:様|さま|サマ|さん|殿|氏|御中)$")
FIRMS: Final = re.compile(r"\s*(?:様|御中)$")
NOBODY: Final = frozenset(
    {
        "担当",
        "担当者",
        "ご担当",
        "ご担当者",
        "御担当",
        "御担当者",
        "不明",
        "未定",
        "なし",
        "-",
        "ー",
    }
)


def salutation(company: str, department: str, title: str, name: str, language: str) -> str:
    """The lines above a letter. Any part may be empty."""
    if language == "en":
        return _english(plain(company), plain(name))
    place = (_bare(company, FIRMS), _bare(department, FIRMS))
    return _japanese(*place, _bare(title, PERSONS), _bare(name, PERSONS))


def _japanese(company: str, department: str, title: str, name: str) -> str:
    if name in NOBODY or name == title or HONORED.fullmatch(name):
        name, title = "", title or name  # A title alone is no name: somebody unknown.
    place = [line for line in (company, department) if line]
    if not place or name or title or department:
        return "\n".join([*place, _person(title, name)])
    return f"{company} 御中"


def _person(title: str, name: str) -> str:
    if not name:
        return "ご担当者様"
    if HONORED.search(name):
        return name  # 山田部長: the title is the honorific.
    return f"{title} {name}様" if title else f"{name}様"


def _english(company: str, name: str) -> str:
    if name and name not in NOBODY:
        return f"Dear {name},"
    return f"Dear colleagues at {company}," if company else "Dear colleagues,"


def _bare(text: str, honorific: re.Pattern[str]) -> str:
    """Without the honorifics that people type into address books, however many."""
    kept = plain(text)
    while (less := honorific.sub("", kept)) != kept:
        kept = less
    return kept
