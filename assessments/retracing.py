"""What was written about a request, and when it left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments.models import Assessment, Occasion

Kind = Occasion.Kind
NAMES: Final = {
    Kind.INVITATION: gettext_noop("The request"),
    Kind.FIRST_REMINDER: gettext_noop("First reminder"),
    Kind.SECOND_REMINDER: gettext_noop("Second reminder, before the deadline"),
    Kind.AFTER_DUE: gettext_noop("Reminder after the deadline"),
    Kind.REMINDER: gettext_noop("Reminder by hand"),
    Kind.EXTENDED: gettext_noop("The deadline was changed"),
    Kind.RETURNED: gettext_noop("Something is asked back"),
    Kind.CONSULTATION: gettext_noop("Reply in talks"),
    Kind.READERS: gettext_noop("More people see the answers"),
    Kind.HANDED_OVER: gettext_noop("The request, to who is in charge now"),
    Kind.HANDED_OVER_COPY: gettext_noop("The change of person, to who was in charge"),
    Kind.CONFIRMATION: gettext_noop("Confirmation is asked, of the responsible person"),
    Kind.DELEGATED: gettext_noop("Some questions, to a colleague"),
    Kind.RECEIPT: gettext_noop("Receipt"),
    Kind.RECEIPT_COPY: gettext_noop("Receipt, to the responsible person"),
    Kind.CANCELLED: gettext_noop("The request was withdrawn"),
    Kind.RESULT: gettext_noop("The result may be seen"),
    Kind.CERTIFICATE_EXPIRING: gettext_noop("A certificate that ends"),
    Kind.CERTIFICATE_EXPIRED: gettext_noop("A certificate that has ended"),
    Kind.CERTIFICATE_CONFIRM: gettext_noop("A declaration to be confirmed"),
}


@dataclass(frozen=True)
class Left:
    """A letter that a mail server took."""

    at: datetime
    kind: Occasion.Kind

    def name(self) -> str:
        """What it was, in the active language."""
        return _(NAMES[self.kind])


def left(assessment: Assessment) -> Sequence[Left]:
    """All letters about a request that left, the oldest first."""
    return left_about([assessment])[assessment.pk]


def left_about(assessments: Iterable[Assessment]) -> Mapping[int, Sequence[Left]]:
    """The same for many, by their keys, in one query."""
    rows = Occasion.objects.filter(
        assessment__in=list(assessments), mail__outcome="sent", left_out=""
    )
    times = rows.values_list("assessment_id", "mail__closed_at", "kind")
    found: dict[int, list[Left]] = defaultdict(list)
    for key, at, kind in times.order_by("mail__closed_at", "pk"):
        if at is not None:
            found[key].append(Left(at, Kind(kind)))
    return found
