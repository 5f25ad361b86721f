"""A snapshot of answers becomes a stored rating and the supplier's standing."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from questionnaires import parsing, reading, scoring
from ratings import policy, rating, summing
from ratings.api.serializers import RatingOut, RatingWithoutAnswersOut
from ratings.facts import Facts
from ratings.models import Rating
from tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)  # half past midnight in Japan, on the next day
DONE = dict.fromkeys(range(1, 26), "done")
IPA = parsing.parse(reading.read(reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"))


@pytest.fixture
def supplier():
    return SupplierFactory.create(
        exposure_confidential_information=True,
        exposure_business_continuity=None,
        exposure_system_access=False,
    )


def rate(supplier, **changed):
    given = {"answers": DONE, "person": True, "incident_open": False, "now": NOW} | changed
    return rating.rate(supplier, self_diagnosis=scoring.score(IPA, given["answers"]), **given)


def test_a_rating_is_stored_with_all_that_explains_it(supplier):
    made, _ = rate(supplier)

    kept = Rating.objects.of(supplier.contractor).get()
    assert kept == made
    assert (kept.score, kept.grade) == (Decimal("79.99"), "B")
    assert (kept.level, kept.level_at_least, kept.exposure) == ("medium", "low", 1)
    assert kept.result["flags"] == ["exposure_incomplete"]
    points = [Decimal(driver["points"]) for driver in kept.result["drivers"]]
    assert sum(points) == kept.score
    assert (kept.as_of, kept.inputs["as_of"]) == (NOW, "2026-04-01")


def test_a_stored_rating_can_be_made_again_from_its_inputs(supplier):
    rate(supplier, answers=DONE | {3: "unknown", 5: "partly"})
    kept = Rating.objects.get()

    facts = Facts.from_plain(kept.inputs)
    again = summing.add_up(facts, policy.standard())

    assert facts.digest == kept.input_digest
    assert policy.standard().digest == kept.policy_digest
    assert (again.points, again.grade, again.level) == (kept.score, kept.grade, kept.level)
    assert again.plain == {name: kept.result[name] for name in again.plain}


def test_the_supplier_stands_where_the_rating_says(supplier):
    rate(supplier)

    supplier.refresh_from_db()
    assert (supplier.standing_level, supplier.standing_grade) == ("medium", "B")
    assert (supplier.standing_score, supplier.standing_as_of) == (Decimal("79.99"), NOW)


def test_it_is_told_whether_the_level_changed(supplier):
    _, first = rate(supplier)
    _, same = rate(supplier, person=False)
    _, worse = rate(supplier, answers=dict.fromkeys(DONE, "not_done"))

    assert (first, same, worse) == (True, False, True)


def test_an_open_incident_is_a_flag_and_no_points(supplier):
    concealed, _ = rate(supplier)
    told, _ = rate(supplier, incident_open=True)

    assert "incident_open" in told.result["flags"]
    assert (told.score, told.level) == (concealed.score, concealed.level)


@pytest.mark.parametrize("change", ["update", "delete", "truncate"])
def test_the_database_refuses_to_change_a_rating(supplier, change):
    made, _ = rate(supplier)
    table = connection.ops.quote_name(Rating._meta.db_table)
    statement = {
        "update": f"UPDATE {table} SET grade = 'A' WHERE id = {made.pk}",
        "delete": f"DELETE FROM {table} WHERE id = {made.pk}",
        "truncate": f"TRUNCATE {table} CASCADE",
    }[change]

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Rating.objects.get().grade == "B"


@pytest.mark.parametrize(
    ("broken", "truth"),
    [
        ({"score": Decimal("100.01")}, "score_between_0_and_100"),
        ({"score": Decimal("-0.01")}, "score_between_0_and_100"),
        ({"grade": "F"}, "grade_from_a_to_e"),
        ({"level": "grave"}, "level_is_known"),
        ({"level_at_least": ""}, "level_at_least_is_known"),
        ({"exposure": 4}, "exposure_between_0_and_3"),
    ],
)
def test_the_database_refuses_a_rating_that_cannot_be(supplier, broken, truth):
    made, _ = rate(supplier)
    made.pk, made.public_id = None, uuid4()
    for name, value in broken.items():
        setattr(made, name, value)

    with pytest.raises(DatabaseError, match=truth), transaction.atomic():
        made.save(force_insert=True)


def test_it_costs_a_look_at_the_certificates_one_insert_and_one_update(
    supplier, django_assert_num_queries
):
    with django_assert_num_queries(3):
        rate(supplier)


def test_it_is_told_in_the_shape_of_the_contract(supplier):
    made, _ = rate(supplier, answers=DONE | {3: "unknown", 5: "unknown"})

    told = RatingOut(Rating.objects.get()).data

    assert set(told) == {
        "id", "supplier", "assessment", "score", "grade", "level", "level_at_least", "flags",
        "confidence", "exposure", "self_diagnosis", "drivers", "policy", "input_digest",
        "as_of", "cause", "erased_at",
    }  # fmt: skip
    assert (told["id"], told["supplier"]) == (str(made.public_id), str(supplier.public_id))
    assert (told["score"], told["exposure"], told["assessment"]) == ("73.84", 1, None)
    assert told["self_diagnosis"] == {
        "total": 90,
        "band": "70-99",
        "parts": {"1": 10, "2": 52, "3": 28},
        "unknowns": [3, 5],
    }
    assert told["policy"] == {
        "key": "tasuki",
        "version": "2026.1",
        "digest": policy.standard().digest,
    }
    assert [reason["code"] for reason in told["confidence"]["reasons"]] == [
        "few_unknowns",
        "answered_recently",
        "no_verified_proof",
    ]
    first, *_, last = told["drivers"]
    assert (first["code"], first["points"], first["most"]) == ("item_1", "2.08", "2.08")
    assert (last["code"], last["points"], last["most"]) == ("unproven", "0.00", "0.00")
    assert set(last["detail"]) == {"ja", "en"}


def test_without_answers_no_item_and_nothing_that_gives_one_away_is_told(supplier):
    rate(supplier, answers=DONE | {3: "unknown"})

    told = RatingWithoutAnswersOut(Rating.objects.get()).data

    codes = [driver["code"] for driver in told["drivers"]]
    assert codes == ["person", "proof_cap", "unproven"]
    assert set(told["self_diagnosis"]) == {"total", "band", "parts"}
    assert "input_digest" not in told
    assert "No.3" not in str(told)
    assert told["level"] == "medium"


def test_telling_it_leaves_the_row_as_it_was(supplier):
    rate(supplier)
    kept = Rating.objects.get()

    RatingWithoutAnswersOut(kept).data  # noqa: B018  # computed on access

    assert "unknowns" in kept.result["self_diagnosis"]


def test_the_day_is_the_day_in_japan_whatever_the_service_thinks(supplier):
    with timezone.override("America/Lima"):
        made, _ = rate(supplier)

    assert made.inputs["answered_on"] == "2026-04-01"
