"""Before sending a contractor is warned; the warnings are kept with who sent in spite of them."""

import datetime
import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment, Hold, Mail, Series
from contractors.models import IdempotencyRecord
from events.models import Event
from tests.factories import (
    AssessmentFactory,
    CertificationFactory,
    ContactFactory,
    HoldFactory,
    UserFactory,
)

URL = "/api/v1/assessments/"
NUMBERS = itertools.count(9000)  # far from those that the service takes
KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def supplier(contractor):
    return ContactFactory.create(contractor=contractor).supplier


@pytest.fixture
def wanted(supplier):
    return {
        "supplier": str(supplier.public_id),
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
        "requirements": {"reasons": ["system_access"]},
    }


@pytest.fixture
def unfair(wanted):
    cost = {"bearer": "supplier", "talks_welcome": False}
    return wanted | {"requirements": {"reasons": ["system_access"], "cost": cost}}


def codes(answer):
    return [warning["code"] for warning in answer.json()["warnings"]]


def test_a_dry_run_warns_and_leaves_nothing_behind(api, unfair):
    before = Event.objects.count()

    answer = api.post(f"{URL}?dry_run=true", unfair, headers=KEY)

    assert answer.status_code == 200
    assert codes(answer) == ["cost-without-talks"]
    assert answer.json()["warnings"][0]["detail"].keys() == {"ja", "en"}
    for model in (Assessment, Mail, Series, IdempotencyRecord):
        assert not model.objects.exists()
    assert Event.objects.count() == before
    assert api.post(URL, unfair | {"send": False}, headers=KEY).status_code == 201


def test_a_dry_run_finds_the_same_errors(api, contractor, wanted):
    wrong = wanted | {"due_on": "2020-01-01", "requirements": {"retention_months": 1}}
    dry, real = api.post(f"{URL}?dry_run=true", wrong), api.post(URL, wrong)
    assert dry.json()["errors"] == real.json()["errors"]

    contractor.person = ""
    contractor.save(update_fields=["person"])
    assert api.post(f"{URL}?dry_run=true", wanted).json()["code"] == "profile-incomplete"


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor, name="佐藤花子")


CONFIRMED = {"confirmed_warnings": ["cost-without-talks"]}


