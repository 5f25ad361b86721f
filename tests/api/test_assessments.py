import pytest
from django.utils import timezone

from assessments import submitting
from assessments.models import AnswerReading, Assessment, Mail, Status
from assessments.submitting import Responsible
from contractors.models import Contractor, Scope
from events.models import Event
from tests.factories import (
    AnsweredFactory,
    AssessmentFactory,
    ContactFactory,
    SupplierFactory,
)

URL = "/api/v1/assessments/"
KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def wanted(contractor):
    supplier = ContactFactory.create(contractor=contractor).supplier
    return {
        "supplier": str(supplier.public_id),
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
    }


@pytest.fixture
def handed_in(contractor):
    assessment = AnsweredFactory.create(contractor=contractor, answers="partly")
    submitting.submit(
        assessment, responsible=Responsible("山田", "社長", "y@s.example"), now=timezone.now()
    )
    return f"{URL}{assessment.public_id}/"


def kinds():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))[1:]


def test_asking_invites_at_once_and_says_so(api, wanted):
    answer = api.post(URL, wanted)

    assert answer.status_code == 201
    body = answer.json()
    assert api.get(answer.headers["Location"]).json() == body
    assert body["status"] == "invited"
    assert body["progress"] == {"answered": 0, "total": 25}
    assert (body["rating"], body["link_sent_at"]) == (None, None)
    assert [each["code"] for each in body["warnings"]] == ["reason-empty"]
    assert [move["status"] for move in body["history"]] == ["draft", "invited"]
    assert kinds() == ["assessment.requested", "assessment.invited"]
    assert Mail.objects.count() == 1


def test_a_draft_is_sent_later_and_only_once_and_only_with_a_key(api, wanted):
    draft = api.post(URL, wanted | {"send": False}).json()
    url = f"{URL}{draft['id']}/send/"
    assert (draft["status"], Mail.objects.count()) == ("draft", 0)

    without = api.post(url)
    sent = api.post(url, headers=KEY)
    again = api.post(url, headers={"Idempotency-Key": "two"})

    assert (without.status_code, without.json()["code"]) == (400, "idempotency-key-required")
    assert sent.json()["status"] == "invited"
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")
    assert again.json()["allowed"] == ["draft"]
    assert Mail.objects.count() == 1


REQUIREMENTS = {
    "reasons": ["confidential_information"],
    "scope": "図面のやり取り",
    "required_certifications": [{"scheme": "security_action_1", "necessity": "recommended"}],
    "cost": {"bearer": "to_be_discussed", "talks_welcome": True, "contact": "佐藤"},
    "answers_seen_by": ["security"],
    "retention_months": 36,
}


def test_requirements_are_kept_as_they_were_given(api, wanted):
    body = api.post(URL, wanted | {"requirements": REQUIREMENTS}).json()

    assert body["requirements"] == REQUIREMENTS


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"reason": []}, "/requirements/reason"),
        ({"reasons": "all"}, "/requirements/reasons"),
        ({"cost": {"bearer": "nobody"}}, "/requirements/cost/bearer"),
        (
            {"required_certifications": [{"scheme": "iso", "necessity": "required"}]},
            "/requirements/required_certifications/0/scheme",
        ),
        ({"target": {"score": 101}}, "/requirements/target/score"),
        ({"retention_months": 12}, "/requirements/retention_months"),
    ],
)
def test_wrong_requirements_get_their_pointer(api, wanted, change, pointer):
    answer = api.post(URL, wanted | {"requirements": REQUIREMENTS | change})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Assessment.objects.exists()


def test_all_that_is_wrong_is_told_at_once_and_where(api, wanted):
    answer = api.post(
        URL, wanted | {"due_on": "soon", "supplier": None, "questionnaire": "iso", "x": 1}
    )

    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/due_on", "/supplier", "/questionnaire", "/x"}


def test_a_day_that_is_over_is_refused(api, wanted):
    [error] = api.post(URL, wanted | {"due_on": "2020-01-01"}).json()["errors"]

    assert (error["pointer"], error["code"]) == ("/due_on", "past")


def test_a_supplier_without_a_contact_that_works_cannot_be_asked(api, contractor, wanted):
    nobody = SupplierFactory.create(contractor=contractor)
    bounced = ContactFactory.create(contractor=contractor, status="bounced").supplier

    for supplier in (nobody, bounced):
        answer = api.post(URL, wanted | {"supplier": str(supplier.public_id)})
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/supplier", "no-contact")


def test_the_primary_contact_is_asked_unless_another_is_named(api, contractor, wanted):
    supplier = SupplierFactory.create(contractor=contractor)
    other = ContactFactory.create(contractor=contractor, supplier=supplier, role="other")
    primary = ContactFactory.create(contractor=contractor, supplier=supplier)
    wanted["supplier"] = str(supplier.public_id)

    usual = api.post(URL, wanted).json()
    named = api.post(URL, wanted | {"contact": str(other.public_id)}).json()

    assert usual["contact"] == str(primary.public_id)
    assert named["contact"] == str(other.public_id)


