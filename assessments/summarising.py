"""How the answers of a request look in numbers, before anybody has handed them in."""

from dataclasses import dataclass

from assessments.models import Assessment


@dataclass(frozen=True)
class Summary:
    """Of `questions` so many are answered, among them `unknown`; with so many notes and files."""

    questions: int
    answered: int
    unknown: int
    notes: int
    documents: int


def summarise(assessment: Assessment) -> Summary:
    content = assessment.questionnaire.parsed()
    unknown = content.scoring.unknown if content.scoring else None
    answers = list(assessment.answers.all())
    given = [each for each in answers if each.value]
    return Summary(
        questions=len(content.items),
        answered=len(given),
        unknown=sum(each.value == unknown for each in given),
        notes=sum(bool(each.comment) for each in answers),
        documents=assessment.evidence.filter(evidence__removed_at=None).count(),
    )
