import datetime

import pytest
from rest_framework.test import APIClient

from contractors.models import Scope
from questionnaires import publishing, reading
from questionnaires.content import digest
from questionnaires.models import Questionnaire
from tests.factories import ContractorFactory, official

pytestmark = pytest.mark.django_db

LIST = "/api/v1/questionnaires/"
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture
def reader(contractor, api_of):
    return api_of(contractor, Scope.ASSESSMENTS_READ)


def profile(**changes):
    return dict(reading.read(reading.files()[1])) | changes


def own(contractor, key="our-own"):
    content = profile(key=key)
    return Questionnaire.objects.create(
        contractor=contractor,
        key=key,
        version=content["version"],
        title_ja="題",
        title_en="Title",
        content=content,
        digest=digest(content),
    )


def test_the_list_names_what_can_be_asked_without_its_items(reader):
    rows = reader.get(LIST).json()["results"]

    assert {row["key"] for row in rows} == {"ipa-self-diagnosis", "supplier-profile"}
    for row in rows:
        assert set(row) == {"id", "key", "version", "title", "published_on"}
        assert set(row["title"]) == {"ja", "en"}


def test_the_self_diagnosis_tells_all_25_items_with_their_points(reader):
    asked = official("ipa-self-diagnosis")

    body = reader.get(f"{LIST}{asked.public_id}/").json()

    assert (body["key"], body["version"]) == ("ipa-self-diagnosis", "3.1")
    assert body["published_on"] == asked.published_on.isoformat()
    assert [item["number"] for item in body["items"]] == list(range(1, 26))
    for item in body["items"]:
        assert [option["points"] for option in item["options"]] == [4, 2, 0, -1]
        assert all(option["criterion"]["ja"] for option in item["options"])
        assert set(item["text"]) == {"ja", "en"}


def test_the_profile_tells_how_its_items_are_answered(reader):
    body = reader.get(f"{LIST}{official('supplier-profile').public_id}/").json()

    kinds = {item["name"]: item["kind"] for item in body["items"]}
    assert kinds["security_person"] == "choice"
    assert kinds["emergency_phone"] == "telephone"
    assert {option["points"] for item in body["items"] for option in item["options"]} == {None}
    assert [item["name"] for item in body["items"] if not item["options"]] == [
        "sites",
        "subcontractors",
        "security_person_name",
        "security_person_title",
        "emergency_phone",
        "incident_recovery_days",
    ]


def test_an_own_questionnaire_is_seen_by_its_owner_alone(reader, contractor):
    mine, theirs = own(contractor), own(ContractorFactory.create(), "their-own")

    keys_seen = {row["key"] for row in reader.get(LIST).json()["results"]}

    assert "our-own" in keys_seen
    assert "their-own" not in keys_seen
    assert reader.get(f"{LIST}{mine.public_id}/").status_code == 200
    assert reader.get(f"{LIST}{theirs.public_id}/").status_code == 404


def test_reading_needs_its_scope(contractor, api_of):
    stranger = api_of(contractor, Scope.SUPPLIERS_WRITE)

    assert stranger.get(LIST).status_code == 403
    assert APIClient().get(LIST).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_yet(reader, method):
    for address in (LIST, f"{LIST}{official('supplier-profile').public_id}/"):
        assert getattr(reader, method)(address, {}).status_code == 405


@pytest.mark.parametrize("more", [0, 5])
def test_the_list_costs_the_same_for_any_number(reader, more, django_assert_num_queries):
    for number in range(more):
        publishing.install(profile(version=f"2.{number}"), today=TODAY)
    reader.get(LIST)  # the first call notes the use of the key

    with django_assert_num_queries(4) as captured:
        assert len(reader.get(LIST).json()["results"]) == 2 + more

    assert not [query for query in captured if '"content"' in query["sql"]]
