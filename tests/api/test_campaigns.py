"""Many suppliers are asked at once: drafted, tried, launched, watched and taken back, by HTTP."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import launching, settling
from assessments.models import Assessment, Campaign, CampaignSupplier, Mail, Series
from contractors.actors import Actor
from events.models import Event, Operation
from suppliers.models import Contact, Supplier
from tests.factories import (
    CampaignFactory,
    ContactFactory,
    ContractorFactory,
    SupplierFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

URL = "/api/v1/campaigns/"
KEY = {"Idempotency-Key": "one"}
UNFAIR = {"reasons": ["x"], "cost": {"bearer": "supplier", "talks_welcome": False}}


@pytest.fixture
def wanted():
    return {
        "name": "年次の確認",
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
        "requirements": {"reasons": ["system_access"]},
    }


@pytest.fixture
def person(contractor):
    return UserFactory.create(contractor=contractor, name="佐藤花子")


@pytest.fixture
def campaign(contractor):
    return CampaignFactory.create(contractor=contractor, suppliers=3)


def address(campaign):
    return f"{URL}{campaign.public_id}/"


def work():
    now = timezone.now()
    while claimed := launching.claim(now=now):
        for operation in claimed:
            launching.go_on(operation, now=now)


def test_a_campaign_is_drafted_with_the_suppliers_of_a_filter(api, contractor, wanted):
    for tags in (["鋳造"], ["鋳造"], ["運送"]):
        ContactFactory.create(
            contractor=contractor, supplier=SupplierFactory.create(contractor=contractor, tags=tags)
        )
    SupplierFactory.create(contractor=contractor, tags=["鋳造"], status="archived")
    SupplierFactory.create(tags=["鋳造"])  # another contractor's

    answer = api.post(URL, wanted | {"suppliers": {"filter": {"tag": "鋳造"}}})

    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["counts"]["total"]) == ("draft", 2)
    assert api.get(answer["Location"]).json() == told
    assert not Assessment.objects.exists()
    assert not Event.objects.filter(subject_type="campaign").exists()


def test_suppliers_are_added_once_and_taken_out_by_id(api, contractor, campaign):
    new = SupplierFactory.create(contractor=contractor)
    old = campaign.members.first().supplier
    ids = [str(each.public_id) for each in (new, old)]

    added = api.post(f"{address(campaign)}suppliers/", {"ids": ids})
    removed = api.post(f"{address(campaign)}suppliers/remove/", {"ids": ids})
    again = api.post(f"{address(campaign)}suppliers/remove/", {"ids": ids})

    assert added.json() == {"changed": 1, "total": 4}
    assert removed.json() == {"changed": 2, "total": 2}
    assert again.json() == {"changed": 0, "total": 2}


@pytest.mark.parametrize(
    ("suppliers", "pointer", "code"),
    [
        ({}, "/suppliers", "one-of-two"),
        ({"ids": ["x"]}, "/suppliers/ids/0", "invalid"),
        ({"ids": []}, "/suppliers/ids", "min-length"),
        ({"filter": {"colour": "red"}}, "/suppliers/filter/colour", "unknown-field"),
        ({"filter": {"industry": "?"}}, "/suppliers/filter/industry", "invalid-choice"),
        ({"filter": []}, "/suppliers/filter", "invalid"),
    ],
)
def test_suppliers_that_are_not_well_named_are_refused(suppliers, pointer, code, api, wanted):
    answer = api.post(URL, wanted | {"suppliers": suppliers})

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert not Campaign.objects.exists()


def test_anothers_supplier_looks_like_none(api, wanted, contractor):
    own, other = SupplierFactory.create(contractor=contractor), SupplierFactory.create()
    ids = [str(own.public_id), str(other.public_id)]

    answer = api.post(URL, wanted | {"suppliers": {"ids": ids}})

    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/suppliers/ids/1", "does-not-exist")


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("due_on", "2020-01-31", "/due_on"),
        ("mails_per_minute", 0, "/mails_per_minute"),
        ("mails_per_minute", 1001, "/mails_per_minute"),
        ("schedule", {"steps": [{"code": "dinner"}]}, "/schedule/steps/0/business_days"),
        ("requirements", {"scope": 3}, "/requirements/scope"),
        ("name", "", "/name"),
        ("status", "launched", "/status"),
    ],
)
def test_a_wrong_field_is_refused_at_its_place(field, value, pointer, api, wanted, campaign):
    for answer in (
        api.post(URL, wanted | {field: value}),
        api.patch(address(campaign), {field: value}),
    ):
        assert answer.status_code == 400
        assert pointer in [each["pointer"] for each in answer.json()["errors"]]


def test_a_draft_is_warned_of_and_names_who_cannot_be_asked(api, contractor):
    campaign = CampaignFactory.create(contractor=contractor, suppliers=5, requirements=UNFAIR)
    gone, silent, *_rest = Supplier.objects.order_by("pk")
    Supplier.objects.filter(pk=gone.pk).update(status="archived")
    Contact.objects.filter(supplier=silent).update(status="opted_out")

    told = api.get(address(campaign)).json()
    left_out = api.get(f"{address(campaign)}suppliers/", {"askable": "false"}).json()["results"]

    [warning] = told["warnings"]
    assert (warning["code"], warning["serious"], warning["suppliers"]) == (
        "cost-without-talks",
        True,
        3,
    )
    assert len(warning["examples"]) == 3
    reasons = {each["code"]: (each["suppliers"], each["examples"]) for each in told["unaskable"]}
    assert reasons == {
        "supplier-archived": (1, [str(gone.public_id)]),
        "no-contact": (1, [str(silent.public_id)]),
    }
    assert {each["id"]: each["reason"] for each in left_out} == {
        str(gone.public_id): "supplier-archived",
        str(silent.public_id): "no-contact",
    }


def test_warnings_take_as_many_queries_for_200_suppliers_as_for_2(api, contractor):
    def queries(count):
        campaign = CampaignFactory.create(contractor=contractor, suppliers=count)
        with CaptureQueriesContext(connection) as taken:
            assert api.get(address(campaign)).status_code == 200
        return len(taken)

    api.get(URL)
    assert queries(2) == queries(200) <= 13


def test_a_draft_is_changed_and_deleted_and_what_was_launched_is_not(api, campaign, contractor):
    assert api.patch(address(campaign), {"mails_per_minute": 5}).json()["mails_per_minute"] == 5
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    supplier = str(SupplierFactory.create(contractor=contractor).public_id)

    refusals = [
        api.patch(address(campaign), {"name": "別の名"}),
        api.delete(address(campaign)),
        api.post(f"{address(campaign)}suppliers/", {"ids": [supplier]}),
        api.post(f"{address(campaign)}suppliers/remove/", {"filter": {}}),
    ]

    for answer in refusals:
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
        assert answer.json()["allowed"] == ["draft"]
    assert campaign.members.count() == 3
    other = CampaignFactory.create(contractor=contractor, suppliers=2)
    assert api.delete(address(other)).status_code == 204
    assert not CampaignSupplier.objects.filter(campaign=other.pk).exists()


def test_a_dry_run_of_create_tells_all_and_leaves_nothing(api, contractor, wanted):
    ContactFactory.create(contractor=contractor)

    answer = api.post(f"{URL}?dry_run=true", wanted | {"suppliers": {"filter": {}}}, headers=KEY)

    assert (answer.status_code, answer.json()["counts"]["total"]) == (200, 1)
    assert not Campaign.objects.exists()


def test_a_launch_is_an_operation_and_its_counts_are_exact_while_it_runs(api, campaign):
    answer = api.post(f"{address(campaign)}launch/", {}, headers=KEY)

    assert answer.status_code == 202
    operation = api.get(answer["Location"]).json()
    assert (operation["kind"], operation["progress"]) == (
        "campaign.launch",
        {"done": 0, "total": 3},
    )
    before = api.get(address(campaign)).json()
    assert (before["status"], before["counts"]["waiting"]) == ("launched", 3)
    assert before["operation"] == operation["id"]
    work()
    after = api.get(address(campaign)).json()
    assert {name: n for name, n in after["counts"].items() if n} == {"total": 3, "invited": 3}
    lines = api.get(f"{answer['Location']}result/").content.decode().splitlines()
    assert len(lines) == 3
    requests = api.get("/api/v1/assessments/", {"campaign": before["id"]}).json()["results"]
    assert {each["campaign"] for each in requests} == {before["id"]}
    members = api.get(f"{address(campaign)}suppliers/").json()["results"]
    assert {each["assessment"] for each in members} == {each["id"] for each in requests}
    assert Event.objects.get(kind="campaign.launched").subject()["url"].endswith(address(campaign))


def test_a_second_launch_gives_back_the_first_operation(api, campaign):
    first = api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    work()

    again = api.post(f"{address(campaign)}launch/", {}, headers={"Idempotency-Key": "two"})

    assert (again.status_code, again["Location"]) == (202, first["Location"])
    assert Operation.objects.count() == 1
    assert Assessment.objects.count() == 3


def test_a_launch_needs_an_idempotency_key(api, campaign):
    answer = api.post(f"{address(campaign)}launch/", {})

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")


def test_a_dry_run_of_a_launch_tells_when_letters_would_leave(api, campaign):
    answer = api.post(f"{address(campaign)}launch/?dry_run=true", {}, headers=KEY)

    told = answer.json()
    assert (answer.status_code, told["askable"]) == (200, 3)
    assert told["first_mail_at"] < told["last_mail_at"]
    assert not Operation.objects.exists()


def test_serious_warnings_and_promises_need_a_person(api, api_of, contractor, person):
    campaign = CampaignFactory.create(contractor=contractor, suppliers=1, requirements=UNFAIR)
    path = f"{address(campaign)}launch/"
    codes = {"confirmed_warnings": ["cost-without-talks"]}

    unseen = api.post(path, {}, headers=KEY)
    nobody = api.post(path, codes, headers=KEY)
    somebody = api_of(contractor, user=person).post(path, codes, headers=KEY)

    assert (unseen.status_code, unseen.json()["code"]) == (409, "warnings-unconfirmed")
    assert [each["code"] for each in unseen.json()["warnings"]] == ["cost-without-talks"]
    assert (nobody.status_code, nobody.json()["code"]) == (403, "person-needed")
    assert somebody.status_code == 202
    work()
    assert api.get(address(campaign)).json()["confirmed_by"]["name"] == "佐藤花子"
    assert Assessment.objects.get().confirmed_by["name"] == "佐藤花子"


def test_a_launch_is_refused_while_something_is_missing(api, contractor):
    empty = CampaignFactory.create(contractor=contractor)
    late = CampaignFactory.create(
        contractor=contractor,
        suppliers=3,
        due_on=timezone.localdate(),  # it was drafted in time
    )
    poor = CampaignFactory.create(contractor=ContractorFactory.create(phone=""), suppliers=1)
    refused = [
        api.post(f"{address(each)}launch/{dry}", {}, headers=KEY)
        for each in (empty, late)
        for dry in ("", "?dry_run=true")
    ]

    assert [each.status_code for each in refused] == [409] * 4
    assert [each.json()["code"] for each in refused][::2] == ["nobody-to-ask", "due-too-early"]
    assert api.post(f"{address(poor)}launch/", {}, headers=KEY).status_code == 404
    assert not Operation.objects.exists()


def test_a_profile_that_is_not_complete_launches_nothing(api_of):
    contractor = ContractorFactory.create(phone="")
    campaign = CampaignFactory.create(contractor=contractor, suppliers=1)

    answer = api_of(contractor).post(f"{address(campaign)}launch/", {}, headers=KEY)

    assert (answer.status_code, answer.json()["missing"]) == (409, ["phone"])


def test_the_test_letter_goes_to_the_person_of_the_key_and_to_nobody_else(
    api_of, contractor, person, campaign, mailbox
):
    answer = api_of(contractor, user=person).post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()) == (200, {"sent_to": person.email})
    [mail] = mailbox.mails
    assert mail["To"] == person.email
    assert mail["Subject"].strip().startswith("テスト:")
    text = mail.get_content()
    assert text.startswith("これはキャンペーン「年次の確認」のテストメールです。")
    assert "/r/test" in text
    assert "佐藤花子" in text
    for model in (Assessment, Mail, Series):
        assert not model.objects.exists()


def test_the_link_of_a_test_letter_opens_nothing(client):
    assert client.get("/r/test").status_code in {200, 404, 410}
    assert client.post("/r/test").status_code < 500
    assert not client.session.keys()


def test_a_key_of_a_system_has_nobody_to_send_a_test_to(api, campaign, mailbox):
    answer = api.post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()["code"]) == (403, "person-needed")
    assert mailbox.mails == []


def test_a_test_letter_that_is_not_taken_changes_nothing(
    api_of, contractor, person, campaign, mailbox
):
    mailbox.refused[person.email] = "550 no such mailbox"

    answer = api_of(contractor, user=person).post(f"{address(campaign)}test/")

    assert (answer.status_code, answer.json()["code"]) == (503, "mail-not-sent")


def test_a_cancel_tells_why_and_who(api, campaign):
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)
    work()

    answer = api.post(f"{address(campaign)}cancel/", {"reason": "宛先の誤り"})
    while settling.settle_next(now=timezone.now()):
        pass

    assert (answer.status_code, answer.json()["closing_note"]) == (200, "宛先の誤り")
    told = api.get(address(campaign)).json()
    assert (told["counts"]["cancelled"], told["counts"]["invited"]) == (3, 0)
    assert told["ended_by"]["type"] == "api_key"
    actor = Actor(**Event.objects.filter(kind="assessment.cancelled").first().actor)
    assert actor.plain() == told["ended_by"]
    again = api.post(f"{address(campaign)}launch/", {}, headers={"Idempotency-Key": "two"})
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")


def test_a_cancel_needs_a_reason_and_a_launch(api, campaign):
    assert api.post(f"{address(campaign)}cancel/", {}).status_code == 400
    answer = api.post(f"{address(campaign)}cancel/", {"reason": "見直し"})

    assert (answer.status_code, answer.json()["allowed"]) == (409, ["launched"])


def test_the_list_tells_counts_and_is_narrowed_by_status(api, contractor, campaign):
    CampaignFactory.create(contractor=contractor)
    api.post(f"{address(campaign)}launch/", {}, headers=KEY)

    launched = api.get(URL, {"status": "launched"}).json()["results"]
    both = api.get(URL).json()["results"]

    assert [each["counts"]["total"] for each in launched] == [3]
    assert [each["counts"]["total"] for each in both] == [0, 3]
    assert "warnings" not in both[0]
