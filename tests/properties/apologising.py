"""Who was asked in vain hears it: once about each request, in office hours."""

from datetime import datetime

from hypothesis.stateful import invariant

from assessments import asking
from assessments.models import Assessment, Occasion
from contractors.actors import SYSTEM
from tests.properties.japan import LONGEST, is_office_hour


class Apologising:
    """To be mixed in where all were invited, in common letters or alone."""

    latest: datetime
    now: datetime

    def begin_apologising(self) -> None:
        self.cancelled: dict[int, datetime] = {}
        self.unreachable: set[int] = set()

    def take_back(self, request: Assessment) -> None:
        asking.cancel(request, reason="", actor=SYSTEM, now=self.now)
        self.cancelled[request.pk] = self.now

    @invariant()
    def who_was_asked_in_vain_hears_it_once(self) -> None:
        for pk, at in self.cancelled.items():
            rows = Occasion.objects.filter(
                assessment=pk, kind="cancelled", mail__outcome="sent", left_out=""
            )
            left = list(rows.values_list("mail__closed_at", flat=True))
            assert len(left) <= 1, left
            assert all(then and is_office_hour(then) for then in left), left
            owed = self.latest - at > LONGEST and pk not in self.unreachable
            assert left or not owed, (pk, at, self.latest)
