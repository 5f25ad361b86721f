"""IPA's own arithmetic beside a rating, as the API tells it."""

from collections.abc import Mapping
from typing import Any, Final

from questionnaires import scoring
from questionnaires.content import Content
from questionnaires.models import Questionnaire
from questionnaires.scoring import Score

KEY: Final = "ipa-self-diagnosis"


def asked() -> Content:
    """The newest official edition; its points are the same in all."""
    edition = Questionnaire.objects.official().published().newest(KEY)
    assert edition is not None, f"{KEY} is not installed; run `make migrate`"
    return edition.parsed()


def diagnose(asked: Content, answers: Mapping[int, str] | None) -> dict[str, Any] | None:
    """None without answers."""
    return plain(scoring.score(asked, answers)) if answers else None


def plain(score: Score) -> dict[str, Any]:
    return {
        "total": score.total,
        "band": score.band,
        "parts": {number: part.points for number, part in score.parts.items()},
        "unknowns": list(score.unknowns),
    }
