"""Everything that can be done with a request, in any order, beside a model of it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments import asking, extending, reminding
from assessments.errors import (
    Incomplete,
    NotByOneself,
    RemindedEnough,
    TalksUnanswered,
    WrittenToday,
    WrongStatus,
)
from assessments.models import Assessment
from contractors.actors import SYSTEM
from contractors.models import Contractor
from events.models import Event
from retention import erasing
from tests.factories import ContactFactory, UserFactory, official
from tests.properties.model import Request
from tests.properties.talking import Talking

START = datetime(2026, 11, 25, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
LAST = {  # by what comes before: one way to each edge, which it takes last
    "": ("cancel",),
    "send": ("", "answer", "decline", "cancel", "later"),
    "send ask_for_talks propose": ("agree", "refuse"),
    "send ask_for_talks later": ("remind", "cancel", "reply_to_talks"),
    "rule send answer": ("submit",),
    "send answer": ("submit", "decline", "cancel", "later"),
    "send answer submit": ("accept", "return", "cancel"),
    "send answer submit return": ("submit", "cancel", "later"),
    "send answer submit accept": ("reopen",),
    "send later": ("answer", "decline", "cancel"),
    "send answer later": ("submit",),
}
WAYS = [f"{before} {last}" for before, lasts in LAST.items() for last in lasts]
NOT_SO_OFTEN = (WrittenToday, RemindedEnough)
PASSING = (1, 1, 3, 11, 40, 100, 1200, 2600)  # days


class Life(Talking, RuleBasedStateMachine):
    """After each step the product is what the model says, and events tell exactly that."""

    seen: Counter[str]  # of all runs of a test, and
    ways: list[str]  # one of these comes first: both are set by the test

    @initialize(data=st.data())
    def ask(self, data):
        self.now = START
        self.model = Request(due_on=date(2027, 1, 29))
        contact = ContactFactory.create()
        self.contractor = contact.contractor
        self.user = UserFactory.create(contractor=self.contractor)
        self.stranger = UserFactory.create().contractor
        wish = asking.Wish(
            contact.supplier, contact, official("ipa-self-diagnosis"), self.model.due_on
        )
        self.request = asking.ask(self.contractor, wish, send=False, actor=SYSTEM, now=self.now)
        self.told = ["assessment.requested"]
        for act in data.draw(st.sampled_from(self.ways)).split():
            self._go(act)

    def _go(self, act):
        """One step of the way."""
        steps = {
            "later": lambda: self.pass_days(100),
            "ask_for_talks": lambda: self.start_talks("supplier"),
            "propose": lambda: self.talk("propose", "supplier"),
            "agree": lambda: self.decide_about_a_proposal("agree", "contractor"),
            "refuse": lambda: self.decide_about_a_proposal("refuse", "contractor"),
            "reply_to_talks": lambda: self.talk("write", "contractor"),
            "answer": lambda: self.answer("done"),
            "rule": lambda: self.decide_by_rule(True),
            "remind": self._try_to_remind,
            "cancel": lambda: self.end("cancel", 0),
            "decline": lambda: self.end("decline", 0),
        }
        steps.get(act, lambda: self.act(act))()

    @rule(on=st.booleans())
    def decide_by_rule(self, on):
        """The contractor changes the setting."""
        Contractor.objects.filter(pk=self.contractor.pk).update(accepts_by_rule=on)
        self.model.by_rule = on

    @rule(act=st.sampled_from(["submit", "submit", "accept", "return", "reopen", "reply", "send"]))
    def act(self, act):
        if act == "return" and self.model.allows(act):
            self.model.due_on = self.today + timedelta(days=20)
        may = act != "submit" or self.model.answered
        refusal = WrongStatus if may else Incomplete
        self._try(act, getattr(self, f"_{act}"), refusal=refusal, may=may)

    @rule(value=st.sampled_from(["done", "partly", "unknown"]))
    def answer(self, value):
        self._try("answer", lambda: self._answer(value), told=lambda: self.model.answers(value))

    @rule(act=st.sampled_from(["decline", "cancel"]), rarely=st.integers(0, 3))
    def end(self, act, rarely):
        if rarely == 0:
            may = act != "cancel" or not self.model.is_ignored
            refusal = WrongStatus if may else TalksUnanswered
            self._try(act, getattr(self, f"_{act}"), refusal=refusal, may=may)

    @rule(
        act=st.sampled_from(["extend", "extend", "extend_oneself", "remind"]),
        more=st.integers(1, 60),
    )
    def press(self, act, more):
        """What is done about time, together no more often than anything else."""
        if act == "remind":
            self._try_to_remind()
        else:
            getattr(self, f"_{act}")(more)

    def _try_to_remind(self):
        may = not self.model.is_ignored
        refusal = WrongStatus if may else TalksUnanswered
        self._try("remind", self._remind, refusal=refusal, may=may, besides=NOT_SO_OFTEN)

    def _extend(self, more):
        due_on = max(self.today, self.model.due_on) + timedelta(days=more)
        allowed = self.model.allows("extend")
        grant = {"due_on": due_on, "reason": "年末のため", "actor": SYSTEM}
        self._try("extend", lambda: extending.extend(self.request, **grant, now=self.now))
        if allowed:
            self.model.extends(due_on)

    def _extend_oneself(self, more):
        due_on = self.model.due_on + timedelta(days=more // 3 + 1)
        may = self.model.may_extend_itself(due_on, self.today)
        allowed = self.model.allows("extend_oneself")
        refusal = NotByOneself if allowed and not may else WrongStatus
        take = lambda: extending.extend_oneself(self.request, due_on=due_on, now=self.now)  # noqa: E731
        self._try("extend_oneself", take, refusal=refusal, may=may)
        if allowed and may:
            self.model.extends(due_on)
            self.model.extended_by_itself = True

    @rule(count=st.sampled_from(PASSING))
    def pass_days(self, count):
        """The clock strikes once after so many days, as if it had been away."""
        self.now += timedelta(days=count)
        self.seen["rule clock"] += 1
        must = self.model.lets_time_pass(self.today)
        while reminding.write_due(now=self.now):
            pass
        self.strike_for_the_contractor()
        self._happened(must, besides={"assessment.reminded"})

    @rule(rarely=st.integers(0, 2))
    def erase(self, rarely):
        if rarely:
            return
        self.seen["rule erase"] += 1
        while erasing.erase_answers(now=self.now) or erasing.erase_talks(now=self.now):
            pass
        self.model.forgets(self.today)

    @invariant()
    def the_product_is_what_the_model_says(self):
        row = Assessment.objects.get(pk=self.request.pk)
        assert row.status == self.model.status
        assert (row.erased_at is not None) == self.model.erased
        assert (row.talks_erased_at is not None) == self.model.words_erased
        assert (row.decided_at is not None) == (self.model.decided_on is not None)
        assert row.due_on == self.model.due_on
        assert self.request.consultations.unanswered().exists() == self.model.is_ignored
        self.seen[f"status {row.status}"] += 1
        self.seen["decided rule"] += row.accepted_by_rule()

    @invariant()
    def events_tell_what_happened_and_nothing_else(self):
        assert self._kinds() == self.told
        others = Event.objects.of(self.contractor).exclude(subject_id=self.request.public_id)
        assert {each.kind for each in others} <= {"rating.changed"}

    @invariant()
    def a_stranger_sees_nothing_of_it(self):
        assert not Assessment.objects.of(self.stranger).exists()
        assert not Event.objects.of(self.stranger).exists()

    def teardown(self):
        for here, there in getattr(self, "model", Request(date.max)).edges:
            self.seen[f"edge {here} {there}"] += 1
