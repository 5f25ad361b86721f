"""Whatever a body holds, the answer is a problem that says what is wrong, never a crash."""

import json
import uuid
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from rest_framework.serializers import RegexField

from tests.contracts.walking import API, FORMS, JSON_BODY, WITH_BODY, each
from tests.soaking import often

BROKEN = {
    "nothing but spaces": b"   ",
    "no JSON": b"{name: 'x'}",
    "cut off": b'{"name": "x"',
    "more after the end": b"{} {}",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "a name twice": b'{"name": "a", "name": "b"}',
    "a name twice, deep inside": b'{"a": [{"b": {"c": 1, "c": 2}}]}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "1e400": b'{"a": 1e400}',
    "a long number": b'{"a": ' + b"9" * 20 + b"}",
    "a very long number": b'{"a": ' + b"9" * 1_000_000 + b"}",
    "a raw control character": b'{"a": "\x00"}',
    "no UTF-8": b'{"a": "\xff"}',
    "a surrogate in UTF-8": b'{"a": "\xed\xa0\x80"}',
    "UTF-16": '{"a": "あ"}'.encode("utf-16"),
    "a surrogate in a name": b'{"\\ud800": 1}',
    "101 levels": b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}",
    "1000 levels": b'{"a": ' + b"[" * 999 + b"]" * 999 + b"}",
    "a million levels": b'{"a": ' + b"[" * 1_000_000,
}


@each(JSON_BODY)
def test_a_broken_body_is_refused_everywhere(route, method, api):
    for body in (b'{"a": NaN}', BROKEN["1000 levels"], b"\xff"):
        answer = send(api, method, route.address(), body)

        assert answer.status_code == 400
        assert answer.json()["code"] == "malformed-body"


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_body_that_two_parsers_could_read_differently_is_refused(body, api):
    answer = send(api, "POST", "/api/v1/suppliers/", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed-body"


def test_100_levels_are_read(api):
    body = b'{"a": ' + b"[" * 99 + b"]" * 99 + b"}"

    answer = send(api, "POST", "/api/v1/suppliers/", body)

    assert answer.json()["code"] == "invalid"


@each(WITH_BODY)
def test_a_body_of_10_megabytes_is_too_large_everywhere(route, method, api):
    body = b'{"a": "' + b"x" * 10_000_000 + b'"}'
    alone = api.generic(method, route.address(), body, content_type="application/json")

    for answer in (alone, send(api, method, route.address(), body)):
        assert answer.status_code == 413
        assert answer.json()["code"] == "body-too-large"


def test_the_largest_body_is_read(api):
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = b'{"a": "' + b"x" * (most - 9) + b'"}'
    assert len(body) == most

    assert send(api, "POST", "/api/v1/suppliers/", body).status_code == 400


@each(WITH_BODY)
def test_only_json_is_read(route, method, api):
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = send(api, method, route.address(), b"name=x", content_type)

        assert answer.status_code == 415
        assert answer.json()["code"] == "unsupported-media-type"


def test_a_body_in_chunks_is_not_taken_for_an_empty_one(api):
    answer = api.post("/api/v1/suppliers/", headers={"Transfer-Encoding": "chunked"})

    assert answer.status_code == 411


@each(FORMS)
def test_json_is_refused_where_a_file_is_wanted(route, method, api):
    for body in (b"{}", b'{"file": "x"}', b"\xff"):
        answer = send(api, method, route.address(), body)

        assert answer.status_code == 415
        assert answer.json()["code"] == "unsupported-media-type"


@each(JSON_BODY)
def test_unknown_fields_are_refused_everywhere(route, method, api, own):
    answer = send(api, method, own(route), b'{"no/such~field": 1, "x": {}}')

    assert answer.status_code == 400
    assert {"/no~1such~0field", "/x"} <= pointers(answer)
    assert "unknown-field" in {error["code"] for error in answer.json()["errors"]}


def test_half_characters_are_shown_where_they_are(api):
    body = b'{"name": "\\ud800", "tags": ["a", "\\udfff"], "external_ids": {"sap": "x\\ud83d"}}'

    answer = send(api, "POST", "/api/v1/suppliers/", body)

    assert answer.status_code == 400
    assert pointers(answer) == {"/name", "/tags/1", "/external_ids/sap"}
    assert codes(answer) == {"surrogate-characters-not-allowed"}


def test_whole_characters_beyond_the_first_plane_are_kept(api):
    answer = send(api, "POST", "/api/v1/suppliers/", b'{"code": "1", "name": "\\ud842\\udfb7"}')

    assert answer.json()["name"] == "𠮷"


@pytest.mark.parametrize("odd", ["\0", "\r", "\n", "\x1b", "\x7f", "\x85", "\u2028", "\u202e"])
def test_odd_characters_are_refused_where_they_are_and_with_all_other_errors(odd, api):
    wanted = {
        "code": "",
        "name": f"a{odd}b",
        "tags": ["fine", f"a{odd}b"],
        "external_ids": {"sap": f"a{odd}b"},
        "employees": "many",
    }

    answer = api.post("/api/v1/suppliers/", wanted)

    assert answer.status_code == 400
    lines = set() if odd in "\r\n" else {"/external_ids/sap"}
    assert pointers(answer) - {"/external_ids/sap"} == {"/code", "/name", "/tags/1", "/employees"}
    assert pointers(answer) >= lines


def test_all_errors_come_at_once_with_their_places(api):
    wanted = {
        "id": "x",
        "name": " ",
        "industry": "Z",
        "corporate_number": "1234567890123",
        "contacts": [{"email": "a@b.example"}, {"email": "nobody"}, {"extra": 1}],
    }

    answer = api.post("/api/v1/suppliers/", wanted)

    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} >= {
        ("/id", "unknown-field"),
        ("/code", "required"),
        ("/name", "blank"),
        ("/industry", "invalid-choice"),
        ("/contacts/1/email", "invalid"),
        ("/contacts/2/extra", "unknown-field"),
        ("/contacts/2/email", "required"),
    }
    assert "/corporate_number" in pointers(answer)


