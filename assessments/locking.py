"""The owner row first: every act holds its assessment before it checks and changes."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.errors import AwaitsConfirmation, HandedOver
from assessments.models import Assessment, Campaign

RELATED = (
    "contractor", "supplier", "contact", "questionnaire", "profile_questionnaire", "campaign",
)  # fmt: skip
LARGE = (
    "questionnaire__content", "profile_questionnaire__content",  # parsed once per process
    "campaign__requirements", "campaign__message", "campaign__warnings",  # a request has its own
)  # fmt: skip


def with_related(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """All that a page, a letter or an act looks at, in one query."""
    return rows.select_related(*RELATED).defer(*LARGE)


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the transaction ends."""
    rows = Assessment.objects.select_for_update(no_key=True, of=("self",))
    found = with_related(rows).filter(pk=assessment.pk).first()
    if found is None:
        # The contact changed while we waited, and PostgreSQL looks for the row beside the former.
        Assessment.objects.select_for_update(no_key=True).get(pk=assessment.pk)
        found = with_related(rows).get(pk=assessment.pk)
    return found


def lock_for_contact(assessment: Assessment) -> Assessment:
    """The same for who acts as its contact. Refuses once somebody else was put in charge."""
    held = lock(assessment)
    _check_charge(assessment, held.contact_id)
    return held


def hold_for_contact(assessment: Assessment) -> None:
    """The same for who needs nothing of the row but that it stays with its contact."""
    rows = Assessment.objects.select_for_update(no_key=True).filter(pk=assessment.pk)
    _check_charge(assessment, rows.values_list("contact_id", flat=True).get())


def check_unfrozen(assessment: Assessment) -> None:
    """Refuse to change what the responsible person is looking at. The caller holds the row."""
    if assessment.confirmations.asked().exists():
        raise AwaitsConfirmation(
            _("The responsible person was asked to confirm these answers, so they do not change.")
        )


def _check_charge(assessment: Assessment, contact_id: int) -> None:
    if contact_id != assessment.contact_id:
        raise HandedOver(_("Another person is in charge of this request now."))


def lock_campaign(campaign: Campaign) -> Campaign:
    """The row as it is now, held until the transaction ends."""
    rows = Campaign.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contractor", "questionnaire", "operation").get(pk=campaign.pk)
