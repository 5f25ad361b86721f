"""What is stored is summed again: the same, erased, or named because somebody changed it."""

import json
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connections

from ratings.models import Rating
from tests.acts.test_lapsing import BEFORE, rate
from tests.acts.test_rerating import supplier_in
from tests.acts.test_standing import accept
from tests.factories import CertificationFactory

TAMPERED = {
    "score": "score = 12.34",
    "grade": "grade = 'E'",
    "level": "level = 'critical'",
    "least level": "level_at_least = 'high'",
    "exposure": "exposure = 3",
    "basis": "answered = false",
    "an answer": "inputs = jsonb_set(inputs, '{answers,5}', '\"unknown\"')",
    "an answer and the digest": (
        "inputs = jsonb_set(inputs, '{answers,5}', '\"unknown\"'), input_digest = repeat('0', 64)"
    ),
    "a fact more": "inputs = inputs || '{\"liked\": true}'",
    "no facts": "inputs = '[1]'",
    "half of the facts": "inputs = '{\"answers\": null}'",
    "a driver": "result = jsonb_set(result, '{drivers,4,points}', '\"2.07\"')",
    "a driver gone": "result = result #- '{drivers,4}'",
    "a flag": "result = jsonb_set(result, '{flags}', '[\"incident_open\"]')",
    "confidence": "result = jsonb_set(result, '{confidence,value}', '\"low\"')",
    "the self-diagnosis": "result = jsonb_set(result, '{self_diagnosis,total}', '99')",
    "no result": "result = '{}'",
    "the policy": "policy_digest = repeat('0', 64)",
    "a policy that is not known": "policy_version = '1999.1'",
}


@pytest.fixture(scope="module")
def stored(shared):
    """Three ratings, made once; of the middle one what is said below may be changed."""
    supplier = supplier_in()
    rate(supplier)
    CertificationFactory.create(
        contractor=supplier.contractor, supplier=supplier, scheme="isms", state="verified",
        scope_covers="yes",
    )  # fmt: skip
    rate(supplier, BEFORE)
    accept(supplier, BEFORE)
    return Rating.objects.order_by("pk")[1]


@pytest.fixture
def rated(stored):
    """The middle one; afterwards it is again what it was."""
    before = Rating.objects.filter(pk=stored.pk).values().get()
    yield stored
    with changing():
        Rating.objects.using("owner").filter(pk=stored.pk).update(**before)
    assert Rating.objects.filter(pk=stored.pk).values().get() == before


def verify(capsys):
    """Exit status, and what was printed as JSON."""
    status = 0
    try:
        call_command("ratings_verify", "--json")
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(capsys.readouterr().out)


@contextmanager
def changing():
    """Only the owner of the table can, and not without saying so."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ratings_rating DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("ALTER TABLE ratings_rating ENABLE TRIGGER USER")


def tamper(row, change):
    with changing() as cursor:
        cursor.execute(f"UPDATE ratings_rating SET {change} WHERE id = {row.pk}")


def test_all_that_was_stored_comes_to_the_same_again(rated, capsys):
    assert verify(capsys) == (0, {"same": 3, "different": 0, "erased": 0, "different_ids": []})


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
def test_a_row_that_was_changed_is_named(rated, capsys, change):
    tamper(rated, change)

    status, told = verify(capsys)

    assert status == 1
    assert told == {
        "same": 2, "different": 1, "erased": 0, "different_ids": [str(rated.public_id)],
    }  # fmt: skip


def test_better_wording_changes_nothing(rated, capsys):
    tamper(rated, "result = jsonb_set(result, '{drivers,0,detail,ja}', '\"別の文です。\"')")

    assert verify(capsys)[0] == 0


def test_erased_inputs_are_counted_apart(rated, capsys):
    tamper(rated, "inputs = '{}'")

    status, told = verify(capsys)

    assert (status, told["same"], told["erased"]) == (0, 2, 1)


def test_people_read_counts_and_ids(rated, capsys):
    tamper(rated, "score = 12.34")

    with pytest.raises(SystemExit):
        call_command("ratings_verify")

    first, second = capsys.readouterr().out.splitlines()
    assert first == "2 same, 1 different, 0 erased"
    assert second == f"different: {rated.public_id}"