def test_a_merge_patch_touches_what_it_names(api):
    made = {"code": "A", "name": "山田", "name_kana": "やまだ", "tags": ["a", "b"], "industry": "E"}
    path = api.post("/api/v1/suppliers/", made)["Location"]

    changed = api.patch(path, {"name_kana": None, "industry": None, "tags": ["c"]}).json()
    refused = api.patch(path, {"name": None})

    assert (changed["name_kana"], changed["industry"], changed["tags"]) == ("", None, ["c"])
    assert changed["name"] == "山田"
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/name", "null")
    ]


THREAD = "api/v1/assessments/<uuid:assessment_id>/consultations/<uuid:public_id>/"
SAMPLES = {  # what would be taken, so that one wrong field is all that is wrong
    "api/v1/suppliers/": {"code": "A-1", "name": "山田製作所"},
    "api/v1/suppliers/by-code/<str:code>/": {"name": "山田製作所"},
    "api/v1/suppliers/<uuid:supplier_id>/contacts/": {"email": "yamada@yamada.example"},
    "api/v1/api-keys/": {"scopes": ["audit:read"]},
    "api/v1/users/": {"email": "hanako@minato.example", "role": "buyer"},
    "api/v1/webhooks/": {"url": "https://minato.example/hook"},
    "api/v1/ratings/what-if/": {"answers": {str(n): "done" for n in range(1, 26)}},
    "api/v1/assessments/": {"questionnaire": "ipa-self-diagnosis", "due_on": "2030-01-31"},
    "api/v1/campaigns/": {
        "name": "年次の確認",
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2030-01-31",
    },
    "api/v1/campaigns/<uuid:public_id>/suppliers/": {"filter": {}},
    "api/v1/campaigns/<uuid:public_id>/suppliers/remove/": {"filter": {}},
    "api/v1/campaigns/<uuid:public_id>/cancel/": {"reason": "宛先の誤り"},
    "api/v1/assessments/<uuid:public_id>/return/": {
        "items": [{"number": 3, "question": "どのパソコンが対象ですか。"}],
        "reason": "確認のため",
        "due_on": "2030-01-31",
    },
    "api/v1/retention/requests/<uuid:public_id>/refuse/": {"reason": "法律により保存します。"},
    "api/v1/assessments/<uuid:public_id>/share/": {"answers_seen_by": ["security"]},
    "api/v1/assessments/<uuid:public_id>/extend/": {"reason": "年末のため"},
    "api/v1/assessments/<uuid:assessment_id>/consultation/": {
        "topics": ["cost"],
        "text": "費用について相談させてください。",
        "proposal": {"measure": "鍵を替えます。", "bearer": "contractor"},
    },
    f"{THREAD}messages/": {"text": "承知しました。"},
    f"{THREAD}proposals/": {"measure": "鍵を替えます。", "bearer": "contractor"},
    f"{THREAD}proposals/<uuid:proposal_id>/agree/": {"text": "よろしくお願いします。"},
    f"{THREAD}proposals/<uuid:proposal_id>/refuse/": {"explanation": "予算は来期からです。"},
    f"{THREAD}close/": {"text": "費用は当社が持ちます。"},
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
    | st.text(st.characters(categories=["Cc", "Cs", "Co"]), max_size=5)
    | st.sampled_from(["2030-02-31", "9999-12-31", "0000-00-00", "0001-01-01T00:00:00Z", "\uff11"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=8,
)


@each(WITH_BODY)
@pytest.mark.soak
@effort(max_examples=often(25, 8))
@given(data=st.data())
def test_no_value_of_any_field_is_a_crash(route, method, api, address, data):
    some = (
        data.draw(st.sets(st.sampled_from(names), max_size=3))
        if (names := fields(route, method))
        else ()
    )
    body = SAMPLES.get(route.pattern, {}) | {name: data.draw(JSON) for name in some}

    with forgotten():
        answer = send(api, method, address, json.dumps(body).encode())

    assert answer.status_code < 500


@each(WITH_BODY)
def test_text_that_grows_when_it_is_made_narrow_is_no_crash(route, method, api, address):
    for name in fields(route, method):
        most = getattr(route.view.cls.inputs[route.actions[method]]().fields[name], "max_length", 0)
        body = SAMPLES.get(route.pattern, {}) | {name: "㍿" * (most or 0)}

        with forgotten():
            answer = send(api, method, address, json.dumps(body).encode())

        assert answer.status_code < 500, name


@pytest.fixture
def address(route, own):
    """Of the route with rows of the caller's own, which are the same for every body."""
    return own(route)


@contextmanager
def forgotten():
    """What is done within is undone afterwards, so that the next body finds the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fields(route, method):
    reader = route.view.cls.inputs.get(route.actions[method])
    return [*reader().fields] if reader else []


def send(api, method, path, body, content_type="application/json"):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    return api.generic(method, path, body, content_type=content_type, headers=key)


def pointers(answer):
    return {error["pointer"] for error in answer.json()["errors"]}


def codes(answer):
    return {error["code"] for error in answer.json()["errors"]}


def test_every_text_and_number_of_the_input_has_its_bounds():
    unbounded = [
        f"{reader.__name__}.{name}"
        for route in API
        for reader in route.view.cls.inputs.values()
        for name, field in walk(reader())
        if not isinstance(field, RegexField)
        and None in (getattr(field, "max_length", 1), getattr(field, "max_value", 1))
    ]

    assert not unbounded


def walk(reader):
    for name, field in reader.fields.items():
        while hasattr(field, "child"):
            yield name, field
            field = field.child
        yield name, field
        if hasattr(field, "fields"):
            yield from walk(field)