def test_a_serious_warning_that_nobody_confirmed_is_not_sent(api_of, contractor, person, unfair):
    answer = api_of(contractor, user=person).post(URL, unfair, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (409, "warnings-unconfirmed")
    assert "cost-without-talks" in answer.json()["detail"]
    assert codes(answer) == ["cost-without-talks"]
    assert not Assessment.objects.exists()
    assert not Mail.objects.exists()


def test_a_person_who_sends_in_spite_of_a_serious_warning_is_named(
    api_of, contractor, person, unfair
):
    sent = api_of(contractor, user=person).post(URL, unfair | CONFIRMED).json()

    [warning] = sent["warnings"]
    assert warning["serious"]
    assert warning["pointer"] == "/requirements/cost/talks_welcome"
    assert warning["confirmed_by"] == {"id": str(person.public_id), "name": "佐藤花子"}
    assert warning["confirmed_at"] == sent["invited_at"]
    assert sent["confirmed_by"] == warning["confirmed_by"]


def test_a_system_alone_confirms_no_serious_warning(api, unfair):
    answer = api.post(URL, unfair | CONFIRMED)

    assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")
    assert not Assessment.objects.exists()


def test_a_system_that_sends_in_spite_of_a_lesser_warning_is_named(api, contractor, wanted):
    sent = api.post(URL, wanted | {"requirements": {}}).json()

    [warning] = sent["warnings"]
    assert (sent["status"], warning["code"]) == ("invited", "reason-empty")
    assert (warning["confirmed_by"], warning["confirmed_at"]) == (None, None)
    assert warning["sent_by"] == {"type": "api_key", "id": str(contractor.keys.get().public_id)}


def test_a_draft_waits_for_the_person_who_sends_it(api, api_of, contractor, person, unfair):
    draft = api.post(URL, unfair | {"send": False}).json()
    address = f"{URL}{draft['id']}/send/"
    assert draft["warnings"][0]["sent_by"] is None
    assert api.post(address, headers=KEY).json()["code"] == "warnings-unconfirmed"

    sent = api_of(contractor, user=person).post(address, CONFIRMED, headers=KEY).json()

    assert sent["status"] == "invited"
    assert sent["warnings"][0]["confirmed_by"]["name"] == "佐藤花子"


@pytest.mark.parametrize("wrong", [["no-such"], "cost-without-talks", [1], None])
def test_only_codes_of_serious_warnings_are_confirmed(api, wanted, wrong):
    answer = api.post(URL, wanted | {"confirmed_warnings": wrong})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith("/confirmed_warnings")


def test_a_promise_is_made_by_a_person(api, api_of, contractor, person, wanted):
    wanted["requirements"]["promises"] = ["A", {"code": "C", "text": "結果は社内だけで使います。"}]
    assert api.post(URL, wanted).json()["code"] == "person-needed"
    assert not Assessment.objects.exists()

    sent = api_of(contractor, user=person).post(URL, wanted).json()

    assert sent["confirmed_by"] == {"id": str(person.public_id), "name": "佐藤花子"}


def test_what_follows_if_it_is_not_met_is_said_by_a_person(api, api_of, contractor, person, wanted):
    wanted["requirements"]["effect_if_not_met"] = "まず電話でご相談します。"
    assert api.post(URL, wanted).json()["code"] == "person-needed"

    sent = api_of(contractor, user=person).post(URL, wanted).json()

    assert (sent["warnings"], sent["confirmed_by"]["name"]) == ([], "佐藤花子")


def test_a_threat_is_not_sent_before_a_person_looked_at_it(api_of, contractor, person, wanted):
    api, threat = api_of(contractor, user=person), {"effect_if_not_met": "お取引を停止します"}
    wanted["requirements"] |= threat

    unseen = api.post(URL, wanted)
    seen = api.post(URL, wanted | {"confirmed_warnings": ["accusing-words"]})

    assert (unseen.status_code, unseen.json()["code"]) == (409, "warnings-unconfirmed")
    assert codes(unseen) == ["accusing-words"]
    assert (seen.status_code, seen.json()["warnings"][0]["confirmed_by"]["name"]) == (
        201,
        "佐藤花子",
    )


def test_nobody_is_promised_that_trade_goes_on_while_orders_are_held(
    api_of, contractor, supplier, person, wanted
):
    api, today = api_of(contractor, user=person), timezone.localdate()
    hold = HoldFactory.create(
        contractor=contractor, supplier=supplier, told_on=today, urgency="incident",
        from_on=today + datetime.timedelta(days=1), until_on=today + datetime.timedelta(days=9),
    )  # fmt: skip
    wanted["requirements"]["promises"] = ["B", "A"]

    for query in ("", "?dry_run=true"):
        refused = api.post(f"{URL}{query}", wanted)
        assert (refused.status_code, refused.json()["code"]) == (409, "orders-held")
        [fault] = refused.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/requirements/promises/1", "orders-held")
    draft = api.post(URL, wanted | {"send": False}).json()["id"]
    assert api.post(f"{URL}{draft}/send/", headers=KEY).json()["code"] == "orders-held"
    assert api.post(URL, wanted | {"requirements": {"promises": ["B"]}}).status_code == 201

    Hold.objects.filter(pk=hold.pk).update(
        released_at=timezone.now(), released_by=person, release_reason="確認できた。"
    )

    assert api.post(f"{URL}{draft}/send/", headers={"Idempotency-Key": "2"}).status_code == 200


def test_the_second_request_within_a_year_is_warned_of(api, wanted):
    assert codes(api.post(URL, wanted)) == []

    assert codes(api.post(URL, wanted)) == ["asked-twice"]


@pytest.mark.parametrize(
    ("covers", "until", "told"),
    [("yes", None, ["evidence-covered"]), ("no", None, []),
     ("yes", datetime.date(2020, 1, 1), [])],
)  # fmt: skip
def test_documents_asked_beside_a_valid_certificate(api, supplier, wanted, covers, until, told):
    CertificationFactory.create(
        contractor=supplier.contractor, supplier=supplier, scheme="isms", state="verified",
        scope_covers=covers, valid_until=until, edition="2022",
    )  # fmt: skip
    wanted["requirements"]["evidence"] = "規程の写し"

    assert codes(api.post(f"{URL}?dry_run=true", wanted)) == told


def test_the_same_level_for_suppliers_of_different_exposure(api, contractor, supplier, wanted):
    for confidential in (True, False):
        other = AssessmentFactory.create(
            contractor=contractor, requirements=TARGET, number=next(NUMBERS)
        )
        set_exposure(other.supplier, confidential)
    wanted["requirements"] |= TARGET

    assert codes(api.post(f"{URL}?dry_run=true", wanted)) == ["same-level-for-all"]
    AssessmentFactory.create(requirements=TARGET)  # another contractor's says nothing
    wanted["requirements"]["target"] = {"score": 60}
    assert codes(api.post(f"{URL}?dry_run=true", wanted)) == []


TARGET = {"target": {"score": 50}}


def set_exposure(supplier, confidential):
    names = [f"exposure_{name}" for name in supplier.EXPOSURE]
    for name in names:
        setattr(supplier, name, False)
    supplier.exposure_confidential_information = confidential
    supplier.save(update_fields=names)


def test_warnings_cost_as_many_queries_whatever_was_asked_before(api, contractor, wanted):
    api.post(f"{URL}?dry_run=true", wanted)
    few = queries(api, wanted)

    for _ in range(5):
        AssessmentFactory.create(contractor=contractor, requirements=TARGET, number=next(NUMBERS))

    assert queries(api, wanted) == few


def queries(api, wanted):
    with CaptureQueriesContext(connection) as taken:
        assert api.post(f"{URL}?dry_run=true", wanted).status_code == 200
    return len(taken)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"products": [{"reason": "x"}]}, "/requirements/products/0/name"),
        ({"products": [{"name": ""}]}, "/requirements/products/0/name"),
        ({"promises": ["C"]}, "/requirements/promises/0"),
        ({"promises": [{"code": "C"}]}, "/requirements/promises/0/text"),
        ({"promises": [{"code": "A", "text": "x"}]}, "/requirements/promises/0/code"),
        ({"how_to_meet": []}, "/requirements/how_to_meet"),
        ({"support": ""}, "/requirements/support"),
        ({"scope": " \n"}, "/requirements/scope"),
        ({"cost": {}}, "/requirements/cost/bearer"),
        ({"cost": {"bearer": "shared", "share": 50}}, "/requirements/cost/share"),
        ({"cost": {"bearer": "to_be_discussed", "talks_welcome": False}},
         "/requirements/cost/talks_welcome"),
        ({"contract_terms": [{"kind": "nda"}]}, "/requirements/contract_terms/0/state"),
        ({"contract_terms": [{"kind": "nda", "state": "agreed"},
                             {"kind": "nda", "state": "none"}]}, "/requirements/contract_terms/1"),
        ({"equivalents": [{"scheme": "isms", "replaces": "all"}]},
         "/requirements/equivalents/0/replaces"),
        ({"required_certifications": [{"scheme": "isms", "necessity": "required"},
                                      {"scheme": "isms", "necessity": "recommended"}]},
         "/requirements/required_certifications/1"),
        ({"promises": [{"code": "C", "text": "x"}, {"code": "C", "text": "y"}]},
         "/requirements/promises/1"),
    ],
)  # fmt: skip
def test_each_fault_of_the_requirements_has_its_place(api, wanted, change, pointer):
    answer = api.post(URL, wanted | {"requirements": change})

    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
