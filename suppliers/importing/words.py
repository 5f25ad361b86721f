"""What people write in tables of suppliers: industries, sizes, yes and no, numbers, lists.

Plain values in and out, no Django.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from contractors.marking import mark as _
from suppliers.importing.cells import Read
from suppliers.normalising import Unreadable, narrow

INDUSTRIES: Final = {  # Japan Standard Industrial Classification, major divisions
    "A": ("農業、林業", "農業", "林業", "農林業"),
    "B": ("漁業",),
    "C": ("鉱業、採石業、砂利採取業", "鉱業", "採石業", "砂利採取業"),
    "D": ("建設業",),
    "E": ("製造業",),
    "F": ("電気・ガス・熱供給・水道業", "電気業", "ガス業", "水道業"),
    "G": ("情報通信業", "情報サービス業"),
    "H": ("運輸業、郵便業", "運輸業", "運送業", "郵便業"),
    "I": ("卸売業、小売業", "卸売業", "小売業", "卸売・小売業"),
    "J": ("金融業、保険業", "金融業", "保険業", "金融・保険業"),
    "K": ("不動産業、物品賃貸業", "不動産業", "物品賃貸業"),
    "L": ("学術研究、専門・技術サービス業", "学術研究", "専門サービス業", "技術サービス業"),
    "M": ("宿泊業、飲食サービス業", "宿泊業", "飲食業", "飲食サービス業"),
    "N": ("生活関連サービス業、娯楽業", "生活関連サービス業", "娯楽業"),
    "O": ("教育、学習支援業", "教育", "学習支援業"),
    "P": ("医療、福祉", "医療", "福祉"),
    "Q": ("複合サービス事業",),
    "R": ("サービス業(他に分類されないもの)", "サービス業", "その他サービス業"),
    "S": ("公務(他に分類されるものを除く)", "公務"),
    "T": ("分類不能の産業", "分類不能"),
}
SIZES: Final = {
    "small": ("小規模企業者", "小規模事業者", "小規模"),
    "sme_up_to_100": ("中小企業(100名以下)", "中小企業(100人以下)", "中小(100名以下)"),
    "sme_101_plus": ("中小企業(101名以上)", "中小企業(101人以上)", "中小(101名以上)"),
    "large": ("大企業",),
}
APPLIES: Final = {
    "applies": ("対象", "適用", "あり", "はい", "yes", "○"),
    "does_not": ("対象外", "適用外", "なし", "いいえ", "no", "×"),
    "unknown": ("不明", "わからない", "未確認"),
}
ROLES: Final = {
    "primary": ("主担当", "主担当者", "担当", "窓口"),
    "responsible": ("責任者", "回答責任者"),
    "other": ("その他", "副担当"),
}
LANGUAGES: Final = {"ja": ("日本語", "japanese"), "en": ("英語", "english")}
LETTER_LANGUAGES: Final = LANGUAGES | {"both": ("日英併記", "日英", "日本語と英語", "両方")}
COUNTRIES: Final = {"JP": ("日本", "日本国", "japan")}
TRUE: Final = (
    "はい",
    "あり",
    "有",
    "有り",
    "該当",
    "取り扱う",
    "扱う",
    "yes",
    "true",
    "1",
    "○",
    "◯",
)
FALSE: Final = (
    "いいえ", "なし", "無", "無し", "非該当", "取り扱わない", "扱わない", "no", "false", "0", "×",
)  # fmt: skip
UNKNOWN: Final = ("不明", "わからない", "unknown", "未確認")

SIGNS: Final = re.compile(r"[\s・、,/]")
LETTER: Final = re.compile(r"([A-T])(?:[\s.:、]*)(.*)", re.DOTALL)
APART: Final = re.compile(r"[\s,、,;;|]+")
HEADS: Final = re.compile(r"約?(\d{1,3}(?:,\d{3})+|\d{1,8})(?:名|人|)程?度?")
MOST_EMPLOYEES: Final = 10_000_000
MOST_TAGS, LONGEST_TAG = 50, 50


def squeeze(text: str) -> str:
    """Without what people vary: width, case, spaces, commas and dots between words."""
    return SIGNS.sub("", narrow(text)).lower()


def _one_of(meanings: Mapping[Any, tuple[str, ...]], shown: str) -> Read:
    """One of these words; gives back what it stands for."""
    known = {squeeze(word): value for value, words in meanings.items() for word in words}
    known |= {squeeze(value): value for value in meanings if isinstance(value, str)}

    def read(cell: str) -> Any:
        word = squeeze(cell)
        if word not in known:
            raise Unreadable("invalid-choice", _("Write one of these: %(known)s."), known=shown)
        return known[word]

    return read


def _shown(meanings: Mapping[str, tuple[str, ...]]) -> str:
    return " / ".join(words[0] for words in meanings.values())


size = _one_of(SIZES, _shown(SIZES))
applies = _one_of(APPLIES, _shown(APPLIES))
role = _one_of(ROLES, _shown(ROLES))
language = _one_of(LANGUAGES, _shown(LANGUAGES))
letter_language = _one_of(LETTER_LANGUAGES, _shown(LETTER_LANGUAGES))
yes_no = _one_of({True: TRUE, False: FALSE}, "はい / いいえ")
yes_no_unknown = _one_of({True: TRUE, False: FALSE, None: UNKNOWN}, "はい / いいえ / 不明")
_division = _one_of(INDUSTRIES, "A ... T / 製造業 / 情報通信業 / 建設業 ...")
_country = _one_of(COUNTRIES, "日本 / JP / US ...")


def industry(cell: str) -> str:
    """The letter of a division, written as `E`, `製造業` or `E 製造業`."""
    both = LETTER.fullmatch(narrow(cell).upper())
    named = both[2] if both and both[2] else cell
    letter: str = _division(named)
    if both and letter != both[1]:
        raise Unreadable("invalid-choice", _("The letter and the name are of two industries."))
    return letter


def country(cell: str) -> str:
    """Two letters of ISO 3166-1."""
    text = narrow(cell).upper()
    return text if re.fullmatch("[A-Z]{2}", text) else str(_country(cell))


def employees(cell: str) -> int:
    """A number of people, written as `12`, `12名`, `約1,200人`."""
    found = HEADS.fullmatch(re.sub(r"\s", "", narrow(cell)))
    if not found:
        raise Unreadable("invalid", _("Give the number of people, like 120."))
    number = int(found[1].replace(",", ""))
    if number > MOST_EMPLOYEES:
        raise Unreadable("max-value", _("Give the number of people, like 120."))
    return number


def tags(cell: str) -> list[str]:
    """Words with a space, a comma or 、 between them, each once."""
    found = [tag for tag in dict.fromkeys(APART.split(cell.strip())) if tag]
    if len(found) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in found):
        raise Unreadable("max-length", _("Give at most 50 tags of at most 50 characters."))
    return found
