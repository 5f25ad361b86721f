"""What is kept no longer is emptied when its day has come, by the eraser alone."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.utils.dateparse import parse_datetime

from assessments import answering, inviting, submitting
from assessments.answering import Given
from assessments.errors import WrongStatus
from assessments.models import Answer, Assessment, Status, Submission, Tally
from assessments.submitting import Responsible
from contractors.models import Scope
from ratings import rerating
from ratings.models import Rating
from retention import erasing, tasks
from retention.models import Erasure
from suppliers.models import Contact, Supplier
from tests.factories import AnsweredFactory, AssessmentFactory, ContactFactory
from tests.retention.conftest import ENDED, KEPT, NOW

pytestmark = pytest.mark.usefixtures("committed")


def test_answers_are_kept_to_the_last_minute_in_japan(decided):
    assert erasing.erase_answers(now=KEPT) == 0
    assert decided.answers.count() == 25
    assert erasing.erase_answers(now=ENDED) == 1
    assert erasing.erase_answers(now=ENDED) == 0


def test_a_snapshot_becomes_what_it_came_to(decided):
    before = decided.submissions.select_related("rating").get()

    erasing.erase_answers(now=ENDED)

    after = decided.submissions.get()
    assert after.content.pop("erased_at")
    assert after.content == {
        "digest": before.digest,
        "policy": "tasuki 2026.1",
        "score": str(before.rating.score),
        "grade": before.rating.grade,
        "band": before.rating.result["self_diagnosis"]["band"],
        "rule": "answers",
    }
    assert (after.digest, after.receipt) == (before.digest, before.receipt)


def test_nothing_that_was_answered_stays(decided):
    erasing.erase_answers(now=ENDED)

    decided.refresh_from_db()
    rating = Rating.objects.get()
    assert (decided.profile, decided.holdings, decided.closing_note) == ({}, {}, "")
    assert decided.erased_at == ENDED
    assert not Answer.objects.exists()
    assert not Tally.objects.exists()
    assert rating.erased
    assert set(rating.result) == {"band", "erased_at", "rule"}


def test_every_erasure_is_written_down_with_the_digest(decided):
    erasing.erase_answers(now=ENDED)

    noted = Erasure.objects.get()
    assert (noted.rule, noted.subject_type, noted.subject_id) == (
        "answers", "assessment", decided.public_id,
    )  # fmt: skip
    assert noted.digests == [decided.submissions.get().digest]


def test_what_another_request_rests_on_stays(decided):
    later = AnsweredFactory.create(contractor=decided.contractor, contact=decided.contact)
    person = Responsible(name="山田花子", title="社長", email="hanako@yamada.example")
    submitting.submit(later, responsible=person, now=NOW + timedelta(days=400))

    assert erasing.erase_answers(now=ENDED) == 1

    assert later.answers.count() == 25
    assert not later.submissions.get().erased
    assert not later.submissions.get().rating.erased
    assert decided.submissions.get().rating.erased
    assert Tally.objects.get().submission == later.submissions.get()


def test_a_request_says_itself_how_long_it_is_kept(decided):
    Assessment.objects.update(answers_kept_months=24)

    assert erasing.erase_answers(now=NOW + timedelta(days=729)) == 0
    assert erasing.erase_answers(now=NOW + timedelta(days=731)) == 1


def test_one_transaction_takes_no_more_than_a_batch(decided):
    AssessmentFactory.create_batch(2, due_on=NOW.date())

    assert erasing.erase_answers(now=ENDED, limit=2) == 2
    assert erasing.erase_answers(now=ENDED, limit=2) == 1


def test_talks_and_wishes_are_kept_longer(decided):
    Assessment.objects.update(message="図面の件です。", requirements={"scope": "図面"})

    assert erasing.erase_talks(now=ENDED) == 0
    assert erasing.erase_talks(now=datetime(2033, 12, 1, tzinfo=UTC)) == 1

    decided.refresh_from_db()
    assert (decided.message, decided.requirements) == ("", {})


def test_an_idle_person_is_nobody_after_12_months():
    contact = ContactFactory.create(last_active_on="2026-01-15", phone="03-1234-5678")

    assert erasing.erase_idle_contacts(now=datetime(2027, 1, 14, tzinfo=UTC)) == 0
    assert erasing.erase_idle_contacts(now=datetime(2027, 1, 15, tzinfo=UTC)) == 1

    contact.refresh_from_db()
    assert (contact.name, contact.title, contact.phone, contact.status) == ("", "", "", "opted_out")
    assert contact.email == f"{contact.public_id}@erased.invalid"


def test_two_people_of_one_supplier_may_be_erased():
    first = ContactFactory.create(last_active_on="2020-01-15")
    ContactFactory.create(
        contractor=first.contractor, supplier=first.supplier, last_active_on="2020-01-15"
    )

    assert erasing.erase_idle_contacts(now=NOW) == 2
    assert Contact.objects.exclude(erased_at=None).count() == 2


def test_who_waits_for_a_request_or_answered_lately_stays(decided):
    waiting = AssessmentFactory.create(contact__last_active_on="2020-01-15").contact
    Contact.objects.update(last_active_on="2020-01-15")

    erasing.erase_idle_contacts(now=NOW + timedelta(days=300))

    assert not Contact.objects.exclude(erased_at=None).exists()
    waiting.refresh_from_db()
    assert waiting.last_active_on.isoformat() == "2027-09-27"


@pytest.mark.parametrize("alias", ["default", "owner"])
def test_neither_service_nor_owner_can_erase(decided, alias):
    emptied = "jsonb_build_object('erased_at', 1, 'digest', digest)"

    with pytest.raises(DatabaseError), transaction.atomic(using=alias):
        connections[alias].cursor().execute(f"UPDATE assessments_submission SET content={emptied}")

    assert not Submission.objects.get().erased


def test_what_is_erased_is_never_erased_anew(decided):
    erasing.erase_answers(now=ENDED)

    emptied = "jsonb_build_object('erased_at', 1, 'digest', digest)"
    with pytest.raises(DatabaseError), transaction.atomic(using="eraser"):
        connections["eraser"].cursor().execute(
            f"UPDATE assessments_submission SET content = {emptied}"
        )


def test_the_command_erases_only_when_it_is_told_to(decided, capsys):
    Assessment.objects.update(decided_at=datetime(2020, 1, 1, tzinfo=UTC))

    call_command("erase", "--json")
    planned = json.loads(capsys.readouterr().out)
    kept = Answer.objects.count()
    call_command("erase", "--really", "--json")
    erased = json.loads(capsys.readouterr().out)

    assert planned == {"answers": 1, "talks": 0, "contact": 0, "person": 0}
    assert kept == 25
    assert erased == {"answers": 1, "talks": 0, "contact": 0, "person": 0}
    assert not Answer.objects.exists()


def test_without_the_role_nothing_is_erased_and_the_reason_is_said(decided, monkeypatch):
    monkeypatch.delitem(connections.settings, "eraser")

    assert tasks.erase() is False
    with pytest.raises(CommandError, match="DATABASE_ERASER_URL"):
        call_command("erase", "--really")


def test_the_nightly_sweep_erases_and_says_when_it_is_done(decided):
    assert tasks.erase(now=ENDED.isoformat()) is True
    while tasks.erase(now=ENDED.isoformat()):
        pass
    assert decided.submissions.get().erased


def test_the_api_says_since_when_it_is_erased(decided, api_of):
    erasing.erase_answers(now=ENDED)
    api, path = api_of(decided.contractor), f"/api/v1/assessments/{decided.public_id}/"

    answers, files = api.get(f"{path}answers/"), api.get(f"{path}evidence/")

    assert [answers.status_code, files.status_code] == [410, 410]
    assert answers.json()["code"] == "erased"
    assert parse_datetime(answers.json()["erased_at"]) == ENDED


def test_the_api_tells_score_and_grade_of_what_is_erased(decided, api_of):
    path = f"/api/v1/assessments/{decided.public_id}/"
    before = api_of(decided.contractor).get(f"{path}rating/").json()
    erasing.erase_answers(now=ENDED)

    for scopes in (Scope.values, ["ratings:read", "assessments:read"]):
        told = api_of(decided.contractor, *scopes).get(f"{path}rating/").json()

        assert (told["score"], told["grade"]) == (before["score"], before["grade"])
        assert (told["drivers"], told["self_diagnosis"], told["confidence"]) == ([], None, None)
        assert told["erased_at"] == "2029-11-30T15:00:00Z"


@pytest.mark.parametrize(
    "path",
    [
        "assessments/", "assessments/{id}/", "assessments/{id}/submissions/", "ratings/",
        "suppliers/{supplier}/standing/", "suppliers/{supplier}/clearance/", "suppliers/",
        "analytics/portfolio/", "benchmarks/",
    ],
)  # fmt: skip
def test_every_list_still_answers(decided, api_of, path):
    erasing.erase_answers(now=ENDED)
    erasing.erase_idle_contacts(now=ENDED + timedelta(days=400))
    where = path.format(id=decided.public_id, supplier=decided.supplier.public_id)

    assert api_of(decided.contractor).get(f"/api/v1/{where}").status_code == 200


def test_a_rating_that_stands_on_nothing_does_not_stop_the_others(decided):
    Supplier.objects.update(rating_due_at=NOW)
    erasing.erase_answers(now=ENDED)

    assert rerating.rerate(now=ENDED) == 1


def test_ratings_are_verified_as_erased(decided, capsys):
    erasing.erase_answers(now=ENDED)

    call_command("ratings_verify", "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["same"], told["different"], told["erased"]) == (0, 0, 1)


@pytest.mark.parametrize("page", ["", "receipt", "result", "answers/1", "submit", "company"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_pages_say_since_when_it_is_erased(decided, page, language):
    erasing.erase_answers(now=ENDED)
    browser = Client(headers={"Accept-Language": language})
    browser.cookies["django_language"] = language

    answer = browser.get(f"/f/{decided.public_id}/{page}")

    assert answer.status_code == 410
    day = "2029年12月1日" if language == "ja" else "December 1, 2029"
    assert day in answer.content.decode()


def test_the_link_of_the_mail_leads_to_the_same_page(decided):
    address = inviting.issue_link(decided, now=NOW)
    erasing.erase_answers(now=ENDED)

    assert Client().get(urlsplit(address).path).status_code == 410
    assert Client().post(urlsplit(address).path).status_code == 410


def test_an_erased_request_takes_no_answers(decided):
    Assessment.objects.update(status=Status.SUBMITTED)  # reopened, then returned
    Assessment.objects.update(status=Status.RETURNED, decided_at=NOW)
    erasing.erase_answers(now=ENDED)

    with pytest.raises(WrongStatus):
        answering.answer(decided, {1: Given("done")}, now=ENDED)


def test_a_person_who_asks_is_erased_at_once_and_nobody_else():
    asking, other = ContactFactory.create(), ContactFactory.create()

    call_command("erase", "--contact", str(asking.public_id))
    asking.refresh_from_db()
    assert asking.erased_at is None
    call_command("erase", "--contact", str(asking.public_id), "--really")

    asking.refresh_from_db()
    other.refresh_from_db()
    assert (asking.name, asking.status, other.name) == ("", "opted_out", "山田太郎")
    assert Erasure.objects.get().rule == "person"
    with pytest.raises(CommandError, match="no such contact"):
        call_command("erase", "--contact", str(asking.public_id), "--really")
