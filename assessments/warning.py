"""What could make a request unfair, told before it is sent. The service warns, it judges no law.

Plain values, no Django. The list follows the papers of JFTC and METI of 2022-10-28 and 2025-12-26
and the act on fair subcontracting in force since 2026-01-01.
"""

import json
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from assessments import accusing, timetable
from ratings.policy import Text

ANSWERING: Final = 10  # business days
IMPLEMENTING: Final = 3  # months
CERTIFYING: Final = 6  # months
SERIOUS: Final = frozenset(  # the papers name these as not safe; a person must stand for them
    {"cost-without-talks", "cost-under-law", "product-without-reason", "accusing-words"}
)
SAME_FOR_ALL: Final = "same-level-for-all"
UNSAID: Final = "unsaid"  # of a campaign
PEERS: Final = 2  # other suppliers, from which on "the same for all" says something

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Warned:
    """`path` leads to the part of the request's body that it is about."""

    code: str
    path: Path
    detail: Text

    @property
    def plain(self) -> dict[str, Any]:
        pointer = "".join(f"/{step}" for step in self.path)
        return {
            "code": self.code,
            "serious": self.code in SERIOUS,
            "pointer": pointer,
            "detail": dict(vars(self.detail)),
            "source": dict(vars(SOURCES.get(self.code, PAPERS))),
        }


@dataclass(frozen=True)
class Peer:
    """Another supplier that was asked lately: its exposure, 0 to 3, and how much was asked."""

    exposure: int
    level: str


@dataclass(frozen=True)
class Facts:
    """A request and what is known of its supplier on `today`, a day in Japan.

    `star` is the SCS star that the exposure suggests, None while it is incomplete. `covered`: a
    verified certificate that covers the trade is valid today. `law`: people marked one as applying.
    """

    today: date
    due_on: date
    implement_by: date | None = None
    requirements: Mapping[str, Any] = field(default_factory=dict)
    small: bool = False
    star: int | None = None
    exposure: int | None = None
    law: bool = False
    asked_lately: bool = False
    covered: bool = False
    peers: tuple[Peer, ...] = ()


def level(requirements: Mapping[str, Any]) -> str:
    """How much is asked beside answers; the same text is the same level, "" is none."""
    rows = requirements.get("required_certifications") or []
    target = requirements.get("target") or {}
    marks = sorted((row["scheme"], row["necessity"]) for row in rows)
    return json.dumps([marks, target], sort_keys=True) if marks or target else ""


def warn(facts: Facts) -> list[Warned]:
    """Everything that a person should look at before sending, in the order of the request."""
    return [
        *_about_reasons(facts),
        *_about_products(facts),
        *_about_level(facts),
        *_about_days(facts),
        *_about_cost(facts),
        *_about_words(facts),
        *_about_repetition(facts),
    ]


def _asked(*path: str | int) -> Path:
    return ("requirements", *path)


def _about_reasons(facts: Facts) -> Iterator[Warned]:
    if not facts.requirements.get("reasons"):
        yield Warned("reason-empty", _asked("reasons"), REASON)


def _about_products(facts: Facts) -> Iterator[Warned]:
    for index, product in enumerate(facts.requirements.get("products") or []):
        if not product.get("reason"):
            yield Warned("product-without-reason", _asked("products", index), PRODUCT)


def _about_level(facts: Facts) -> Iterator[Warned]:
    for index, row in enumerate(facts.requirements.get("required_certifications") or []):
        path = _asked("required_certifications", index)
        if facts.small:
            yield Warned("mark-asked-of-small", path, SMALL)
        if row["scheme"] == "scs_4" and facts.star == 3:
            yield Warned("above-exposure", path, ABOVE)
    if _same_for_all(facts):
        yield Warned(SAME_FOR_ALL, _asked("target"), SAME)


def _same_for_all(facts: Facts) -> bool:
    """The same is asked of all, though what they could do to us differs."""
    mine = level(facts.requirements)
    exposures = {peer.exposure for peer in facts.peers} | {facts.exposure} - {None}
    alike = all(peer.level == mine for peer in facts.peers)
    return bool(mine) and len(facts.peers) >= PEERS and len(exposures) > 1 and alike


def _about_days(facts: Facts) -> Iterator[Warned]:
    if facts.due_on < timetable.shift(facts.today, ANSWERING):
        yield Warned("due-soon", ("due_on",), DUE)
    if facts.implement_by is None:
        return
    certified = bool(facts.requirements.get("required_certifications"))
    months = CERTIFYING if certified else IMPLEMENTING
    if facts.implement_by < months_after(facts.today, months):
        yield Warned("implementing-soon", ("implement_by",), MARK_SOON if certified else SOON)


