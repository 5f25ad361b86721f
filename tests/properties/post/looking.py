"""What left is looked at: what it says, when it left, and that nothing is missing."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q
from hypothesis.stateful import invariant

from assessments.models import (
    ABOUT_CERTIFICATES,
    AUTOMATIC,
    REMINDERS,
    Assessment,
    Mail,
    Occasion,
)
from contractors.models import Contractor
from tests.properties.post.campaigns import Campaigns
from tests.properties.post.japan import LONGEST, day_of, is_office_hour
from tests.properties.post.plan import planned
from tests.properties.post.sides import Sides

Kind = Occasion.Kind
OF_CAMPAIGN = Q(kind=Kind.INVITATION, assessment__campaign__isnull=False)
TIMED = Q(kind__in=REMINDERS | ABOUT_CERTIFICATES) | OF_CAMPAIGN
BY_CLOCK = AUTOMATIC - {Kind.INVITATION}
MOST = 4  # letters that nobody asked for


class Looking(Campaigns, Sides):
    """To be mixed in. No rule of the product's is asked whether a letter was right."""

    contractor: Contractor
    latest: datetime
    seen: Counter[str]

    def begin_looking(self) -> None:
        self.looked_at: set[int] = set()

    def look(self):
        """At each letter once, as things stood when it left."""
        sent = Occasion.objects.filter(
            contractor=self.contractor, mail__outcome="sent", left_out=""
        )
        timed = set(sent.filter(TIMED).values_list("pk", flat=True))
        fresh = sent.exclude(pk__in=self.looked_at)
        for row in fresh.select_related("mail", "assessment__campaign"):
            self.looked_at.add(row.pk)
            self.seen[f"sent {row.kind}"] += 1
            left = row.mail.closed_at
            assert row.pk not in timed or is_office_hour(left), (row.kind, left)
            if row.assessment:
                self._is_wanted(row.assessment.pk, row.kind)
                self._is_not_early(row, left)

    def _is_wanted(self, request: int, kind: str) -> None:
        assert request not in self.talking or kind not in BY_CLOCK, kind
        over = self.submitted | self.ended
        assert request not in over or kind not in REMINDERS | {Kind.INVITATION}, kind

    def _is_not_early(self, row, left):
        """As the days are planned when it leaves."""
        request = row.assessment
        if row.kind == Kind.INVITATION and request.campaign:
            assert not self.is_early(request.campaign, left), left
        if row.kind in BY_CLOCK:
            assert day_of(left) >= _steps(request)[row.kind], (row.kind, left)

    @invariant()
    def a_person_has_one_letter_a_day_that_nobody_waits_for(self):
        sent = Occasion.objects.filter(contractor=self.contractor, left_out="")
        mails = Mail.objects.filter(outcome="sent", occasions__in=sent.filter(TIMED)).distinct()
        known = mails.values_list("contact__email", "closed_at")
        told = Counter((address, day_of(at)) for address, at in known)
        assert all(count == 1 for count in told.values()), told

    @invariant()
    def about_a_request_there_are_four_letters_at_most(self) -> None:
        rows = Occasion.objects.filter(
            contractor=self.contractor, kind__in=AUTOMATIC, mail__outcome="sent", left_out=""
        )
        counts = Counter(rows.values_list("assessment", flat=True))
        assert all(count <= MOST for count in counts.values()), counts

    @invariant()
    def what_nobody_touched_was_written_about_as_planned_and_once(self):
        for request in self.requests:
            if request.pk in self.touched:
                continue
            rows = request.occasions.filter(mail__outcome="sent", left_out="")
            sent = Counter(rows.values_list("kind", flat=True))
            days = {code: day for code, day in _steps(request).items() if code in BY_CLOCK}
            days["invitation"] = day_of(request.invited_at)
            must = {code for code, day in days.items() if day < day_of(self.latest - LONGEST)}
            may = {code for code, day in days.items() if day <= day_of(self.latest)}
            assert must <= set(sent) <= may, (days, self.latest, sent)
            assert all(count == 1 for count in sent.values()), sent

    @invariant()
    def who_was_asked_back_is_reminded_by_the_new_day(self):
        for request in Assessment.objects.filter(pk__in=self.returned.keys() - self.ended):
            since = self.returned[request.pk]
            rows = request.occasions.filter(mail__outcome="sent", left_out="", kind__in=AUTOMATIC)
            sent = list(rows.values_list("kind", "arose_on"))
            told = {kind for kind, day in sent if day > since}
            until = day_of(self.latest - LONGEST)
            due = {code for code, day in _steps(request).items() if since < day < until}
            assert due & BY_CLOCK <= told or len(sent) == MOST, (request.due_on, since, sent)


def _steps(request: Assessment) -> Mapping[str, date]:
    assert request.invited_at
    schedule = request.campaign.schedule if request.campaign else {}
    return planned(schedule, invited_on=day_of(request.invited_at), due_on=request.due_on)
