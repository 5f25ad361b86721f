"""Everything that is refused is a problem: by our views, by the router, and by a crash."""

import json
import re

import pytest
from django.db import connection
from django.test import Client

from config import problems
from config.problems import KINDS
from tests.calling import Caller
from tests.contracts.walking import API, CALLS, JSON_BODY, each

JSON = "application/json"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]


@each(API)
def test_a_wrong_method_is_told_with_those_that_exist(route, api):
    for method in sorted(set(METHODS) - set(route.actions)):
        answer = api.generic(method, route.address())

        assert answer.status_code == 405
        assert answer.json()["code"] == "method-not-allowed"
        assert set(answer["Allow"].split(", ")) - {"HEAD"} == set(route.actions)


@each(CALLS)
def test_another_format_than_json_is_not_had(route, method, api):
    answer = api.generic(method, route.address(), headers={"Accept": "text/html"})

    assert answer.status_code == 406


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1/nowhere/",
        "/api/v1/suppliers",
        "/api/v1/suppliers/12/",
        "/api/v2/suppliers/",
        "/api/v1/suppliers/by-code/a%00b/",
        "/api/v1/%ff/",
        "/api/v1/suppliers/%0d%0aX:y/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_what_is_not_there_is_a_problem_too(path, method, api):
    answer = api.generic(method, path, headers={"Idempotency-Key": "a"})

    assert answer.status_code in ({404} if "by-code" not in path else {404, 405})


@pytest.mark.parametrize("path", ["/api/v1/suppliers/", "/api/v1/nowhere/", "/api/docs/"])
def test_every_refusal_has_the_headers_of_safety(path, db):
    answer = Caller().post(path)

    assert answer.status_code >= 400
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert int(answer["Content-Length"]) == len(answer.content)


def test_the_open_addresses_refuse_other_methods_with_a_problem(db):
    for path in ("/api/v1/openapi.json", "/api/docs/"):
        answer = Caller().post(path)

        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


def test_a_foreign_host_is_refused_with_a_problem(db):
    answer = Caller().get("/api/v1/suppliers/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-request"


def test_a_crash_tells_nothing_of_the_inside(api):
    api.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.suppliers_supplier")
        cursor.execute("CREATE TEMPORARY TABLE suppliers_supplier (hidden int)")

        answer = api.get("/api/v1/suppliers/")
        cursor.execute("ROLLBACK TO SAVEPOINT before")

    assert answer.status_code == 500
    assert answer.json()["code"] == "server-error"
    assert "hidden" not in answer.content.decode()
    assert "column" not in answer.content.decode()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda api: api.get("/api/v1/nowhere/"), "not-found"),
        (lambda api: api.get("/api/v1/suppliers/?nmae=x"), "unknown-parameter"),
        (lambda api: api.get("/api/v1/suppliers/?cursor=x"), "cursor-invalid"),
        (lambda api: Caller(**api.defaults).get("/api/v1/suppliers/"), "not-authenticated"),
        (lambda api: api.put("/api/v1/suppliers/"), "method-not-allowed"),
        (lambda api: api.post("/api/v1/suppliers/", {}), "invalid"),
        (lambda api: api.generic("POST", "/api/v1/suppliers/", b"{", JSON), "malformed-body"),
        (
            lambda api: api.post("/api/v1/suppliers/", {}, headers={"Idempotency-Key": ""}),
            "idempotency-key-invalid",
        ),
    ],
)
def test_texts_are_japanese_or_english_and_the_code_is_the_same(call, code, api):
    told = {}
    for language in ("ja", "en", "fr", ""):
        api.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        answer = call(api)
        told[language] = answer.json()
        assert answer["Content-Language"] == ("en" if language == "en" else "ja")

    assert {problem["code"] for problem in told.values()} == {code}
    assert japanese(told["ja"]["title"])
    assert japanese(told["ja"]["detail"])
    assert not japanese(told["en"]["title"] + told["en"]["detail"])
    assert all(japanese(error["detail"]) for error in told["ja"].get("errors", []))
    assert told["fr"]["title"] == told[""]["title"] == told["ja"]["title"]


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_code_has_a_page_that_explains_it(code, language, client, db):
    answer = client.get(f"/problems/{code}", headers={"Accept-Language": language})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert KINDS[code].title[language] in page.replace("&#x27;", "'")
    assert not re.findall(r'(?:src|href)="(?!/|data:,)', page)


def test_a_code_that_does_not_exist_has_no_page(client, db):
    answer = client.get("/problems/no-such-code")

    assert answer.status_code == 404
    assert "text/html" in answer["Content-Type"]


def test_codes_are_words_with_hyphens_told_in_both_languages():
    for code, kind in KINDS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert kind.title.keys() == kind.explanation.keys() == {"ja", "en"}
        assert japanese(kind.title["ja"])
        assert japanese(kind.explanation["ja"])
        assert not japanese(kind.title["en"] + kind.explanation["en"])


def test_every_refusal_of_the_domain_and_of_the_frame_is_explained():
    missing = {code for code in codes() if code not in KINDS}

    assert not missing


def test_a_page_outside_the_api_is_no_problem(db):
    answer = Client().get("/nowhere/")

    assert answer.status_code == 404
    assert "text/html" in answer["Content-Type"]


def test_a_member_of_a_refusal_cannot_take_the_place_of_ours():
    body = problems.body(409, "refused", more={"status": "open", "allowed": ["a"]})

    assert (body["status"], body["allowed"]) == (409, ["a"])


def codes():
    from rest_framework.exceptions import APIException

    from contractors.errors import Refused

    waiting = [Refused, APIException]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        code = getattr(kind, "code", None) or kind.default_code
        if kind.__module__.startswith("tests") or code in {"error", "parse_error"}:
            continue
        yield code.replace("_", "-")


def japanese(text):
    return re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text)


@each(JSON_BODY)
def test_every_error_of_a_field_is_told_in_the_wanted_language(route, method, api, own):
    names, address = fields(route, method), own(route)
    for wrong in ({}, [], "\0", "x" * 20_000, -1, None):
        for language in ("ja", "en"):
            answer = api.generic(
                method,
                address,
                json.dumps({"strange": 1} | dict.fromkeys(names, wrong)).encode(),
                content_type=JSON,
                headers={"Accept-Language": language, "Idempotency-Key": "a"},
            )
            told = [each for each in answer.json()["errors"] if not japanese(each["detail"])]
            assert told == ([] if language == "ja" else answer.json()["errors"])


def fields(route, method):
    reader = route.view.cls.inputs.get(route.actions[method])
    return [*reader().fields] if reader else []
