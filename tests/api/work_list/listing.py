"""What the tests of the work list share: what makes work, and what the list says of it."""

from datetime import UTC, datetime

from assessments import consulting, submitting
from assessments.models import Consultation, Mail
from assessments.submitting import Responsible
from suppliers.models import Contact
from tests.acts.test_consulting import THEY
from tests.factories import AnsweredFactory, AssessmentFactory

PATH = "/api/v1/work-list/"
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
OWNER = Responsible("山田花子", "社長", "hanako@yamada.example")


def hand_in(contractor, value="done", at=NOW):
    assessment = AnsweredFactory.create(contractor=contractor, answers=value)
    submitting.submit(assessment, responsible=OWNER, now=at)
    return assessment


def work(api, **query):
    return api.get(PATH, query).json()["results"]


def codes(row):
    return [reason["code"] for reason in row["reasons"]]


def call(contractor, at, **fields):
    """Nothing was handed in, and somebody is to call since then."""
    return AssessmentFactory.create(contractor=contractor, escalated_at=at, **fields)


def ask(contractor, at, kind="talks", topics=("cost",), **matter):
    """The supplier asks about a request of its own, and waits."""
    assessment = AssessmentFactory.create(contractor=contractor)
    wish = consulting.Matter(Consultation.Kind(kind), "ご相談です。", topics, **matter)
    return consulting.start(assessment, wish, voice=THEY, now=at)


def asked(rows):
    return [row["consultation"].rsplit("/", 2)[1] if row["consultation"] else None for row in rows]


def lose(contractor, outcome, at=NOW):
    """A request whose reminder came back, or was given up."""
    asked = AssessmentFactory.create(contractor=contractor)
    ended = {"closed_at": at} if outcome == "bounced" else {}
    mail = Mail.objects.create(
        contractor=contractor, contact=asked.contact, outcome=outcome, **ended
    )
    asked.occasions.create(contractor=contractor, mail=mail, kind="reminder", arose_on=at.date())
    if outcome == "bounced":
        Contact.objects.filter(pk=asked.contact_id).update(status="bounced")
    return asked
