"""What is done to a request, as the doors would do it, and how it is compared with the model."""

from datetime import timedelta

from assessments import (
    answering,
    asking,
    clarifying,
    declining,
    prompting,
    reviewing,
    submitting,
)
from assessments.answering import Given
from assessments.errors import WrongStatus
from assessments.models import Assessment, DeclineReason, Proposal
from assessments.reviewing import Return
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from events.models import Event
from suppliers import days

PERSON_IN_CHARGE = Responsible("山田花子", "社長", "hanako@yamada.example")


class Acting:
    """Each act of one request at `now`."""

    @property
    def today(self):
        return days.in_japan(self.now)

    def _send(self):
        asking.send(self.request, actor=SYSTEM, now=self.now)

    def _answer(self, value="done"):
        stored = {each.number: each.version for each in self.request.answers.all()}
        given = {number: Given(value, version=stored.get(number, 0)) for number in range(1, 26)}
        answering.answer(self.request, given, now=self.now)
        self.request.refresh_from_db()
        whole = {7: "part_time", 8: "山田"}
        version = self.request.profile_version
        answering.fill_profile(self.request, whole, version=version, now=self.now)

    def _reply(self):
        clarifying.reply(self.request, {3: f"返事 {self.now}"}, now=self.now)

    def _submit(self):
        submitting.submit(self.request, responsible=PERSON_IN_CHARGE, now=self.now)

    def _accept(self):
        reviewing.accept(self.request, actor=SYSTEM, now=self.now)

    def _return(self):
        asked = Return(self.today + timedelta(days=20), {3: "どのパソコンですか。"}, "急ぎません。")
        reviewing.return_(self.request, asked, actor=SYSTEM, now=self.now)

    def _reopen(self):
        reviewing.reopen(self.request, person=self.user, now=self.now)

    def _decline(self):
        reason = DeclineReason.OTHER
        declining.decline(self.request, reason=reason, note="できません。", now=self.now)

    def _cancel(self):
        asking.cancel(self.request, reason="不要になりました。", actor=SYSTEM, now=self.now)

    def _remind(self):
        prompting.remind(self.request, actor=SYSTEM, now=self.now)


class Checked(Acting):
    """An act is done where the model allows it and refused everywhere else."""

    def _try(self, act, does, *, refusal=WrongStatus, may=True, besides=(), told=None):
        """What the model allows is done and told; everything else is refused and changes nothing.

        `refusal` is what is said where the status is right and something else is not; `told` does
        it in the model.
        """
        self.seen[f"rule {act}"] += 1
        in_status = self.model.allows(act)
        if in_status and may:
            try:
                does()
            except besides:
                self.seen[f"refused {act}"] += 1
                return
            self.told += told() if told else self.model.does(act, self.today)
            self.request.refresh_from_db()
        else:
            self._refused(act, does, refusal if in_status else WrongStatus)

    def _refused(self, act, does, refusal):
        self.seen[f"refused {act}"] += 1
        self.seen[f"said {refusal.__name__}"] += 1
        before = self._all()
        try:
            does()
        except refusal as said:
            allowed = said.more.get("allowed", [])
        else:
            raise AssertionError(f"{act} was not refused: {self.model}")
        assert self.model.status not in allowed
        assert self._all() == before

    def _happened(self, must, *, besides):
        found = self._kinds()[len(self.told) :]
        assert [kind for kind in found if kind not in besides] == must
        assert len(found) <= len(must) + 1
        self.told += found

    def _kinds(self):
        mine = Event.objects.of(self.contractor).filter(subject_id=self.request.public_id)
        return list(mine.order_by("sequence").values_list("kind", flat=True))

    def _all(self):
        """All that an act could have changed."""
        return (
            Assessment.objects.filter(pk=self.request.pk).values().get(),
            self._kinds(),
            list(self.request.consultations.order_by("pk").values()),
            list(Proposal.objects.of(self.contractor).order_by("pk").values()),
            list(self.request.answers.order_by("number").values()),
            self.request.occasions.count(),
            self.request.submissions.count(),
        )
