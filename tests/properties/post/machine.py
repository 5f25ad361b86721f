"""Requests, campaigns and certificates of a few people, and a clock that strikes every other hour.

Both sides act in any order, workers die, the clock steps back; what leaves is looked at after each.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from assessments import launching, notifying, owing, preparing, reminding
from assessments.models import Assessment, Mail, Occasion
from suppliers.models import Certification, State
from tests.factories import (
    AnsweredFactory,
    CertificationFactory,
    ContactFactory,
    ContractorFactory,
)
from tests.properties.post.japan import OFFSET, day_of, is_business_day
from tests.properties.post.looking import Looking
from tests.properties.post.plan import SCHEDULES
from tests.properties.post.sides import ACTS
from tests.sending import carry

STORIES = [  # each begins at half past ten in Tokyo, before the business stands still
    f"{day}T01:30Z {chapters}"
    for day, chapters in [
        ("2026-12-14", "week eve away extend:0 eve away die away launch_own day week:4"),
        ("2026-12-24", "launch_own day die week:5"),
        ("2027-04-19", "certificate week submit:0 day return:0 week:4"),
        ("2027-04-28", "launch_own afternoon cancel_campaign day"),
        ("2027-04-28", "launch_own day cancel_campaign week:2"),
        ("2027-08-02", "launch_late week day:2 eve away submit:1 day:5 afternoon away die day"),
        ("2027-08-02", "week day:2 eve away talk:1 day"),
        ("2027-08-02", "week day:2 eve away opt_out:1 day"),
        ("2027-08-10", "launch cancel_campaign die day cancel:1 launch die week"),
    ]
]
BEGINNINGS = ["", "launch", "launch_own die", "week submit:0 launch_late"]
STARTS = sorted({datetime.fromisoformat(story.split()[0]) for story in STORIES})
TICK = timedelta(hours=2)
STRIKES = (4, 5, 8, 9)  # by the ticks of a day: before the offices open, in between, and after
ON_HOLIDAYS = (5,)
GATHERED = timedelta(minutes=26)  # until the letters of a moment are due
DUE = (11, 25, 32)  # days after the start
UNASKED = 3  # suppliers of whom nothing is asked yet: one of a third person


class Post(Looking, RuleBasedStateMachine):
    """Whoever does what, nobody is written to too often, at night, or in vain."""

    stories: Sequence[str]  # one of these comes first: set by the test

    @initialize(data=st.data(), start=st.sampled_from(STARTS))
    def ask(self, data, start):
        story = data.draw(st.sampled_from(self.stories)).split()
        if story and story[0].endswith("Z"):
            start = datetime.fromisoformat(story.pop(0))
        self.now = self.latest = start
        for begin in (
            self.begin_apologies, self.begin_sides, self.begin_campaigns, self.begin_looking,
        ):  # fmt: skip
            begin()
        self.contractor = ContractorFactory.create()
        contacts = [self._contact(number) for number in range(len(DUE) + UNASKED)]
        self.requests = [
            self._ask(contact, start, later) for contact, later in zip(contacts, DUE, strict=False)
        ]
        self.certificate = CertificationFactory.create(
            contractor=self.contractor, supplier=contacts[0].supplier, scheme="isms",
            state=State.VERIFIED, valid_until=day_of(start) + timedelta(days=68),
        )  # fmt: skip
        self.work()
        for chapter in story:
            self._tell(chapter)

    def _tell(self, chapter):
        name, _, number = chapter.partition(":")
        if name in ACTS:  # about which request
            self.act(name, int(number), 0)
            return
        times = int(number or 1)
        {
            "day": lambda: self.pass_time(24 * times),
            "week": lambda: self.pass_time(168 * times),
            "eve": lambda: self.pass_time(22),
            "afternoon": lambda: self.pass_time(4),
            "away": self.be_away,
            "launch": lambda: self.launch(SCHEDULES[0], at_once=False, due_in=26),
            "launch_own": lambda: self.launch(SCHEDULES[1], at_once=True, due_in=26),
            "launch_late": lambda: self.launch(SCHEDULES[2], at_once=True, due_in=12),
            "cancel_campaign": lambda: self.cancel_a_campaign(0),
            "certificate": lambda: self.a_certificate_comes_up(1),
            "die": self.die,
        }[name]()

    def _contact(self, number):
        who = 2 if number == len(DUE) else number % 2
        email = f"person{who}-{self.contractor.pk}@x.example"
        return ContactFactory.create(contractor=self.contractor, email=email)

    def _ask(self, contact, start, later):
        [number] = preparing.take_numbers(self.contractor, 1)
        request = AnsweredFactory.create(
            contractor=self.contractor, contact=contact, number=number,
            due_on=day_of(start) + timedelta(days=later), requested_at=start,
        )  # fmt: skip
        Assessment.objects.filter(pk=request.pk).update(remind_at=self.now)
        owing.owe(request, contact, Occasion.Kind.INVITATION, now=self.now)
        return request

    @rule(hours=st.sampled_from([4, 24, 48, 96, 168]))
    def pass_time(self, hours):
        """The clock strikes where it matters: nothing comes up at night."""
        for _ in range(hours // 2):
            self.now += TICK
            at_work = is_business_day(day_of(self.now))
            if (self.now + OFFSET).hour // 2 in (STRIKES if at_work else ON_HOLIDAYS):
                self._strike()

    @rule()
    def be_away(self):
        """No clock strikes and nobody works for as long as that."""
        self.now += TICK

    @rule()
    def step_back(self):
        """The clock of the machine is set right."""
        self.now -= timedelta(minutes=50)
        self._strike()

    @rule(at=st.sampled_from([1, 90]))
    def a_certificate_comes_up(self, at):
        rows = Certification.objects.filter(pk=self.certificate.pk)
        rows.update(letter="expiring", letter_due_at=self.now + timedelta(minutes=at))

    @rule()
    def die(self):
        """Workers claim and are killed; two clocks have struck before."""
        self.write()
        self.write()
        list(launching.claim(now=self.now))
        list(Mail.objects.claim(now=self.now + GATHERED))

    def work(self):
        """What is due now, and what the letters of this moment become due at."""
        self.work_at_campaigns()
        for moment in (self.now, self.now + GATHERED):
            self.send(moment)

    def send(self, moment):
        while claimed := Mail.objects.select_related("contact").claim(now=moment):
            carry(claimed[::-1], now=moment)
            self.look()

    def _strike(self):
        self.latest = max(self.latest, self.now)
        self.write()
        self.work()

    def write(self):
        notifying.write_due(now=self.now)
        while reminding.write_due(now=self.now):
            pass
