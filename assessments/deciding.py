"""Does a person have to look at what was handed in? Nobody reads three thousand answers.

Plain values, no Django. No flag means: accepted by rule. Reasons name thresholds, never counts or
items: who may not read answers may read these.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from assessments.clearance import BETTER
from ratings.policy import Text

MANY_UNKNOWNS: Final = 6
# As wide as a grade: less may come from a few reworded answers, so much has a story.
BIG_CHANGE: Final = Decimal(20)
# They cannot be had without the basics: updates, malware protection, passwords, sharing, cloud.
AUDITED: Final = frozenset({"isms", "scs_3", "scs_4"})


class Flag(StrEnum):
    """Why a submission waits for a person, in the order in which reasons are told."""

    INCIDENT_OPEN = "incident_open"
    CONTRADICTION = "contradiction"
    CERTIFICATION_MISSING = "certification_missing"
    EVIDENCE_REJECTED = "evidence_rejected"
    CERTIFICATE_UNCHECKED = "certificate_unchecked"
    MANY_UNKNOWNS = "many_unknowns"
    BIG_CHANGE = "big_change"
    ASKED_BACK = "asked_back"
    TALKS_OPEN = "talks_open"
    REOPENED = "reopened"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class Handed:
    """What is known when the answers arrive; all schemes as of that day in Japan.

    `basics`: items without which the others help little. `held`: valid, whether checked or not.
    `required`: what the request makes a condition. `rejected`: since the request was made.
    `score` and `last_score`: points of assurance, 0 to 100; None where nothing was rated.
    `unchecked`: a certificate that nobody has checked stands in for the answers. `asked_back`: it
    was handed in and returned before. `talks_open`: one of both waits for the other's word.
    """

    answers: Mapping[int, str]
    basics: frozenset[int] = frozenset()
    held: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    rejected: frozenset[str] = frozenset()
    incident_open: bool = False
    score: Decimal | None = None
    last_score: Decimal | None = None
    unchecked: bool = False
    asked_back: bool = False
    talks_open: bool = False
    accepts_by_rule: bool = True


def flags(handed: Handed) -> tuple[Flag, ...]:
    """Everything that keeps it from being accepted by rule, in the order of `Flag`."""
    found = {
        Flag.INCIDENT_OPEN: handed.incident_open,
        Flag.CONTRADICTION: any(_contradictions(handed)),
        Flag.CERTIFICATION_MISSING: any(not _has(scheme, handed) for scheme in handed.required),
        Flag.EVIDENCE_REJECTED: any(not _has(scheme, handed) for scheme in handed.rejected),
        Flag.CERTIFICATE_UNCHECKED: handed.unchecked,
        Flag.MANY_UNKNOWNS: list(handed.answers.values()).count("unknown") >= MANY_UNKNOWNS,
        Flag.BIG_CHANGE: _moved(handed) >= BIG_CHANGE,
        Flag.ASKED_BACK: handed.asked_back,
        Flag.TALKS_OPEN: handed.talks_open,
        Flag.BY_HAND: not handed.accepts_by_rule,
    }
    return tuple(flag for flag in Flag if found.get(flag))


def _contradictions(handed: Handed) -> Iterator[int]:
    """Basics that are said to be missing although a certificate could not be had without them."""
    if handed.held & AUDITED:
        yield from (item for item in handed.basics if handed.answers.get(item) == "not_done")


def _has(scheme: str, handed: Handed) -> bool:
    return not handed.held.isdisjoint({scheme, BETTER.get(scheme, scheme)})


def _moved(handed: Handed) -> Decimal:
    """By how many points the assurance went up or down. Better ones are looked at as well."""
    if handed.score is None or handed.last_score is None:
        return Decimal(0)
    return abs(handed.score - handed.last_score)


REASONS: Final = {
    Flag.INCIDENT_OPEN: Text(
        "事故の対応がまだ続いているという回答です。状況をうかがってください。",
        "An incident is still being dealt with. Ask how it stands.",
    ),
    Flag.CONTRADICTION: Text(
        "登録されている認証と回答が合いません。どちらが今の状況か確認してください。",
        "A certificate and an answer do not fit together. Ask which of the two holds today.",
    ),
    Flag.CERTIFICATION_MISSING: Text(
        "必須とした認証が、提出の日に登録されていません。",
        "A certification that was required was not held on the day of submission.",
    ),
    Flag.EVIDENCE_REJECTED: Text(
        "この依頼の間に差し戻した認証があり、代わりがまだ登録されていません。",
        "A certification was rejected during this request, and none has taken its place.",
    ),
    Flag.CERTIFICATE_UNCHECKED: Text(
        "回答の代わりの認証を、まだ誰も確認していません。書類を確認してください。",
        "Nobody has checked the certificate that stands in for the answers. Check its document.",
    ),
    Flag.MANY_UNKNOWNS: Text(
        f"「わからない」の回答が{MANY_UNKNOWNS}問以上あります。",
        f"{MANY_UNKNOWNS} or more answers are “I don't know”.",
    ),
    Flag.BIG_CHANGE: Text(
        f"前回の回答から{BIG_CHANGE}点以上変わりました。理由をうかがってください。",
        f"It moved by {BIG_CHANGE} points or more since the last time. Ask why.",
    ),
    Flag.ASKED_BACK: Text(
        "問い合わせへの返答を添えて、もう一度提出されました。",
        "It was handed in again after something was asked back.",
    ),
    Flag.TALKS_OPEN: Text(
        "話し合いが続いています。先に返事をしてください。",
        "Talks are still open. Answer them first.",
    ),
    Flag.REOPENED: Text(
        "受け入れたあとで、担当者が判断をやり直すことにしました。",
        "A person reopened it after it had been accepted.",
    ),
    Flag.BY_HAND: Text(
        "すべての回答を担当者が確認する設定です。",
        "By your setting a person decides about every submission.",
    ),
}


def reasons(found: Collection[str]) -> list[dict[str, str | Text]]:
    """Each flag with its sentence, in the order of `Flag`."""
    return [{"code": flag.value, "detail": REASONS[flag]} for flag in Flag if flag in found]
