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
NOTE: Final = r"\s*[((][^()()]*[))]?$"  # 山田太郎(総務)
# 鵜殿 and 尊氏 are names: these two are honorifics after a space, or after what is a surname.
SINGLE: Final = "森林原谷辻堀関星岡泉浜畑坂沢島橋平"  # surnames of one character
LONG: Final = "佐々木|長谷川|五十嵐|久保田|大久保|小野寺|佐久間|小笠原|長谷部|宇佐美|東海林"
LORD: Final = rf"\s殿|(?<=\S\S)殿|(?<=\b[{SINGLE}])殿"
MISTER: Final = rf"\s氏|(?<=[ァ-ヶー])氏|(?<=^\S\S)氏|(?<={LONG})氏"
PERSONS: Final = re.compile(
    r"(?<=\S)\s*(?:様|御中).*|(?<=\S)\s*(?:さん|さま|サマ)(?:$|[\s、,・/／&].*)"
    rf"|(?:{LORD}|{MISTER})$|^(?:様|殿|氏|さん|さま|サマ|御中)$|{NOTE}"
)
FIRMS: Final = re.compile(r"\s*(?:御中.*|様(?:$|\s*[((].*))")
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
        return _english(_bare(company, FIRMS), _bare(name, PERSONS))
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
    if name and name not in NOBODY and not HONORED.fullmatch(name):
        return f"Dear {name},"
    return f"Dear colleagues at {company}," if company else "Dear colleagues,"


def _bare(text: str, honorific: re.Pattern[str]) -> str:
    """Without the honorifics that people type into address books, however many, and notes."""
    kept = plain(text)
    while (less := honorific.sub("", kept)) != kept:
        kept = less
    return kept
