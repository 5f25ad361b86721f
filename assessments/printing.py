"""The frozen result of talks as a PDF to print: the same bytes for the same result.

Texts are given to Typst as data, so nothing that people wrote is read as markup.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
import typst

from assessments.timetable import TOKYO

LAYOUT: Final = Path(__file__).parent / "templates" / "assessments" / "agreement.typ"
FONTS: Final = [
    Path(package.__file__ or "").parent
    for package in (noto_cjk_sans_jp_regular, noto_cjk_sans_jp_bold)
]
SIDES: Final = {"contractor": "発注元", "supplier": "取引先"}
BEARERS: Final = {
    "contractor": "発注元が負担",
    "supplier": "取引先が負担",
    "shared": "双方で分担(発注元 {share}%、取引先 {rest}%)",
    "in_price": "価格に反映",
}
TOPICS: Final = {
    "necessity": "必要性",
    "cost": "費用",
    "time": "時期",
    "contract": "契約",
    "people": "人手",
    "alternative": "代わりの対策",
}
NOTE: Final = (
    "この書面は、合意した時点で凍結された記録から作られています。"
    "下の文字列は記録の SHA-256 です。記録は合意の後に変わりません。"
)


def agreement(result: Mapping[str, Any], digest: str) -> bytes:
    """A PDF in Japanese of what both sides agreed on. `result` is as consulting.agree froze it."""
    told = {
        "title": "協議の合意記録",
        "rows": list(_rows(result)),
        "note": NOTE,
        "digest": f"SHA-256 {digest}",
    }
    printed = typst.compile(
        LAYOUT,
        root=LAYOUT.parent,
        font_paths=FONTS,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        timestamp=datetime.fromisoformat(result["agreed_at"]).replace(microsecond=0),
    )
    assert isinstance(printed, bytes)
    return printed


def _rows(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Heads and what stands below them; what was left open is left out."""
    yield "依頼番号", result["number"]
    yield "発注元", result["contractor"]
    yield "取引先", result["supplier"]
    if result["topics"]:
        yield "協議した事項", "、".join(TOPICS[each] for each in result["topics"])
    yield "実施する対策", result["measure"]
    if result["cost_estimate_yen"] is not None:
        yield "費用の見積もり", f"{result['cost_estimate_yen']:,}円"
    share = result["share_percent"] or 0
    yield "費用の負担", BEARERS[result["bearer"]].format(share=share, rest=100 - share)
    if result["from_on"]:
        yield "開始日", _day(date.fromisoformat(result["from_on"]))
    if result["price_reflection"]:
        yield "価格への反映", result["price_reflection"]
    yield "提案", _who(result, "proposed")
    yield "合意", _who(result, "agreed")


def _who(result: Mapping[str, Any], act: str) -> str:
    """The side, when, and the id of who did it: the record holds no name of a person."""
    there = datetime.fromisoformat(result[f"{act}_at"]).astimezone(TOKYO)
    who = result[f"{act}_by_whom"]
    side = SIDES[result[f"{act}_by"]]
    return f"{side} {_day(there.date())} {there:%H:%M}(日本時間)\n{who['type']} {who['id']}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
