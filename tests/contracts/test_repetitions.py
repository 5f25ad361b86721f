"""`Idempotency-Key`: asking again has no second effect and gets the same answer."""

import json
import os
import random
import signal
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from contractors import remembering
from contractors.models import ApiKey, IdempotencyRecord
from events.models import Event
from suppliers.models import Supplier
from tests.contracts.walking import CALLS, each
from tests.factories import ContractorFactory
from tests.racing import together

PATH = "/api/v1/suppliers/"
WANTED = {"code": "A-1", "name": "山田製作所"}
ANOTHER = {"code": "A-2", "name": "山田製作所"}


def test_the_same_request_again_gets_the_same_answer_and_has_no_effect(api):
    first, again = ask(api), ask(api)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    for header in ("Location", "Content-Type", "Allow", "Vary"):
        assert again[header] == first[header]
    assert Supplier.objects.count() == 1
    assert Event.objects.filter(kind="supplier.created").count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", PATH, ANOTHER),
        ("post", PATH, {}),
        ("post", PATH, "no object"),
        ("post", "/api/v1/webhooks/", WANTED),
        ("put", "/api/v1/suppliers/by-code/A-1/", WANTED),
        ("patch", "/api/v1/contractor/", WANTED),
        ("post", PATH + "?unknown=1", WANTED),
    ],
)
def test_the_same_key_for_another_request_is_refused(method, path, body, api):
    ask(api)

    answer = getattr(api, method)(path, body, headers={"Idempotency-Key": "one"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-mismatch"
    assert Supplier.objects.count() == 1


def test_a_refused_request_does_not_burn_its_key(api, api_of, contractor):
    reader = api_of(contractor, "suppliers:read")
    refusals = [
        api.post(PATH, {"code": "A-1"}, headers={"Idempotency-Key": "one"}),
        api.post(PATH, {"code": "A-1", "name": "x", "y": 1}, headers={"Idempotency-Key": "one"}),
        api.post("/api/v1/nowhere/", WANTED, headers={"Idempotency-Key": "one"}),
        ask(reader),
    ]

    made = ask(api)

    assert [answer.status_code for answer in refusals] == [400, 400, 404, 403]
    assert made.status_code == 201
    assert "Idempotent-Replayed" not in made


def test_a_conflict_does_not_burn_its_key(api):
    ask(api, key="first")
    taken = ask(api, key="one")

    api.patch(f"{PATH}{Supplier.objects.get().public_id}/", {"code": "B"})

    assert (taken.status_code, ask(api, key="one").status_code) == (409, 201)


def test_a_key_belongs_to_one_caller_alone(api, api_of, contractor):
    ask(api)

    colleague = ask(api_of(contractor), body=ANOTHER)
    stranger = ask(api_of(ContractorFactory.create()))

    assert [colleague.status_code, stranger.status_code] == [201, 201]
    assert "Idempotent-Replayed" not in colleague
    assert "Idempotent-Replayed" not in stranger


def test_without_the_scope_nothing_is_given_again(api, contractor):
    ask(api)
    ApiKey.objects.filter(contractor=contractor).update(scopes=["suppliers:read"])

    answer = ask(api)

    assert answer.status_code == 403
    assert WANTED["name"] not in answer.content.decode()


def test_quoted_and_bare_are_the_same_key(api):
    ask(api, key="one")

    assert ask(api, key='"one"')["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    "key",
    ["", '""', " ", "a b", "あ", "a\tb", "\x7f", "one,two", '"one","two"', 'a"b', '"a', "x" * 256],
)
def test_what_is_no_key_is_refused(key, api):
    answer = api.post(PATH, WANTED, HTTP_IDEMPOTENCY_KEY=key)

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency-key-invalid"
    assert not Supplier.objects.exists()


@effort(max_examples=40)
@given(key=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=255))
def test_any_visible_ascii_is_a_key_when_it_is_quoted(api, key):
    Supplier.objects.all().delete()
    IdempotencyRecord.objects.all().delete()
    quoted = json.dumps(key)

    assert ask(api, key=quoted).status_code == 201
    assert ask(api, key=quoted)["Idempotent-Replayed"] == "true"


def test_255_characters_are_a_key(api):
    assert ask(api, key="x" * 255).status_code == 201


@each([(r, m) for r, m in CALLS if r.actions[m] in r.view.cls.idempotency_required])
def test_what_reaches_others_needs_a_key(route, method, api, own):
    answer = api.generic(method, own(route))

    assert answer.status_code == 400
    assert answer.json()["code"] == "idempotency-key-required"
    assert answer.json()["type"] == "/problems/idempotency-key-required"


def test_sending_launching_and_importing_need_a_key():
    required = {(r.pattern, r.actions[m]) for r, m in CALLS if is_required(r, m)}

    assert required == {
        ("api/v1/assessments/<uuid:public_id>/send/", "send"),
        ("api/v1/campaigns/<uuid:public_id>/launch/", "launch"),
        ("api/v1/imports/", "create"),
    }


def test_an_answer_is_given_for_7_days_and_then_forgotten(api):
    ask(api)
    record = IdempotencyRecord.objects.get()
    record.created_at = timezone.now() - timedelta(days=7)
    record.save(update_fields=["created_at"])

    again = ask(api)

    assert again.status_code == 409
    assert again.json()["code"] == "supplier-code-taken"


def test_the_sweep_removes_what_is_too_old_and_keeps_the_rest(api):
    now = timezone.now()
    for day in range(10):
        ask(api, key=str(day), body={"code": str(day), "name": "x"})
        aged = IdempotencyRecord.objects.filter(key=str(day))
        aged.update(created_at=now - timedelta(days=day))

    assert remembering.forget_old(now) == 3
    assert IdempotencyRecord.objects.count() == 7


def test_a_secret_that_is_shown_once_is_nowhere_at_rest(api):
    shown = api.post(
        "/api/v1/api-keys/", {"scopes": ["audit:read"]}, headers={"Idempotency-Key": "one"}
    )
    again = api.post(
        "/api/v1/api-keys/", {"scopes": ["audit:read"]}, headers={"Idempotency-Key": "one"}
    )

    assert again.json()["key"] == shown.json()["key"]
    kept = IdempotencyRecord.objects.get()
    assert shown.json()["key"].encode() not in bytes(kept.body)
    assert shown.json()["key"] not in json.dumps(kept.headers)


def test_50_at_the_same_moment_have_one_effect(committed, api):
    answers = together(lambda: ask(api), racers=50)

    assert Supplier.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in made) == 1
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused <= {"idempotency-in-progress"}


def test_a_kill_at_any_moment_leaves_one_effect_after_a_repetition(committed, api):
    codes = [f"K-{number}" for number in range(40)]
    for code in codes:
        body = {"code": code, "name": "山田製作所"}
        killed_after(random.uniform(0, 0.03), partial(ask, api, code, body))
        while (answer := ask(api, code, body)).status_code == 409:
            time.sleep(0.01)  # the database has not yet seen that the caller is gone
        assert answer.status_code == 201

    assert sorted(Supplier.objects.values_list("code", flat=True)) == sorted(codes)
    assert Event.objects.filter(kind="supplier.created").count() == len(codes)


def ask(api, key="one", body=WANTED):
    return api.post(PATH, body, headers={"Idempotency-Key": key})


def is_required(route, method):
    return route.actions[method] in route.view.cls.idempotency_required


def killed_after(seconds, function):
    """Do it in a process of its own, which is killed with -9 at that moment if it still runs."""
    connections.close_all()  # a connection cannot be shared with a child
    child = os.fork()
    if child == 0:
        try:
            function()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
