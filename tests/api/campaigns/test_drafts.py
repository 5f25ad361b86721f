"""A campaign is drafted: its suppliers, its warnings, and who cannot be asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Campaign, CampaignSupplier
from events.models import Event
from suppliers.models import Contact, Supplier
from tests.api.campaigns.conftest import KEY, UNFAIR, URL, address
from tests.factories import (
    CampaignFactory,
    ContactFactory,
    SupplierFactory,
)

pytestmark = pytest.mark.django_db


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

    [warning, *unsaid] = told["warnings"]
    assert (warning["code"], warning["serious"], warning["suppliers"]) == (
        "cost-without-talks",
        True,
        3,
    )
    assert len(warning["examples"]) == 3
    assert {(each["code"], each["serious"], each["suppliers"]) for each in unsaid} == {
        ("unsaid", False, 3)
    }
    reasons = {each["code"]: (each["suppliers"], each["examples"]) for each in told["unaskable"]}
    assert reasons == {
        "supplier-archived": (1, [str(gone.public_id)]),
        "no-contact": (1, [str(silent.public_id)]),
    }
    assert {each["id"]: each["reason"] for each in left_out} == {
        str(gone.public_id): "supplier-archived",
        str(silent.public_id): "no-contact",
    }


SAID = {
    "promises": ["A"],
    "answers_seen_by": ["security"],
    "effect_if_not_met": "まず電話でご相談します。",
    "cost": {"talks_welcome": True},
}


@pytest.mark.parametrize("name", SAID)
def test_a_draft_is_warned_of_what_its_letters_will_lack(api, contractor, name):
    said = {"reasons": ["x"], **SAID, "promises": ["D"]}
    whole = CampaignFactory.create(contractor=contractor, suppliers=1, requirements=said)
    del said[name]
    lacking = CampaignFactory.create(contractor=contractor, suppliers=1, requirements=said)
    launch = api.post(f"{address(lacking)}launch/?dry_run=true", {}, headers=KEY).json()

    for told in (api.get(address(lacking)).json(), launch):
        assert [(each["code"], each["pointer"]) for each in told["warnings"]] == [
            ("unsaid", f"/requirements/{name}")
        ]
    assert api.get(address(whole)).json()["warnings"] == []


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
