"""What the letters of a campaign will lack: nothing is said in the contractor's name instead."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from assessments.warning import UNSAID, Warned
from ratings.policy import Text

AFTERWARDS: Final = {"A", "B"}  # the promises that say what follows


def unsaid(requirements: Mapping[str, Any]) -> Iterator[Warned]:
    """For a person who launches; a single request may say these in its message."""
    promises, cost = requirements.get("promises") or [], requirements.get("cost") or {}
    codes = {each if isinstance(each, str) else each["code"] for each in promises}
    said = {
        "promises": codes,
        "answers_seen_by": requirements.get("answers_seen_by"),
        "effect_if_not_met": requirements.get("effect_if_not_met") or codes & AFTERWARDS,
        "cost": cost.get("talks_welcome") or cost.get("contact"),
    }
    for name, given in said.items():
        if not given:
            yield Warned(UNSAID, ("requirements", name), DETAILS[name])


DETAILS: Final = {
    "promises": Text(
        "回答の使いみちについての約束がありません。選ばないと、メールは使いみちに触れません。",
        "No promise on the use of the answers is chosen, so the letter says nothing of it.",
    ),
    "answers_seen_by": Text(
        "誰が回答を見るのかが決まっていません。answers_seen_by に役割を書いてください。",
        "It is not said who sees the answers. Name the roles in answers_seen_by.",
    ),
    "effect_if_not_met": Text(
        "対策が足りない場合のことがありません。約束を選ぶか、effect_if_not_met に書いてください。",
        "It is not said what follows from open items. Choose a promise or write effect_if_not_met.",
    ),
    "cost": Text(
        "費用の協議の案内がありません。協議に応じることと窓口を cost に書いてください。",
        "No talks about cost are offered. Offer them in cost and name whom to ask.",
    ),
}
