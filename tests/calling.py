"""A contractor's system that calls the REST API, and checks every refusal it meets."""

import json
import re
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpResponse
from rest_framework.test import APIClient

from config.problems import KINDS, MEDIA_TYPE

MEMBERS = {"type", "title", "status", "detail", "instance", "code"}
# What no answer tells: stacks, statements, paths of this machine, versions of libraries.
INSIDE = re.compile(
    r"Traceback|File \\?\"|\bSELECT\b|\bINSERT INTO\b|psycopg|/site-packages/|\.py\b|"
    + re.escape(str(settings.BASE_DIR))
    + r"|(?i:django|python|postgresql|gunicorn|celery)[ /]?\d+\.\d"
)


READ_FIRST = {"PATCH", "PUT", "DELETE"}
AS_WRITTEN = ("Accept-Language", "Accept")


class Caller(APIClient):
    """Every answer of 400 and above is a well-formed problem of a registered kind, or it fails.

    It reads before it changes and sends the ETag that it read; with `careful = False` it does not.
    """

    careful = True
    words = ""

    def generic(self, method, path, *args, headers=None, **kwargs):
        headers = dict(headers or {})
        if self.careful and method in READ_FIRST and "If-Match" not in headers:
            alike = {name: value for name, value in headers.items() if name in AS_WRITTEN}
            read = super().generic("GET", path, headers=alike)
            headers |= {"If-Match": read["ETag"]} if "ETag" in read else {}
        self.words = f"{args} {kwargs}"
        return super().generic(method, path, *args, headers=headers or None, **kwargs)

    def request(self, **kwargs):  # untyped: the stubs of its parents disagree
        response = super().request(**kwargs)
        if response.status_code >= 400:
            assert_problem(response, sent=unquote_plus(self.words))
        return response


def assert_problem(response: HttpResponse, *, sent: str = "") -> None:
    """A refusal may repeat what was sent; of what stands inside it tells nothing."""
    text = response.content.decode()
    problem = json.loads(text)
    assert response["Content-Type"] == MEDIA_TYPE
    assert problem.keys() >= MEMBERS
    assert problem["code"] in KINDS, problem
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["status"] == response.status_code == KINDS[problem["code"]].status
    assert problem["instance"] == response["X-Request-Id"]
    assert all(problem[member] for member in MEMBERS)
    assert {told[0] for told in INSIDE.finditer(text) if told[0] not in sent} == set(), text
    for error in problem.get("errors", []):
        assert error.keys() == {"pointer", "code", "detail"}, error
        assert error["pointer"] == "" or error["pointer"].startswith("/")
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error["code"]), error
