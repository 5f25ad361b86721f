"""The sentences of advice, Japanese and English: what to do, what it brings, what a star needs.

Plain and without blame. SECURITY ACTION is declared (宣言), certificates are held (取得).
"""

from collections.abc import Collection
from typing import Final

from ratings.policy import Item, Text
from ratings.wording import SCHEMES, VALUES, written

NEEDED: Final = {
    "self_diagnosis": Text("自社診断の回答", "the self-diagnosis"),
    "basic_policy": Text(
        "情報セキュリティ基本方針の策定と公開", "a published security policy of your own"
    ),
}


def answer(item: Item, value: str, gain: int) -> Text:
    name, brings = VALUES[value], written(gain)
    return Text(
        f"No.{item.number}「{item.topic.ja}」が「{name.ja}」になると、{brings}点が加わります。",
        f"Once item {item.number} ({item.topic.en}) is “{name.en}”, {brings} points are added.",
    )


def person(gain: int) -> Text:
    return Text(
        f"情報セキュリティの担当者を決めると、{written(gain)}点が加わります。兼任の方や代表者ご本人でもかまいません。",
        f"Naming somebody for security adds {written(gain)} points. It may be the owner, or"
        " a person with other work.",
    )


def document(scheme: str, gain: int) -> Text:
    name = SCHEMES[scheme]
    return Text(
        f"{name.ja}の書類を送ると、{written(gain)}点が加わります。",
        f"Sending the document of {name.en} adds {written(gain)} points.",
    )


def verify(scheme: str, gain: int, *, covers: bool) -> Text:
    name, brings = SCHEMES[scheme], written(gain)
    if covers:
        return Text(
            f"{name.ja}の書類と適用範囲を発注元が確認すると、{brings}点が加わります。",
            f"Once the contractor has verified {name.en} and that its scope covers this trade,"
            f" {brings} points are added.",
        )
    return Text(
        f"{name.ja}の書類を発注元が確認すると、{brings}点が加わります。",
        f"Once the contractor has verified {name.en}, {brings} points are added.",
    )


def obtain(scheme: str, gain: int) -> Text:
    name = SCHEMES[scheme]
    return Text(
        f"この取引を対象とする{name.ja}を取得し、確認を受けると、{written(gain)}点が加わります。",
        f"Obtaining {name.en} for this trade and having it verified adds {written(gain)} points.",
    )


def declare(scheme: str, gain: int) -> Text:
    name, brings = SCHEMES[scheme], written(gain)
    if scheme == "otasuketai":
        return Text(
            f"{name.ja}の利用は一つの方法で、{brings}点が加わります。",
            f"Using an {name.en} is one possible way and adds {brings} points.",
        )
    return Text(
        f"{name.ja}を宣言すると、{brings}点が加わります。",
        f"Declaring {name.en} adds {brings} points.",
    )


def one_star(*, declared: bool, remaining: Collection[int]) -> Text:
    if declared:
        return Text("一つ星以上をすでに宣言しています。", "One star or more is declared already.")
    if not remaining:
        return Text(
            "対象の項目はすべて実施しています。一つ星はいますぐ宣言できます。",
            "All its items are done. One star can be declared right now.",
        )
    numbers = _numbers(remaining)
    return Text(
        f"一つ星は、取り組むという宣言なので、いますぐ宣言できます。これから取り組む項目はNo.{numbers}です。",
        f"One star promises to work on its items, so it can be declared right now. Items to work"
        f" on: {numbers}.",
    )


def two_stars(*, declared: bool, missing: Collection[str]) -> Text:
    if declared:
        return Text("二つ星をすでに宣言しています。", "Two stars are declared already.")
    ja = "と".join(NEEDED[name].ja for name in missing)
    en = " and ".join(NEEDED[name].en for name in missing)
    if not missing:
        return Text("二つ星を宣言できます。", "Two stars can be declared.")
    return Text(f"二つ星の宣言には、{ja}が必要です。", f"Two stars also need {en}.")


def _numbers(items: Collection[int]) -> str:
    return ", ".join(map(str, items))