def test_rows_of_others_do_not_exist(api, wanted):
    theirs = ContactFactory.create()

    for change in (
        {"supplier": str(theirs.supplier.public_id)},
        {"contact": str(theirs.public_id)},
    ):
        answer = api.post(URL, wanted | change)
        [error] = answer.json()["errors"]
        assert error["code"] == "does-not-exist"


def test_without_knowing_who_asks_nothing_is_sent(api, wanted):
    Contractor.objects.update(person="")

    answer = api.post(URL, wanted)

    assert (answer.status_code, answer.json()["code"]) == (409, "profile-incomplete")
    assert answer.json()["missing"] == ["person"]
    assert not Assessment.objects.exists()
    assert api.post(URL, wanted | {"send": False}).status_code == 201


def test_cancel_says_why_and_cannot_be_repeated(api, contractor):
    url = f"{URL}{AssessmentFactory.create(contractor=contractor).public_id}/cancel/"

    first = api.post(url, {"reason": "取引が終わったため"})
    again = api.post(url)

    assert (first.json()["status"], first.json()["closing_note"]) == (
        "cancelled",
        "取引が終わったため",
    )
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")
    assert "invited" in again.json()["allowed"]


@pytest.mark.parametrize("status", [Status.DECLINED, Status.ACCEPTED, Status.CANCELLED])
def test_what_has_ended_cannot_be_cancelled(api, contractor, status):
    ended = AssessmentFactory.create(contractor=contractor, status=status)

    answer = api.post(f"{URL}{ended.public_id}/cancel/")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")


def test_the_result_is_read_with_every_driver(api, handed_in):
    rating = api.get(f"{handed_in}rating/").json()

    assert rating["self_diagnosis"]["total"] == 50
    assert rating["self_diagnosis"]["band"] == "50-69"
    hundredths = [round(float(driver["points"]) * 100) for driver in rating["drivers"]]
    assert sum(hundredths) == round(float(rating["score"]) * 100)
    assert api.get(handed_in).json()["rating"]["score"] == rating["score"]


def test_answers_are_read_by_permission_and_every_reading_is_written_down(
    api, api_of, contractor, handed_in
):
    refused = api_of(contractor, Scope.ASSESSMENTS_READ, Scope.RATINGS_READ)

    answer = refused.get(f"{handed_in}answers/")
    assert (answer.status_code, AnswerReading.objects.count()) == (403, 0)

    body = api.get(f"{handed_in}answers/", headers={"X-Request-Id": "trace-me-1"}).json()
    assert len(body["answers"]) == 25
    assert body["profile"] == {"security_person": "part_time"}
    assert AnswerReading.objects.get().request_id == "trace-me-1"


def test_without_answers_read_a_rating_tells_no_answer(api_of, contractor, handed_in):
    buyer = api_of(contractor, Scope.ASSESSMENTS_READ, Scope.RATINGS_READ)

    rating = buyer.get(f"{handed_in}rating/").json()

    codes = {driver["code"] for driver in rating["drivers"]}
    assert not any(code.startswith(("item_", "basic_")) for code in codes)
    assert "unknowns" not in rating["self_diagnosis"]


def test_without_ratings_read_no_rating_is_shown(api_of, contractor, handed_in):
    viewer = api_of(contractor, Scope.ASSESSMENTS_READ)

    assert viewer.get(handed_in).json()["rating"] is None
    assert viewer.get(f"{handed_in}rating/").status_code == 403


def test_before_anything_is_handed_in_there_is_no_result(api, contractor):
    url = f"{URL}{AssessmentFactory.create(contractor=contractor).public_id}/"

    for part in ("rating/", "answers/"):
        assert api.get(url + part).status_code == 404
    assert api.get(f"{url}submissions/").json()["results"] == []


def test_submissions_are_listed_with_digest_receipt_and_rating(api, handed_in):
    [submission] = api.get(f"{handed_in}submissions/").json()["results"]

    assert len(submission["digest"]) == 64
    assert submission["rating"]["grade"]
    assert submission["receipt"]


def test_lists_are_filtered_by_status_and_supplier(api, contractor):
    invited = AssessmentFactory.create(contractor=contractor)
    started = AssessmentFactory.create(contractor=contractor, status=Status.STARTED)

    by_status = api.get(f"{URL}?status=started").json()["results"]
    by_supplier = api.get(f"{URL}?supplier={invited.supplier.public_id}").json()["results"]

    assert [each["id"] for each in by_status] == [str(started.public_id)]
    assert [each["id"] for each in by_supplier] == [str(invited.public_id)]
