from django.db import models
from django.db.models import Q

from assessments.models.consultation import Consultation
from assessments.models.letter import OwedLetter
from contractors.models import Contractor, User
from events.owed import OwedQuerySet


class Notice(OwedLetter):
    """A letter to the contractor's own side: a supplier waits for an answer since `waiting_since`.

    Without `person` it goes to the reply address of the profile. One of a kind in a turn; of what
    is written in a thread one a `day` in Japan.
    """

    class Kind(models.TextChoices):
        OPENED = "opened"  # at once, to the contractor's person
        WRITTEN = "written"  # likewise, of what was written later
        WAITING = "waiting"  # 5 business days, to the contractor's person
        UNANSWERED = "unanswered"  # 10, to its admins

    contractor = models.ForeignKey(Contractor, models.PROTECT)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="notices")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    waiting_since = models.DateTimeField()
    day = models.DateField(null=True, blank=True)

    objects = OwedQuerySet["Notice"].as_manager()

    class Meta(OwedLetter.Meta):
        constraints = [
            *OwedLetter.Meta.constraints,
            models.UniqueConstraint(
                fields=["consultation", "kind", "waiting_since", "person"],
                condition=~Q(kind="written"),
                name="notice_once_a_turn",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["consultation", "day"],
                condition=Q(kind="written"),
                name="notice_of_words_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(kind="written") ^ Q(day=None), name="notice_has_a_day_iff_of_words"
            ),
        ]

    def __str__(self) -> str:
        return f"notice #{self.pk} ({self.kind}), attempt {self.attempt}"
