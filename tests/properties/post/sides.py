"""What both sides do about requests, as the doors would do it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from assessments import (
    answering,
    asking,
    consulting,
    extending,
    prompting,
    reviewing,
    submitting,
)
from assessments.answering import Given
from assessments.models import Assessment, Consultation, Occasion, Side
from assessments.reviewing import Return
from assessments.speaking import Matter, Voice
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from contractors.errors import Refused
from suppliers import opting_out
from suppliers.models import Supplier
from tests.properties.post.apologies import Apologies
from tests.properties.post.japan import day_of

ACTS = [
    "submit", "submit", "return", "extend", "talk", "opt_out", "archive", "cancel", "remind",
]  # fmt: skip
Kind = Occasion.Kind


class Sides(Apologies):
    """To be mixed in. Of each request it is known whether anybody may be written to about it.

    `touched` are those of which a side did anything, `submitted` those that wait for nobody, and
    `ended` those about which nothing is to come; `talking` those that are talked about, and
    `returned` on which day those were of which nothing was done since.
    """

    seen: Counter[str]
    requests: list[Assessment]
    write: Callable[[], None]
    work: Callable[[], None]

    def begin_sides(self) -> None:
        self.touched: set[int] = set()
        self.submitted: set[int] = set()
        self.ended: set[int] = set()
        self.talking: set[int] = set()
        self.returned: dict[int, date] = {}
        self.unreachable: set[int] = set()

    @rule(act=st.sampled_from(ACTS), place=st.integers(0, 20), rarely=st.integers(0, 1))
    def act(self, act, place, rarely):
        if rarely or not self.requests:
            return
        request = self.requests[place % len(self.requests)]
        request.refresh_from_db()
        self.write()  # what comes up by now has yet to leave
        self.touched.add(request.pk)
        self.returned.pop(request.pk, None)
        try:
            promptly = getattr(self, f"_{act}")(request)
        except Refused:
            self.seen[f"refused {act}"] += 1
            return
        self.seen[act] += 1
        self.work()
        if promptly and request.pk not in self.unreachable:
            self._left_now(request, promptly)

    @rule(who=st.integers(0, 2))
    def take_back_all_of_a_person(self, who):
        for place, request in enumerate(self.requests):
            if request.contact.email.startswith(f"person{who}"):
                self.act("cancel", place, 0)

    def _submit(self, request: Assessment) -> Kind:
        if not request.answers.exists():
            self._answer(request)
        person = Responsible(name="山田太郎", title="社長", email=request.contact.email)
        submitting.submit(request, responsible=person, now=self.now)
        self.submitted.add(request.pk)
        return Kind.RECEIPT

    def _answer(self, request: Assessment) -> None:
        given = {number: Given("done") for number in range(1, 26)}
        answering.answer(request, given, now=self.now)
        told = {7: "part_time", 8: "山田"}
        answering.fill_profile(request, told, version=request.profile_version, now=self.now)

    def _return(self, request: Assessment) -> Kind:
        asked = Return(day_of(self.now) + timedelta(days=20), {3: "どのパソコンですか。"})
        reviewing.return_(request, asked, actor=SYSTEM, now=self.now)
        self.submitted.discard(request.pk)
        self.returned[request.pk] = day_of(self.now)
        return Kind.RETURNED

    def _extend(self, request: Assessment) -> None:
        later = request.due_on + timedelta(days=10)
        extending.extend_oneself(request, due_on=later, now=self.now)

    def _talk(self, request: Assessment) -> None:
        matter = Matter(Consultation.Kind.TALKS, "期限を相談させてください。", ["time"])
        consulting.start(request, matter, voice=Voice(Side.SUPPLIER, SYSTEM), now=self.now)
        self.talking.add(request.pk)

    def _opt_out(self, request: Assessment) -> None:
        opting_out.opt_out(request.contact, now=self.now)
        address = request.contact.email
        self._lose([each for each in self.requests if each.contact.email == address])

    def _archive(self, request: Assessment) -> None:
        Supplier.objects.filter(pk=request.supplier_id).update(status="archived")
        self._lose([each for each in self.requests if each.supplier_id == request.supplier_id])

    def _lose(self, requests: Sequence[Assessment]) -> None:
        keys = {each.pk for each in requests}
        self.unreachable |= keys
        self.ended |= keys
        self.touched |= keys

    def _cancel(self, request: Assessment) -> None:
        told = self.told([request])
        asking.cancel(request, reason="", actor=SYSTEM, now=self.now)
        self.ended.add(request.pk)
        self.taken_back([request], told)

    def _remind(self, request: Assessment) -> None:
        prompting.remind(request, actor=SYSTEM, now=self.now)

    def _left_now(self, request: Assessment, kind: Kind) -> None:
        """Somebody waits for this letter: at any hour it is the next thing that leaves."""
        letters = request.occasions.filter(kind=kind, left_out="", mail__outcome="sent")
        newest = letters.order_by("-mail__closed_at").values_list("mail__closed_at", flat=True)
        left = list(newest[:1])
        assert [at for at in left if at and at >= self.now], (kind, left, self.now)
