"""What is handed in, as plain JSON that never changes again. No names, addresses or telephones."""

from collections.abc import Iterable
from datetime import UTC, date
from typing import Any, Final

from assessments.models import Answer, Assessment
from questionnaires.content import Content
from suppliers.models import Certification

PRINTED: Final = (
    "scheme", "number", "body", "scope", "edition", "accreditation", "issued_on", "valid_until",
    "state", "scope_covers",
)  # fmt: skip


def alone(assessment: Assessment, certification: Certification) -> dict[str, Any]:
    """A certificate as its paper reads that day, in place of answers and profile."""
    return {
        **snapshot(assessment, []),
        "profile": {},
        "evidence": [],
        "certificate": {
            "id": str(certification.public_id),
            **{name: _plain(getattr(certification, name)) for name in PRINTED},
        },
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def snapshot(assessment: Assessment, answers: Iterable[Answer]) -> dict[str, Any]:
    """Answers, profile, what was chosen of certifications, and which files were shown."""
    asked = profile(assessment)
    values = assessment.profile_values()
    return {
        "questionnaire": _named(assessment.questionnaire),
        "profile_questionnaire": _named(assessment.profile_questionnaire),
        "answers": [
            {
                "number": each.number,
                "value": each.value,
                "comment": each.comment,
                "answered_at": each.answered_at.astimezone(UTC).isoformat(),
            }
            for each in answers
        ],
        "profile": asked.to_freeze(values) if asked else {},
        "holdings": assessment.holdings,
        "evidence": _evidence(assessment),
    }


def _evidence(assessment: Assessment) -> list[dict[str, Any]]:
    """Which files were shown for which item: a digest changes with the file, a name does not."""
    rows = assessment.evidence.filter(evidence__removed_at=None).order_by("number", "pk")
    told = rows.values_list("number", "evidence__public_id", "evidence__digest")
    return [{"number": number, "id": str(id_), "digest": digest} for number, id_, digest in told]


def _named(questionnaire: Any) -> dict[str, str] | None:
    if questionnaire is None:
        return None
    names = ("key", "version", "digest")
    return {name: getattr(questionnaire, name) for name in names}


def profile(assessment: Assessment) -> Content | None:
    asked = assessment.profile_questionnaire
    return asked.parsed() if asked else None