def _about_cost(facts: Facts) -> Iterator[Warned]:
    cost = facts.requirements.get("cost") or {}
    if cost.get("bearer") != "supplier":
        return
    if not cost.get("talks_welcome"):
        yield Warned("cost-without-talks", _asked("cost", "talks_welcome"), TALKS)
    if facts.law:
        yield Warned("cost-under-law", _asked("cost", "bearer"), LAW)


def _about_words(facts: Facts) -> Iterator[Warned]:
    for path in accusing.places(facts.requirements):
        yield Warned("accusing-words", _asked(*path), WORDS)


def _about_repetition(facts: Facts) -> Iterator[Warned]:
    if facts.covered and facts.requirements.get("evidence"):
        yield Warned("evidence-covered", _asked("evidence"), COVERED)
    if facts.asked_lately:
        yield Warned("asked-twice", ("supplier",), TWICE)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


REASON: Final = Text(
    "依頼の理由がありません。どの情報や業務に関わるのかを reasons に書いてください。",
    "No reason is given. Say in reasons which information or work it is about.",
)
PRODUCT: Final = Text(
    "製品を指定していますが、その理由がありません。理由を書くか、同等の製品でもよいとしてください。",
    "A product is named without a reason. Give the reason, or let an equivalent do.",
)
SMALL: Final = Text(
    "小規模企業者に認証や宣言を求めています。費用と手間に見合うか、ほかの方法がないか確かめてください。",
    "A mark is asked of a small firm. Check whether something lighter would do.",
)
ABOVE: Final = Text(
    "影響度から見た目安は★3ですが、★4を求めています。★4が要る理由を書くか、★3にしてください。",
    "The exposure suggests three stars and four are asked. Say why, or ask for three.",
)
SAME: Final = Text(
    "影響度の違う取引先に同じ水準を求めています。取引先ごとに必要な水準か確かめてください。",
    "The same level is asked of suppliers whose exposure differs. Check that each needs it.",
)
DUE: Final = Text(
    "回答期限まで10営業日ありません。期限を延ばせないか確かめてください。",
    "Fewer than 10 business days are left to answer. See whether the due day can be later.",
)
SOON: Final = Text(
    "対策の期限まで3か月ありません。取引先が準備できる日にしてください。",
    "Fewer than 3 months are left to put measures in place. Choose a day that can be met.",
)
MARK_SOON: Final = Text(
    "認証を求めていますが、対策の期限まで6か月ありません。取得にかかる時間を見込んでください。",
    "A certification is asked and fewer than 6 months are left. Allow for the time it takes.",
)
TALKS: Final = Text(
    "費用を取引先の負担としながら、協議の案内がありません。協議に応じることと窓口を書いてください。",
    "The supplier bears the cost and no talks are offered. Offer them and name whom to ask.",
)
LAW: Final = Text(
    "取適法またはフリーランス法が当てはまるとされた取引で、費用を取引先の負担としています。法務に確かめてください。",
    "An act on fair trade is marked as applying and the supplier bears the cost. Ask your lawyers.",
)
WORDS: Final = Text(
    "「義務」「違反」「取引停止」のような、相手を責める言葉があります。相談を促す言葉に改められないか確かめてください。",
    "These words blame or threaten. See whether they can invite to talk instead.",
)
COVERED: Final = Text(
    "確認済みで有効な認証があり、この取引も適用範囲です。資料の提出が本当に要るか確かめてください。",
    "A verified certificate that covers this trade is valid. Check that documents are needed.",
)
TWICE: Final = Text(
    "この取引先には12か月以内に依頼しています。前回の回答で足りないか確かめてください。",
    "This supplier was asked within the last 12 months. See whether those answers will do.",
)

PAPERS: Final = Text(
    "公正取引委員会・経済産業省の文書(2022年10月28日、2025年12月26日)",
    "Papers of JFTC and METI of 2022-10-28 and 2025-12-26",
)
ACTS: Final = Text(
    "取適法(2026年1月1日施行)、フリーランス法",
    "The act on fair subcontracting in force since 2026-01-01, and the freelance act",
)
SCS: Final = Text("SCS評価制度の方針(2026年3月27日)", "SCS evaluation, policy of 2026-03-27")
OURS: Final = Text(
    "取引先の負担を抑えるための、このサービスの目安",
    "A rule of thumb of this service, to spare suppliers",
)
SOURCES: Final = {  # of a code; the papers are the source of all others
    "above-exposure": SCS,
    "asked-twice": OURS,
    "cost-under-law": ACTS,
    "due-soon": OURS,
    "evidence-covered": OURS,
    "implementing-soon": OURS,
    "accusing-words": OURS,
    UNSAID: OURS,
}
