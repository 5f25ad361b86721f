"""Ratings, the standing they lead to, and what other answers would give: over HTTP."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort

from questionnaires import parsing, reading, scoring
from ratings import rating, rerating
from ratings.models import Rating
from suppliers.models import Supplier
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.unit.test_summing import answered

DONE = {str(number): "done" for number in range(1, 26)}
WHAT_IF = "/api/v1/ratings/what-if/"
IPA = parsing.parse(reading.read(reading.CATALOGUES / "ipa-self-diagnosis-3.1.yaml"))
POOR = {"5": "not_done", "24": "unknown"}


@pytest.fixture
def supplier(contractor):
    return SupplierFactory.create(
        contractor=contractor, **{f"exposure_{name}": True for name in Supplier.EXPOSURE}
    )


def rate(supplier, answers=None, person=True, now=None):
    values = {int(number): value for number, value in (DONE | (answers or {})).items()}
    made, _ = rating.rate(
        supplier, answers=values, person=person, self_diagnosis=scoring.score(IPA, values),
        incident_open=False, now=now or timezone.now(),
    )  # fmt: skip
    return made


def standing(api, supplier, query=""):
    return api.get(f"/api/v1/suppliers/{supplier.public_id}/standing/{query}")


def test_a_standing_tells_level_score_rating_actions_and_history(api, supplier):
    made = rate(supplier, POOR, person=False)

    told = standing(api, supplier).json()

    assert (told["supplier"], told["level"], told["grade"]) == (
        str(supplier.public_id), "medium", "B",
    )  # fmt: skip
    assert told["score"] == "67.84"  # 23 × 2.08 + 20
    assert told["rating"]["id"] == str(made.public_id)
    assert told["suggested_scs_star"] == 4
    assert told["confidence"]["value"] == "medium"
    assert [each["cause"] for each in told["history"]["results"]] == ["submitted"]
    first = told["next_actions"][0]
    assert (first["code"], first["gain"], first["score"]) == ("proof.isms", "18.00", "85.84")
    assert [each["code"] for each in told["next_actions"]][1:3] == ["person", "proof.pmark"]
    five = next(each for each in told["next_actions"] if each["code"] == "item_5")
    assert five["scs"] == {"requirements": ["1-2-2", "3-2-1"], "strength": "star4_only"}
    one, two = told["security_action"]
    assert (one["can_declare"], one["done"], one["remaining"]) == (True, [1, 2, 3, 4], [5])
    assert (two["can_declare"], two["missing"]) == (False, ["basic_policy"])


def test_who_was_never_rated_stands_at_unknown(api, supplier):
    told = standing(api, supplier).json()

    assert (told["level"], told["level_at_least"]) == ("unknown", "unknown")
    nothing = ("grade", "score", "confidence", "exposure", "as_of", "rating")
    assert [told[name] for name in nothing] == [None] * 6
    assert (told["next_actions"], told["history"]["results"]) == ([], [])


def test_without_answers_read_no_item_is_told_anywhere(api_of, contractor, supplier):
    made = rate(supplier, POOR)
    reader = api_of(contractor, "ratings:read")

    answers = [
        standing(reader, supplier).json(),
        reader.get("/api/v1/ratings/").json(),
        reader.get(f"/api/v1/ratings/{made.public_id}/").json(),
    ]

    for told in answers:
        text = json.dumps(told)
        for secret in (
            "item_",
            "basic_",
            "next_actions",
            "security_action",
            '"unknowns"',
            'digest": "' + made.input_digest,
        ):
            assert secret not in text


def test_the_standing_is_that_of_today_before_any_worker_was_there(api, supplier):
    rate(supplier, now=timezone.now() - timedelta(days=600))

    told = standing(api, supplier).json()

    assert (told["level"], told["flags"]) == ("unknown", ["answers_stale"])
    assert told["confidence"]["value"] == "low"
    assert Supplier.objects.get().standing_level == "medium"


def test_the_history_is_paged_and_says_why_each_was_made(api, supplier):
    for days in (3, 2, 1):
        rate(supplier, now=timezone.now() - timedelta(days=days))
    Supplier.objects.update(rating_due_at=timezone.now(), handles_personal_data=True)
    rerating.rerate(now=timezone.now())

    first = standing(api, supplier, "?page_size=3")
    second = api.get(first.json()["history"]["next"])

    found = [first.json()["history"]["results"], second.json()["history"]["results"]]
    assert [[each["cause"] for each in page] for page in found] == [
        ["exposure", "submitted", "submitted"],
        ["submitted"],
    ]
    assert second.json()["history"]["next"] is None
    assert 'rel="next"' in first["Link"]
    assert standing(api, supplier, "?page_size=0").status_code == 400
    assert standing(api, supplier, "?page=2").json()["code"] == "unknown-parameter"


def test_a_standing_costs_the_same_however_long_its_history(
    api, supplier, django_assert_num_queries
):
    rate(supplier)
    standing(api, supplier)
    for _ in range(4):
        rate(supplier)
    CertificationFactory.create(supplier=supplier, contractor=supplier.contractor)

    # Key and the transaction's ends; supplier, certificates, last ratings, what stands, history,
    # whether the caller may read the answers behind it.
    with django_assert_num_queries(9):
        standing(api, supplier)


def test_ratings_are_listed_by_supplier_and_time(api, supplier, contractor):
    old = rate(supplier, now=datetime(2026, 1, 1, tzinfo=UTC))
    new = rate(supplier, POOR)
    other = rate(SupplierFactory.create(contractor=contractor))

    def listed(query):
        return [row["id"] for row in api.get(f"/api/v1/ratings/?{query}").json()["results"]]

    assert listed("") == [str(each.public_id) for each in (other, new, old)]
    assert listed(f"supplier={supplier.public_id}") == [str(new.public_id), str(old.public_id)]
    since = "updated_since=2026-06-01T00:00:00Z"
    assert listed(since) == [str(other.public_id), str(new.public_id)]
    assert listed("grade=B&cause=submitted&level=medium") == [
        str(each.public_id) for each in (other, new, old)
        if (each.grade, each.level) == ("B", "medium")
    ]  # fmt: skip
    assert listed("grade=E") == []
    assert api.get("/api/v1/ratings/?level=bad").json()["errors"][0]["pointer"] == "/level"


def test_a_rating_tells_what_to_do_next(api, supplier):
    made = rate(supplier, POOR)

    told = api.get(f"/api/v1/ratings/{made.public_id}/").json()

    assert told["cause"] == "submitted"
    assert told["next_actions"][0]["code"] == "proof.isms"
    assert sum(Decimal(driver["points"]) for driver in told["drivers"]) == Decimal(told["score"])


def test_what_if_without_a_supplier_takes_all_that_it_needs(api):
    told = api.post(
        WHAT_IF,
        {
            "answers": DONE,
            "person": True,
            "certifications": [{"scheme": "isms", "status": "verified", "scope_covers": "yes"}],
            "handles_personal_data": True,
            "exposure": 3,
        },
    ).json()

    assert (told["score"], told["grade"], told["level"]) == ("100.00", "A", "medium")
    assert (told["id"], told["supplier"], told["assessment"]) == (None, None, None)
    assert told["self_diagnosis"]["total"] == 100
    assert told["next_actions"] == []
    assert not Rating.objects.exists()


def test_what_if_with_a_supplier_begins_with_what_is_known(api, supplier):
    made = rate(supplier, POOR, person=False)
    before = Supplier.objects.values().get()

    same, better, named = (
        api.post(WHAT_IF, {"supplier": str(supplier.public_id), **change}).json()
        for change in ({}, {"answers": {"5": "done"}}, {"person": True})
    )

    assert (same["score"], better["score"], named["score"]) == ("67.84", "69.92", "77.84")
    assert same["input_digest"] == made.input_digest
    assert Supplier.objects.values().get() == before
    assert Rating.objects.count() == 1


def test_every_next_action_gains_what_it_says(api, supplier):
    rate(supplier, {"1": "not_done", "3": "partly"} | POOR, person=False)
    told = standing(api, supplier).json()

    for action in told["next_actions"]:
        change = {
            "answer": {"answers": {str(action["item"]): action["to"]}},
            "person": {"person": True},
            "declare": {"certifications": [{"scheme": action["scheme"], "status": "declared"}]},
            "obtain": {
                "certifications": [
                    {"scheme": action["scheme"], "status": "verified", "scope_covers": "yes"}
                ]
            },
        }[action["kind"]]
        after = api.post(WHAT_IF, {"supplier": str(supplier.public_id), **change}).json()
        assert after["score"] == action["score"]
        assert Decimal(after["score"]) - Decimal(told["score"]) == Decimal(action["gain"])


def test_what_if_on_stored_answers_needs_the_right_to_read_them(api_of, contractor, supplier):
    reader = api_of(contractor, "ratings:read")

    refused = reader.post(WHAT_IF, {"supplier": str(supplier.public_id)})
    own = reader.post(WHAT_IF, {"answers": DONE})

    assert (refused.status_code, refused.json()["scope"]) == (403, "answers:read")
    assert own.status_code == 200
    assert own.json()["score"] == "72.00"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"answers": {"1": "done"}}, "/answers", "incomplete"),
        ({"answers": DONE | {"26": "done"}}, "/answers/26", "unknown-item"),
        ({"answers": DONE | {"01": "done"}}, "/answers/01", "unknown-item"),
        ({"answers": DONE | {"3": "yes"}}, "/answers/3", "invalid-choice"),
        ({"answers": []}, "/answers", "not-a-dict"),
        ({"exposure": 4}, "/exposure", "max-value"),
        ({"certifications": [{"scheme": "isso", "status": "verified"}]},
         "/certifications/0/scheme", "invalid-choice"),
        ({"certifications": [{"scheme": "isms"}]}, "/certifications/0/status", "required"),
        ({"certifications": [{"scheme": "soc2", "status": "verified", "points": "6.01"}]},
         "/certifications/0/points", "max-value"),
        ({"score": "100.00"}, "/score", "unknown-field"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(api, body, pointer, code):
    answer = api.post(WHAT_IF, body)

    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        (pointer, code)
    ]


def test_anothers_supplier_looks_missing(api):
    foreign = SupplierFactory.create(contractor=ContractorFactory.create())

    answer = api.post(WHAT_IF, {"supplier": str(foreign.public_id)})

    assert [each["pointer"] for each in answer.json()["errors"]] == ["/supplier"]


@effort(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=answered)
def test_what_if_equals_what_would_be_stored(api, contractor, answers):
    supplier = SupplierFactory.create(contractor=contractor, exposure_system_access=True)
    CertificationFactory.create(
        contractor=contractor, supplier=supplier, scheme="isms", state="verified",
        scope_covers="yes",
    )  # fmt: skip
    plain = {str(number): value for number, value in answers.items()}
    asked = {"supplier": str(supplier.public_id), "answers": plain, "person": True}

    supposed = api.post(WHAT_IF, asked).json()
    stored = api.get(f"/api/v1/ratings/{rate(supplier, plain).public_id}/").json()

    apart = {"id", "as_of", "cause"}
    assert {k: v for k, v in supposed.items() if k not in apart} == {
        k: v for k, v in stored.items() if k not in apart
    }
