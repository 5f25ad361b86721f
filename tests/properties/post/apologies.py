"""Who was asked in vain hears it: once about each request, in office hours. Nobody else does."""

from collections.abc import Sequence
from datetime import datetime

from hypothesis.stateful import invariant

from assessments.models import Assessment, Mail, Occasion
from tests.properties.post.japan import LONGEST, is_office_hour


class Apologies:
    """To be mixed in: whoever takes a request back says so before and after."""

    latest: datetime
    now: datetime
    unreachable: set[int]

    def begin_apologies(self) -> None:
        self.heard: dict[int, datetime] = {}
        self.unheard: set[int] = set()

    def told(self, requests: Sequence[Assessment]) -> set[int]:
        """About which of these somebody may have had a letter by now."""
        letters = Occasion.objects.filter(assessment__in=requests, left_out="")
        left = letters.filter(mail__outcome="sent")
        leaving = letters.filter(mail__closed_at=None, mail__late_since__isnull=False)
        return {
            key for rows in (left, leaving) for key in rows.values_list("assessment", flat=True)
        }

    def taken_back(self, requests: Sequence[Assessment], told: set[int]) -> None:
        """Of what was open just now, and is cancelled."""
        for each in requests:
            if each.pk in told:
                self.heard[each.pk] = self.now
            else:
                self.unheard.add(each.pk)

    @invariant()
    def who_was_asked_in_vain_hears_it_once(self) -> None:
        for pk, at in self.heard.items():
            left = self._letters(pk)
            assert len(left) <= 1, left
            assert all(then and is_office_hour(then) for then in left), left
            owed = self.latest - at > LONGEST and pk not in self.unreachable
            assert left or not owed, (pk, at, self.latest)

    @invariant()
    def who_never_heard_of_it_never_does(self) -> None:
        assert not Mail.objects.filter(
            occasions__assessment__in=self.unheard, occasions__left_out="", outcome="sent"
        ).exists()

    def _letters(self, pk: int) -> list[datetime | None]:
        rows = Occasion.objects.filter(
            assessment=pk, kind="cancelled", mail__outcome="sent", left_out=""
        )
        return list(rows.values_list("mail__closed_at", flat=True))
