"""What both sides say in talks, and the clock of the one that owes an answer."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from assessments import consulting, urging
from assessments.errors import AlreadyOpen, WrongStatus
from assessments.models import Consultation, Proposal
from tests.acts.test_consulting import PERSON, TERMS, THEY
from tests.properties.acting import Checked

VOICES = {"supplier": THEY, "contractor": PERSON}
SIDES = st.sampled_from(sorted(VOICES))


class Talking(Checked):
    """Threads of a request; each act is by one of both sides."""

    words = 0

    @rule(side=SIDES)
    def start_talks(self, side):
        fresh = not self.model.talks
        refusal = AlreadyOpen if self.model.may_talk("start") else WrongStatus
        matter = consulting.Matter(Consultation.Kind.TALKS, self._words(), ["cost"])
        start = lambda: consulting.start(self.request, matter, **self._by(side))  # noqa: E731
        self._say("start", start, side, may=fresh, refusal=refusal)

    @rule(act=st.sampled_from(["write", "write", "propose", "close"]), side=SIDES)
    def talk(self, act, side):
        thread = self.request.consultations.order_by("-pk").first()
        if thread is None:
            return
        terms = replace(TERMS, measure=self._words())
        does = {
            "write": lambda: consulting.write(thread, self._words(), **self._by(side)),
            "propose": lambda: consulting.propose(thread, terms, **self._by(side)),
            "close": lambda: consulting.close(thread, self._words(), **self._by(side)),
        }
        self._say(act, does[act], side)

    @rule(act=st.sampled_from(["agree", "refuse"]), side=SIDES)
    def decide_about_a_proposal(self, act, side):
        """Of the other side, if one lies there."""
        lying = Proposal.objects.of(self.contractor).filter(state=Proposal.State.OPEN)
        proposal = lying.exclude(side=side).order_by("-pk").first()
        assert (proposal is not None) == bool(self.model.offers - {side})
        if proposal is None:
            return
        decide = getattr(consulting, act)
        self._say(act, lambda: decide(proposal, self._words(), **self._by(side)), side)

    def strike_for_the_contractor(self):
        while urging.write_due(now=self.now):
            pass

    def _say(self, act, does, side, *, may=True, refusal=WrongStatus):
        self.seen[f"rule {act}"] += 1
        if self.model.may_talk(act) and may:
            does()
            self.told.append(self.model.talk(act, side, self.today))
        else:
            self._refused(act, does, refusal)

    def _by(self, side):
        return {"voice": VOICES[side], "now": self.now}

    def _words(self):
        """Never the same twice: who says the same once more meant one thing."""
        self.words += 1
        return f"相談 {self.words}"
