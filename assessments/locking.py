"""The owner row first: every act holds its assessment before it checks and changes."""

from django.db.models import QuerySet

from assessments.models import Assessment

RELATED = ("contractor", "supplier", "contact", "questionnaire", "profile_questionnaire")
LARGE = ("questionnaire__content", "profile_questionnaire__content")  # parsed once per process


def with_related(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """All that a page, a letter or an act looks at, in one query."""
    return rows.select_related(*RELATED).defer(*LARGE)


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the transaction ends."""
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",))
    return with_related(rows).get(pk=assessment.pk)
