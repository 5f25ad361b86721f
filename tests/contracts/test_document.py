"""The published document: complete, valid, and true of what is answered."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator

from contractors.api.versions import CONDITIONAL
from tests.contracts.walking import API, CALLS, FILES, MEDIA, SINGLE, each


@pytest.fixture(scope="module")
def document(django_db_setup):
    from config import openapi

    return json.loads(openapi._document())


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


def test_it_is_made_without_a_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn")

    assert "openapi: 3.1" in capsys.readouterr().out


def test_it_lists_every_call_and_no_other(document):
    listed = {
        (path, method.upper()) for path, calls in document["paths"].items() for method in calls
    }

    assert listed == {(template(route), method) for route, method in CALLS}


@each(CALLS)
def test_a_call_tells_its_key_its_parameters_its_body_and_its_problems(route, method, document):
    call = document["paths"][template(route)][method.lower()]
    view = route.view.cls(action=None, **route.view.initkwargs)
    view.action = route.actions[method]

    assert call["security"] == [{"apiKey": []}]
    assert call["description"]
    told = {each["name"] for each in call.get("parameters", []) if each["in"] == "query"}
    assert told == {name for reader in view.readers() for name in reader().fields}
    headers = {each["name"]: each for each in call.get("parameters", []) if each["in"] == "header"}
    assert ("Idempotency-Key" in headers) == (method in {"POST", "PATCH"})
    for status in ("4XX", "5XX"):
        assert call["responses"][status] == {"$ref": "#/components/responses/Problem"}
    assert ("requestBody" in call) == (view.action in view.inputs)
    told = MEDIA.get(view.action, "application/json")
    for success in set(call["responses"]) & {"200", "201", "202"}:
        assert call["responses"][success]["content"][told]["schema"]


@each(CALLS)
def test_a_call_tells_its_versions(route, method, document):
    call = document["paths"][template(route)][method.lower()]
    headers = {each["name"]: each for each in call.get("parameters", []) if each["in"] == "header"}
    free = route.actions[method] in route.view.cls.unconditional
    read = method == "GET" and route in SINGLE

    assert ("If-None-Match" in headers) == ("304" in call["responses"]) == read
    assert ("If-Match" in headers) == ("412" in call["responses"]) == (method in CONDITIONAL)
    assert ("428" in call["responses"]) == (method in CONDITIONAL and not free)
    if method in CONDITIONAL:
        assert headers["If-Match"].get("required", False) is not free
    if read:
        assert "ETag" in call["responses"]["200"]["headers"]


def test_inputs_allow_nothing_that_is_not_told(document):
    for call in (call for path in document["paths"].values() for call in path.values()):
        body = call.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            schema = resolved(document, body["schema"])
            assert schema["additionalProperties"] is False


def test_null_is_a_type_and_not_a_flag(document):
    assert '"nullable"' not in json.dumps(document)


def test_it_is_served_to_everybody_with_its_readable_page(client, db):
    told = client.get("/api/v1/openapi.json")
    page = client.get("/api/docs/")

    assert told["Content-Type"] == "application/json"
    assert told.json()["info"]["title"] == "Tasuki"
    assert page.status_code == 200
    html = page.content.decode()
    assert '<main id="docs" data-document="/api/v1/openapi.json">' in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*src=)| style=| on\w+=", html)
    for address in re.findall(r'(?:src|href)="([^"]+)"', html):
        assert finders.find(address.removeprefix("/static/")), address


@each([route for route in API if route.actions.get("GET") and route not in FILES])
def test_what_is_read_is_what_is_told(route, document, api, rows):
    path = route.address(**rows.ids(route))
    answer = api.get(path)

    call = document["paths"][template(route)]["get"]
    schema = call["responses"]["200"]["content"]["application/json"]["schema"]

    assert not violations(document, schema, answer.json())


def violations(document, schema, value):
    from openapi_schema_validator import OAS31Validator

    whole = {**schema, "components": document["components"]}
    return [error.message for error in OAS31Validator(whole).iter_errors(value)]


def template(route):
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.pattern)


def resolved(document, schema):
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
