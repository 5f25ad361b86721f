"""The sentences of a rating, Japanese and English: why a driver has its points, and what adds some.

Plain and without blame. SECURITY ACTION is declared (宣言), certificates are held (取得).
"""

from typing import Final

from ratings.facts import Certification
from ratings.policy import Basic, Item, Proof, Text

VALUES: Final = {
    "done": Text("実施している", "done"),
    "partly": Text("一部実施している", "partly done"),
    "not_done": Text("実施していない", "not done"),
    "unknown": Text("わからない", "I don't know"),
}
SCHEMES: Final = {
    "isms": Text("ISMS", "ISMS"),
    "pmark": Text("Pマーク", "Privacy Mark"),
    "scs_3": Text("SCS★3", "SCS ★3"),
    "scs_4": Text("SCS★4", "SCS ★4"),
    "security_action_1": Text("SECURITY ACTION 一つ星", "SECURITY ACTION one star"),
    "security_action_2": Text("SECURITY ACTION 二つ星", "SECURITY ACTION two stars"),
    "otasuketai": Text("サイバーセキュリティお助け隊サービス", "Otasuketai service"),
    "iso27017": Text("ISO/IEC 27017", "ISO/IEC 27017"),
    "iso27701": Text("ISO/IEC 27701", "ISO/IEC 27701"),
    "ismap": Text("ISMAP", "ISMAP"),
    "ismap_liu": Text("ISMAP-LIU", "ISMAP-LIU"),
    "soc2": Text("SOC 2", "SOC 2"),
    "pci_dss": Text("PCI DSS", "PCI DSS"),
    "tisax": Text("TISAX", "TISAX"),
    "nist_800_171": Text("NIST SP 800-171", "NIST SP 800-171"),
    "other": Text("そのほかの認証", "Another certificate"),
}
NOT_COUNTED: Final = {
    "expired": Text("有効期限が過ぎています", "its validity has ended"),
    "rejected": Text("書類の内容を確認できませんでした", "the document could not be confirmed"),
    "withdrawn": Text("登録が取り下げられています", "it was withdrawn"),
}


def written(hundredths: int) -> str:
    """Hundredths as people and the API write them: 5392 is 53.92."""
    sign, (whole, rest) = "-" * (hundredths < 0), divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}"


def item(one: Item, value: str) -> Text:
    said, most, partly = VALUES[value], written(one.most), written(one.points["partly"])
    ja = f"No.{one.number}「{one.topic.ja}」の回答は「{said.ja}」です。"
    en = f"Item {one.number} ({one.topic.en}) was answered “{said.en}”."
    match value:
        case "done":
            return Text(
                f"{ja}{most}点すべてが入ります。", f"{en} It brings all of its {most} points."
            )
        case "partly":
            return Text(
                f"{ja}{most}点のうち{partly}点が入り、すべて実施すると{most}点になります。",
                f"{en} It brings {partly} of {most} points, and {most} once it is done everywhere.",
            )
        case "unknown":
            return Text(
                f"{ja}確かめて回答を直すと、最大{most}点が入ります。",
                f"{en} Once somebody has looked it up, it can bring up to {most} points.",
            )
        case _:
            return Text(
                f"{ja}一部でも実施すると{partly}点、すべて実施すると{most}点が入ります。",
                f"{en} Begun, it brings {partly} points, and {most} once it is done everywhere.",
            )


def basic(one: Basic, topic: Text, value: str) -> Text:
    said, worth = VALUES[value], written(one.points)
    ja = f"No.{one.item}「{topic.ja}」は基本の対策の一つで、回答は「{said.ja}」です。"
    en = f"Item {one.item} ({topic.en}) is one of the basics and was answered “{said.en}”."
    if value in one.earned_by:
        return Text(f"{ja}{worth}点が加わります。", f"{en} It brings {worth} points more.")
    needed = VALUES["partly" if "partly" in one.earned_by else "done"]
    return Text(
        f"{ja}「{needed.ja}」になると{worth}点が加わります。",
        f"{en} Once it is “{needed.en}”, it brings {worth} points more.",
    )


def person(named: bool, most: int) -> Text:
    if named:
        return Text(
            "情報セキュリティの担当者が決まっています(専任でも兼任でも同じです)。",
            "Somebody is in charge of security, full time or beside other work.",
        )
    return Text(
        f"情報セキュリティの担当者はまだ決まっていません。兼任の方や代表者ご本人でも、決まると{written(most)}点が入ります。",
        f"Nobody is in charge of security yet. Naming somebody, even the owner or a person with"
        f" other work, brings {written(most)} points.",
    )


