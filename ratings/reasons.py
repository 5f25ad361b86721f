"""Why the result can be relied on, or how far: sentences with a code.

They name thresholds, never counts or items: who may not read answers may read these. There are few,
so each is made once.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ratings.policy import Text, Thresholds


@dataclass(frozen=True)
class Reason:
    code: str
    detail: Text

    @cached_property
    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "detail": dict(vars(self.detail))}


@lru_cache(maxsize=256)
def unknowns(count: int, bounds: Thresholds) -> Reason:
    few, many = bounds.few_unknowns, bounds.many_unknowns
    if count <= few:
        ja, en = (
            f"「わからない」の回答は{few}問以内です。",
            f"At most {few} answers are “I don't know”.",
        )
        return Reason("few_unknowns", Text(ja, en))
    if count < many:
        ja = f"「わからない」の回答が{few}問を超えています。"
        en = f"More than {few} answers are “I don't know”."
        return Reason("some_unknowns", Text(ja, en))
    ja = f"「わからない」の回答が{many}問以上あります。"
    en = f"{many} or more answers are “I don't know”."
    return Reason("many_unknowns", Text(ja, en))


@lru_cache(maxsize=2)
def instead(*, accepted: bool) -> Reason:
    if accepted:
        ja = "回答の代わりに、確認済みの認証によっています。"
        en = "It rests on a verified certificate accepted in place of answers."
        return Reason("certificate_instead", Text(ja, en))
    ja = "回答も、代わりになる確認済みの認証もまだありません。"
    en = "There are no answers yet, and no verified certificate in their place."
    return Reason("no_answers", Text(ja, en))


@lru_cache(maxsize=64)
def age(bounds: Thresholds, *, fresh: bool) -> Reason:
    months = bounds.fresh_months
    if fresh:
        ja, en = f"回答から{months}か月以内です。", f"It was answered within {months} months."
        return Reason("answered_recently", Text(ja, en))
    ja = f"回答から{months}か月を過ぎています。"
    en = f"It was answered more than {months} months ago."
    return Reason("answered_long_ago", Text(ja, en))


@lru_cache(maxsize=2)
def proof(*, verified: bool) -> Reason:
    if verified:
        ja, en = "確認済みの第三者の認証があります。", "A third-party certificate is verified."
        return Reason("verified_proof", Text(ja, en))
    ja = "確認済みの第三者の認証はまだありません。"
    en = "No third-party certificate is verified yet."
    return Reason("no_verified_proof", Text(ja, en))
