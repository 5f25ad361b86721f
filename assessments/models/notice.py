from typing import Final

from django.db import models
from django.db.models import Q

from assessments.models.assessment import Assessment
from assessments.models.campaign import Campaign
from assessments.models.consultation import Consultation
from assessments.models.letter import OwedLetter
from contractors.models import Contractor, User
from events.owed import OwedQuerySet

TURN: Final = ("opened", "waiting", "unanswered")  # once in a turn of a thread
AWAITED: Final = (*TURN, "written")  # the supplier waits
TIMELESS: Final = (*TURN, "settled", "closed")  # of no day


class Notice(OwedLetter):
    """A letter to the contractor's own side: about a thread, a request, or a day.

    About a thread: the supplier waits for an answer since `waiting_since`; one of a kind in a
    turn, and of what is written one a `day` in Japan; or it agreed, or ended the thread. About a
    request whose contact is to be phoned: `day` is the due day that has passed, and `told_in` the
    letter that says it, which may tell of others as well. About the contractor as a whole: what is
    to be done on that `day`. About a campaign: it has come to its end. Without `person` it goes to
    the reply address of the profile.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"  # at once, to the contractor's person
        WRITTEN = "written"  # likewise, of what was written later
        WAITING = "waiting"  # 5 business days, to the contractor's person
        UNANSWERED = "unanswered"  # 10, to its admins
        SETTLED = "settled"  # the supplier agreed, or ended the thread
        PHONE = "phone"  # not answered 3 business days after the due day
        DIGEST = "digest"  # in the morning: what is to be done
        CLOSED = "closed"  # a campaign has come to its end

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    waiting_since = models.DateTimeField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    told_in = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="told")

    objects = OwedQuerySet["Notice"].as_manager()

    class Meta(OwedLetter.Meta):
        constraints = [
            *OwedLetter.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=[*AWAITED, "settled"]) ^ Q(consultation=None),
                name="notice_of_talks_iff_about_a_thread",
            ),
            models.CheckConstraint(
                condition=Q(kind="phone") ^ Q(assessment=None),
                name="notice_to_phone_iff_about_a_request",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AWAITED) ^ Q(waiting_since=None),
                name="notice_has_a_turn_iff_awaited",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TIMELESS) ^ Q(day__isnull=False),
                name="notice_has_a_day_unless_of_a_turn",
            ),
            models.CheckConstraint(
                condition=Q(kind="closed") ^ Q(campaign=None),
                name="notice_of_an_end_iff_about_a_campaign",
            ),
            models.UniqueConstraint(
                fields=["campaign"],
                condition=Q(kind="closed"),
                name="notice_of_an_end_once_a_campaign",
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(kind="settled"),
                name="notice_of_what_was_settled_once_a_thread",
            ),
            models.UniqueConstraint(
                fields=["consultation", "kind", "waiting_since", "person"],
                condition=Q(kind__in=TURN),
                name="notice_once_a_turn",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["consultation", "day"],
                condition=Q(kind="written"),
                name="notice_of_words_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["assessment", "day"],
                condition=Q(kind="phone"),
                name="notice_to_phone_once_a_due_day",
            ),
            models.UniqueConstraint(
                fields=["contractor", "day", "person"],
                condition=Q(kind="digest"),
                name="digest_once_a_day",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"notice #{self.pk} ({self.kind}), attempt {self.attempt}"
