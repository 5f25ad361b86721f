"""Campaigns with schedules of their own, launched and taken back whenever."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from assessments import campaigning, launching, settling
from assessments.models import OPEN, Assessment, Campaign
from assessments.preparing import Confirmed
from contractors.actors import SYSTEM
from contractors.errors import Refused
from contractors.models import Contractor
from suppliers.models import Supplier
from tests.factories import official
from tests.properties.post.apologies import Apologies
from tests.properties.post.japan import LONGEST, day_of
from tests.properties.post.plan import SCHEDULES, first_day

MOST_CAMPAIGNS = 2
UNDO = timedelta(minutes=5)


class Campaigns(Apologies):
    """To be mixed in. A campaign asks whomever it can of all suppliers there are."""

    contractor: Contractor
    seen: Counter[str]
    requests: list[Assessment]
    touched: set[int]
    ended: set[int]
    send: Callable[[datetime], None]
    work: Callable[[], None]

    def begin_campaigns(self) -> None:
        self.campaigns: list[Campaign] = []

    @rule(
        schedule=st.sampled_from(SCHEDULES),
        at_once=st.booleans(),
        due_in=st.sampled_from([12, 26]),
    )
    def launch(self, schedule, at_once, due_in):
        if len(self.campaigns) == MOST_CAMPAIGNS:
            return
        due_on = day_of(self.now) + timedelta(days=due_in)
        draft = campaigning.Draft(
            "年次の確認", official("ipa-self-diagnosis"), due_on,
            requirements={"reasons": ["system_access"]}, schedule=schedule, at_once=at_once,
        )  # fmt: skip
        everybody = Supplier.objects.filter(contractor=self.contractor)
        campaign = campaigning.create(self.contractor, draft, everybody, now=self.now)
        try:
            launching.launch(campaign, confirmed=Confirmed(), actor=SYSTEM, now=self.now)
        except Refused as why:
            self.seen[f"not launched {type(why).__name__}"] += 1
            return
        self.seen["launched"] += 1
        self.campaigns.append(campaign)
        self.work_at_campaigns()
        self.send(self.now)  # nothing leaves yet

    @rule(rarely=st.integers(0, 2))
    def cancel_a_campaign(self, rarely):
        running = [each for each in self.campaigns if self._status(each) == "launched"]
        if rarely or not running:
            return
        self.seen["campaign cancelled"] += 1
        asked = [each for each in self._asked() if each.campaign_id == running[0].pk]
        left = [each for each in asked if each.status in OPEN]
        told = self.told(left)
        campaigning.cancel(running[0], reason="", actor=SYSTEM, now=self.now)
        self.ended |= {each.pk for each in left}
        self.work()
        gone = Assessment.objects.filter(pk__in=[each.pk for each in left], status="cancelled")
        self.taken_back(list(gone), told)
        self.touched |= {each.pk for each in left}

    def work_at_campaigns(self) -> None:
        while settling.settle_next(now=self.now):
            pass
        claimed = launching.claim(now=self.now)
        for operation in claimed:
            launching.go_on(operation, now=self.now)
        if claimed:
            known = {each.pk for each in self.requests}
            self.requests += [each for each in self._asked() if each.pk not in known]

    @invariant()
    def a_campaign_asks_each_supplier_once(self) -> None:
        counts = Counter((each.campaign_id, each.supplier_id) for each in self._asked())
        assert all(count == 1 for count in counts.values()), counts

    @invariant()
    def what_is_launched_is_launched_whole(self) -> None:
        for each in self.campaigns:
            each.refresh_from_db()
            operation = each.operation
            assert operation
            late = self.latest - (each.launched_at or self.latest) > LONGEST
            assert operation.closed_at or not late, operation

    def is_early(self, campaign: Campaign, left: datetime) -> bool:
        """For an invitation. What comes up on the same day may take it along."""
        assert campaign.launched_at
        earliest = campaign.launched_at + UNDO
        day = day_of(earliest) if campaign.at_once else first_day(day_of(earliest))
        return left < earliest or day_of(left) < day

    def _asked(self) -> list[Assessment]:
        rows = Assessment.objects.filter(campaign__in=self.campaigns).order_by("pk")
        return list(rows.select_related("campaign", "contact"))

    def _status(self, campaign: Campaign) -> str:
        return Campaign.objects.get(pk=campaign.pk).status
