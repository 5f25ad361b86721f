"""Requests and certificates of a few people, and a clock that strikes every other hour.

Both sides act in any order, workers die, the clock steps back; what leaves is looked at after each.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from assessments import (
    consulting,
    extending,
    notifying,
    owing,
    prompting,
    reminding,
    scheduling,
    submitting,
)
from assessments.models import (
    ABOUT_CERTIFICATES,
    AUTOMATIC,
    REMINDERS,
    Assessment,
    Consultation,
    Mail,
    Occasion,
    Side,
)
from assessments.speaking import Matter, Voice
from assessments.submitting import Responsible
from contractors.actors import SYSTEM
from contractors.errors import Refused
from suppliers import opting_out
from suppliers.models import Certification, State, Supplier
from tests.factories import (
    AnsweredFactory,
    CertificationFactory,
    ContactFactory,
    ContractorFactory,
)
from tests.properties.apologising import Apologising
from tests.properties.japan import LONGEST, OFFSET, business_days, day_of, is_office_hour
from tests.sending import carry

STARTS = [  # half past ten in Tokyo, weeks and days before the business stands still
    datetime(year, month, day, 1, 30, tzinfo=UTC)
    for year, month, day in [
        (2026, 12, 14), (2026, 12, 24), (2027, 4, 19), (2027, 4, 28), (2027, 8, 2), (2027, 8, 10),
    ]
]  # fmt: skip
TICK = timedelta(hours=2)
DUE = (11, 25, 32, 39)  # days after the start
TIMED = REMINDERS | ABOUT_CERTIFICATES
BY_CLOCK = AUTOMATIC - {Occasion.Kind.INVITATION}
EARLIEST = {"second_reminder": -3, "after_due": 1}  # business days from the due day


class Post(Apologising, RuleBasedStateMachine):
    """Whoever does what, nobody is written to too often, at night, or in vain."""

    seen: Counter[str]

    @initialize(start=st.sampled_from(STARTS), days=st.sampled_from([11, 24, 0]))
    def ask(self, start, days):
        self.now = self.latest = start
        self.begin_apologising()
        self.contractor = ContractorFactory.create()
        self.requests, self.stopped, self.touched, self.checked = [], {}, set(), set()
        for number, later in enumerate(DUE):
            contact = ContactFactory.create(
                contractor=self.contractor,
                email=f"person{number % 2}-{self.contractor.pk}@x.example",
            )
            request = AnsweredFactory.create(
                contractor=self.contractor, contact=contact,
                due_on=day_of(start) + timedelta(days=later), requested_at=start,
            )  # fmt: skip
            Assessment.objects.filter(pk=request.pk).update(remind_at=self.now)
            owing.owe(request, contact, Occasion.Kind.INVITATION, now=self.now)
            self.requests.append(request)
        first = self.requests[0]
        self.certificate = CertificationFactory.create(
            contractor=self.contractor, supplier=first.supplier, scheme="isms",
            state=State.VERIFIED, valid_until=day_of(start) + timedelta(days=68),
        )  # fmt: skip
        self._work()
        self.pass_time(24 * days)

    @rule(hours=st.sampled_from([4, 24, 48, 96, 168]))
    def pass_time(self, hours):
        """Nothing comes up at night, so that the clock strikes where it matters."""
        for _ in range(hours // 2):
            self.now += TICK
            if 6 <= (self.now + OFFSET).hour <= 20:
                self._strike()

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
        """A worker claims and is killed; two clocks have struck before."""
        self._write()
        self._write()
        list(Mail.objects.claim(now=self.now + timedelta(minutes=26)))

    @rule(
        act=st.sampled_from(["submit", "extend", "talk", "opt_out", "archive", "cancel", "remind"]),
        number=st.integers(0, len(DUE) - 1),
        rarely=st.integers(0, 2),
    )
    def act(self, act, number, rarely):
        if rarely:
            return
        request = self.requests[number]
        self._write()
        self.touched.add(request.pk)
        try:
            getattr(self, f"_{act}")(request)
        except Refused:
            self.seen["refused"] += 1
        else:
            self.seen[act] += 1
        self._work()

    @rule(who=st.integers(0, 1))
    def take_back_all_of_a_person(self, who):
        for number in range(who, len(DUE), 2):
            self.act("cancel", number, 0)

    def _submit(self, request):
        person = Responsible(name="山田太郎", title="社長", email=request.contact.email)
        submitting.submit(request, responsible=person, now=self.now)
        self.stopped[request.pk] = TIMED

    def _extend(self, request):
        later = request.due_on + timedelta(days=10)
        extending.extend_oneself(request, due_on=later, now=self.now)

    def _talk(self, request):
        matter = Matter(Consultation.Kind.TALKS, "期限を相談させてください。", ["time"])
        consulting.start(request, matter, voice=Voice(Side.SUPPLIER, SYSTEM), now=self.now)
        self.stopped.setdefault(request.pk, BY_CLOCK)

    def _opt_out(self, request):
        opting_out.opt_out(request.contact, now=self.now)
        self.stopped[request.pk] = TIMED
        same = request.contact.email
        self.unreachable |= {each.pk for each in self.requests if each.contact.email == same}

    def _archive(self, request):
        Supplier.objects.filter(pk=request.supplier_id).update(status="archived")
        self.unreachable.add(request.pk)
        self.stopped[request.pk] = TIMED

    def _cancel(self, request):
        self.take_back(request)
        self.stopped[request.pk] = TIMED

    def _remind(self, request):
        prompting.remind(request, actor=SYSTEM, now=self.now)

    def _strike(self):
        self.latest = max(self.latest, self.now)
        self._write()
        self._work()

    def _write(self):
        notifying.write_due(now=self.now)
        while reminding.write_due(now=self.now):
            pass

    def _work(self):
        """What is due now, and what the letters of this moment become due at."""
        for moment in (self.now, self.now + timedelta(minutes=26)):
            while claimed := Mail.objects.select_related("contact").claim(now=moment):
                carry(claimed[::-1], now=moment)
        self._look()

    def _look(self):
        """At each letter once, as things stood when it left."""
        rows = Occasion.objects.filter(
            contractor=self.contractor, mail__outcome="sent", left_out=""
        ).exclude(pk__in=self.checked)
        for row in rows.select_related("mail", "assessment"):
            self.checked.add(row.pk)
            self.seen[f"sent {row.kind}"] += 1
            if row.kind in TIMED:
                assert is_office_hour(row.mail.closed_at), (row.kind, row.mail.closed_at)
            if row.assessment:
                assert row.kind not in self.stopped.get(row.assessment.pk, ()), row.kind
                self._look_at_day(row)

    def _look_at_day(self, row):
        """Not before its step, by a calendar that is not the product's."""
        earliest = day_of(row.mail.closed_at)
        if row.kind == "first_reminder":
            earliest = business_days(day_of(row.assessment.invited_at), 7)
        elif row.kind in EARLIEST:
            earliest = business_days(row.assessment.due_on, EARLIEST[row.kind])
        assert day_of(row.mail.closed_at) >= earliest, (row.kind, row.mail.closed_at, earliest)

    @invariant()
    def a_person_has_one_letter_a_day_that_nobody_waits_for(self):
        rows = Mail.objects.filter(
            contractor=self.contractor, outcome="sent", occasions__kind__in=TIMED,
            occasions__left_out="",
        ).distinct()  # fmt: skip
        known = rows.values_list("pk", "contact__email", "closed_at")
        told = Counter((address, day_of(at)) for _, address, at in known)
        assert all(count == 1 for count in told.values()), told

    @invariant()
    def about_a_request_there_are_four_letters_at_most(self):
        rows = Occasion.objects.filter(
            contractor=self.contractor, kind__in=AUTOMATIC, mail__outcome="sent", left_out=""
        )
        counts = Counter(rows.values_list("assessment", flat=True))
        assert all(count <= 4 for count in counts.values()), counts

    @invariant()
    def what_nobody_touched_was_written_about_as_planned_and_once(self):
        for request in self.requests:
            if request.pk in self.touched:
                continue
            plan = scheduling.schedule_of(request).moments(
                invited_at=request.invited_at, due_on=request.due_on
            )
            rows = request.occasions.filter(mail__outcome="sent", left_out="")
            sent = Counter(rows.values_list("kind", flat=True))
            due = {code.value for at, code in plan if at < self.latest - LONGEST} & BY_CLOCK
            may = {code.value for at, code in plan if at <= self.latest} | {"invitation"}
            assert due <= set(sent) <= may, (request.due_on, self.latest, due, sent)
            assert all(count == 1 for count in sent.values()), sent