def unproven(limit: int, *, proven: bool, over: int) -> Text:
    """`over`: by how much the sum passes the limit, in hundredths."""
    stop = written(limit)
    if proven:
        return Text(
            "この取引を対象とする第三者の認証を確認できたため、合計に上限はありません。",
            "A third-party certificate covering this trade is verified, so the sum has no limit.",
        )
    ja = f"この取引を対象とする第三者の認証が確認できるまで、合計は{stop}点までです。"
    en = f"Until a third-party certificate covering this trade is verified, the sum ends at {stop}."
    if over <= 0:
        return Text(f"{ja}今回は上限に届いていません。", f"{en} It does not reach that limit.")
    return Text(
        f"{ja}超えた{written(over)}点を差し引きました。",
        f"{en} The {written(over)} points above it are taken off.",
    )


def certificate(scheme: str | None, worth: int) -> Text:
    if scheme is None:
        return Text(
            "回答はまだなく、回答の代わりに使える確認済みの認証もありません。",
            "There are no answers yet, and no verified certificate to stand in their place.",
        )
    name = SCHEMES[scheme]
    return Text(
        f"質問への回答の代わりに、確認済みの{name.ja}を受け付けました。{written(worth)}点です。",
        f"{name.en}, verified, was accepted in place of answers: {written(worth)} points.",
    )


def proof(one: Certification, *, points: int, most: int) -> Text:
    """Why a certificate brings its points. `points` and `most` are hundredths."""
    name, got, top = SCHEMES[one.scheme], written(points), written(most)
    if one.status in NOT_COUNTED:
        return not_counted(one)
    if one.verified and one.covers:
        return Text(
            f"{name.ja}を確認しました。適用範囲はこの取引を含み、{top}点のうち{got}点です。",
            f"{name.en} is verified and its scope covers this trade: {got} of {top} points.",
        )
    if one.verified:
        return Text(
            f"{name.ja}を確認しました。適用範囲がこの取引を含むことは確認できておらず、{top}点のうち{got}点です。",
            f"{name.en} is verified, not known to cover this trade: {got} of {top} points.",
        )
    if one.status == "renewal_pending":
        return Text(
            f"{name.ja}は更新の手続き中で、申請の書類が届いています。いまは{got}点、更新の確認により最大{top}点です。",
            f"The renewal of {name.en} was filed: {got} points now, up to {top} once it is"
            " verified.",
        )
    if one.has_document:
        return Text(
            f"{name.ja}の書類が届いており、確認はこれからです。いまは{got}点、確認により最大{top}点です。",
            f"The document for {name.en} is here and not checked yet: {got} points now, up to {top}"
            " once it is verified.",
        )
    return Text(
        f"{name.ja}をお持ちとうかがっています。いまは{got}点、書類の確認により最大{top}点です。",
        f"{name.en} is named, without a document yet: {got} points now, up to {top} once it is"
        " verified.",
    )


def not_counted(one: Certification) -> Text:
    name, why = SCHEMES[one.scheme], NOT_COUNTED[one.status]
    return Text(
        f"{name.ja}は、{why.ja}ので、いまは点数に入っていません。",
        f"{name.en} does not count at present: {why.en}.",
    )


def declared(one: Certification) -> Text:
    if one.status in NOT_COUNTED:
        return not_counted(one)
    name = SCHEMES[one.scheme]
    if one.scheme == "otasuketai":
        return Text(f"{name.ja}を利用しています。", f"The {name.en} is in use.")
    return Text(f"{name.ja}を宣言しています。", f"{name.en} is declared.")


def included(scheme: str, better: str) -> Text:
    name, other = SCHEMES[scheme], SCHEMES[better]
    return Text(
        f"{other.ja}の点数が入るため、{name.ja}の点数は重ねません。",
        f"{other.en} counts, and {name.en} is not added to it.",
    )


def proof_cap(proof: Proof, *, held: bool, too_unchecked: int, too_many: int) -> Text:
    """`too_unchecked`, `too_many`: hundredths taken off for either limit."""
    most, unchecked = written(proof.most), written(proof.unchecked_most)
    if not held:
        return Text(
            f"認証や宣言の登録はまだありません。登録すると、合わせて{most}点まで入ります。",
            f"No certificate or declaration is known yet. Together they bring up to {most} points.",
        )
    ja = [f"認証や宣言は合わせて{most}点、うち確認前のものは{unchecked}点までです。"]
    en = [f"Proof brings up to {most} points together, {unchecked} of them while unchecked."]
    if too_unchecked:
        ja.append(f"確認前のものから{written(too_unchecked)}点を差し引きました。")
        en.append(f"{written(too_unchecked)} points are taken off what is unchecked.")
    if too_many:
        ja.append(f"全体から{written(too_many)}点を差し引きました。")
        en.append(f"{written(too_many)} points are taken off the whole.")
    if not too_unchecked and not too_many:
        ja.append("今回は上限の内側です。")
        en.append("It stays within that.")
    return Text("".join(ja), " ".join(en))
