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
# お客様相談室長 is whole: only at its end a title has an honorific.
POSTS: Final = re.compile(rf"\s*(?:様|御中|さん|さま|サマ|殿|氏)$|{NOTE}")
# 株式会社王様 is whole too: there 様 is part of a word.
FIRMS: Final = re.compile(r"\s*(?:御中.*|(?<![王神客])様(?:$|\s*[((].*))")
UNITS: Final = re.compile(rf"{FIRMS.pattern}|{NOTE}")
# 阿部 and 小室 are people: only what also names a kind of work is a department.
WORK: Final = (
    "総務|経理|営業|購買|情報|システム|管理|業務|製造|技術|品質|資材|人事|企画|開発|工務|生産|調達"
    "|法務|財務|事務|監査|相談|サービス|サポート|セキュリティ|設計|研究|物流|広報|推進|お客様|第"
)
UNIT: Final = re.compile(rf"(?:{WORK}).*(?:部|課|室|係|グループ|センター|担当)$")
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
    firm, unit = _bare(company, FIRMS), _unit(name)
    person = "" if unit else _bare(name, PERSONS)
    if language == "en":
        return _english(firm, person)
    place = _within(_bare(department, FIRMS), unit)
    return _japanese(firm, place, _bare(title, POSTS), person)


def _unit(name: str) -> str:
    """The department that somebody typed where a person's name belongs, or nothing."""
    unit = _bare(name, UNITS)
    return unit if all(UNIT.search(word) for word in unit.split()) else ""


def _within(department: str, unit: str) -> str:
    if department.endswith(unit):
        return department
    return f"{department} {unit}".strip()


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
