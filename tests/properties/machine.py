"""Everything that can be done with a request, in any order, beside a model of it."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments import asking, consulting, extending, reminding
from assessments.errors import (
    AlreadyOpen,
    Incomplete,
    NotByOneself,
    RemindedEnough,
    WrittenToday,
    WrongStatus,
)
from assessments.models import Assessment, Consultation, Proposal
from contractors.actors import SYSTEM
from events.models import Event
from retention import erasing
from tests.acts.test_consulting import PERSON, TERMS, THEY
from tests.factories import ContactFactory, UserFactory, official
from tests.properties.acting import Checked
from tests.properties.model import Request

START = datetime(2026, 11, 25, 1, tzinfo=UTC)  # ten in the morning in Tokyo, a Wednesday
WAYS = {  # one to each edge, which it takes last; what follows is anybody's guess
    "": ("cancel",),
    "send": ("", "answer", "decline", "cancel", "later", "start_talks"),
    "send answer": ("submit", "decline", "cancel", "later"),
    "send answer submit": ("accept", "return", "cancel"),
    "send answer submit return": ("submit", "cancel", "later"),
    "send answer submit accept": ("reopen",),
    "send later": ("answer", "decline", "cancel"),
    "send answer later": ("submit",),
}
NOT_SO_OFTEN = (WrittenToday, RemindedEnough)
PASSING = (1, 1, 3, 11, 40, 100, 1200, 2600)  # days


class Life(Checked, RuleBasedStateMachine):
    """After each step the product is what the model says, and events tell exactly that."""

    seen: Counter[str]  # of all runs of a test, and
    way: str  # acts that come first: both are set by the test

    @initialize()
    def ask(self):
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
        for act in self.way.split():
            if act == "later":
                self.pass_days(100)
            elif act == "start_talks":
                self.start_talks()
            elif act == "answer":
                self.answer("done")
            else:
                self.act(act)

    @rule(act=st.sampled_from(["send", "submit", "submit", "accept", "return", "reopen", "reply"]))
    def act(self, act):
        if act == "return" and self.model.allows(act):
            self.model.due_on = self.today + timedelta(days=20)
        may = act != "submit" or self.model.answered
        refusal = WrongStatus if may else Incomplete
        self._try(act, getattr(self, f"_{act}"), refusal=refusal, may=may)

    @rule(value=st.sampled_from(["done", "partly", "unknown"]))
    def answer(self, value):
        self._try("answer", lambda: self._answer(value))

    @rule(act=st.sampled_from(["decline", "cancel"]), rarely=st.integers(0, 3))
    def end(self, act, rarely):
        if rarely == 0:
            self._try(act, getattr(self, f"_{act}"))

    @rule(more=st.integers(1, 60))
    def extend(self, more):
        due_on = max(self.today, self.model.due_on) + timedelta(days=more)
        allowed = self.model.allows("extend")
        grant = {"due_on": due_on, "reason": "年末のため", "actor": SYSTEM}
        self._try("extend", lambda: extending.extend(self.request, **grant, now=self.now))
        if allowed:
            self.model.extends(due_on)

    @rule(more=st.integers(1, 20))
    def extend_oneself(self, more):
        due_on = self.model.due_on + timedelta(days=more)
        may = self.model.may_extend_itself(due_on, self.today)
        allowed = self.model.allows("extend_oneself")
        refusal = NotByOneself if allowed and not may else WrongStatus
        take = lambda: extending.extend_oneself(self.request, due_on=due_on, now=self.now)  # noqa: E731
        self._try("extend_oneself", take, refusal=refusal, may=may)
        if allowed and may:
            self.model.extends(due_on)
            self.model.extended_by_itself = True

    @rule()
    def remind(self):
        self._try("remind", self._remind, besides=NOT_SO_OFTEN)

    @rule()
    def start_talks(self):
        refusal = AlreadyOpen if self.model.talks in {"open", "proposed"} else WrongStatus
        matter = consulting.Matter(Consultation.Kind.TALKS, f"相談 {self.now}", ["cost"])
        fresh = self.model.talks not in {"open", "proposed"}
        start = lambda: consulting.start(self.request, matter, voice=PERSON, now=self.now)  # noqa: E731
        if not self.model.may_talk("start"):
            refusal = WrongStatus
        self._talk("start", start, "consultation.opened", "open", may=fresh, refusal=refusal)

    @rule(act=st.sampled_from(["write", "propose", "agree", "close"]))
    def talk(self, act):
        thread = self.request.consultations.order_by("-pk").first()
        if thread is None:
            return
        proposal = thread.proposals.filter(state=Proposal.State.OPEN).first()
        if act == "agree" and proposal is None:
            return
        does = {
            "write": lambda: consulting.write(thread, f"{self.now}", voice=PERSON, now=self.now),
            "propose": lambda: consulting.propose(thread, TERMS, voice=PERSON, now=self.now),
            "agree": lambda: consulting.agree(proposal, voice=THEY, now=self.now),
            "close": lambda: consulting.close(thread, "終わります。", voice=PERSON, now=self.now),
        }
        kind = "consultation.agreed" if act == "agree" else "consultation.replied"
        after = {"write": self.model.talks, "propose": "proposed"}.get(act, "ended")
        self._talk(act, does[act], kind, after)

    @rule(count=st.sampled_from(PASSING))
    def pass_days(self, count):
        """The clock strikes once after so many days, as if it had been away."""
        self.now += timedelta(days=count)
        self.seen["rule clock"] += 1
        must = self.model.lets_time_pass(self.today)
        while reminding.write_due(now=self.now):
            pass
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
        self.seen[f"status {row.status}"] += 1

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
