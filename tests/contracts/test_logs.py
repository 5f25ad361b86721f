"""One JSON line a request, with what is needed to find it and nothing that is anybody's."""

import json
import logging
import re
import smtplib

import pytest
import structlog
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from config.celery import app
from events.models import Event
from tests.factories import SupplierFactory
from tests.overhearing import Heard

SANE = re.compile(r"[A-Za-z0-9-]{8,64}")


def test_a_request_leaves_one_line_without_its_path(api, contractor, heard):
    supplier = SupplierFactory.create(contractor=contractor)

    answer = api.get(f"/api/v1/suppliers/{supplier.public_id}/?", headers={"User-Agent": "a\r\nb"})

    [line] = heard.lines
    assert line["event"] == "request"
    assert line["method"] == "GET"
    assert line["route"] == "api/v1/suppliers/<uuid:public_id>/"
    assert line["status"] == 200
    assert line["milliseconds"] > 0
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["contractor"] == str(contractor.public_id)
    assert str(supplier.public_id) not in heard.text.getvalue()


@pytest.mark.parametrize(
    "path", ["/r/a-secret-link/", "/r/a-secret-link", "/x\r\nlevel: forged/", "/\x1b[31m\u202e/"]
)
def test_a_path_is_never_logged(path, heard, db):
    Client().get(path, headers={"X-Forwarded-For": "1\r\n2"})

    assert "secret" not in heard.text.getvalue()
    assert "forged" not in heard.text.getvalue()
    assert heard.text.getvalue().isascii()
    assert len(heard.lines) == len(heard.text.getvalue().splitlines())


@pytest.mark.parametrize("given", ["12345678", "a" * 64, "018F3B1C-0000-7000-8000-00000000000A"])
def test_a_sane_id_of_the_caller_is_kept_everywhere(given, api, heard):
    answer = api.post(
        "/api/v1/suppliers/", {"code": "1", "name": "x"}, headers={"X-Request-Id": given}
    )
    refusal = api.get("/api/v1/nowhere/", headers={"X-Request-Id": given})

    assert answer["X-Request-Id"] == refusal["X-Request-Id"] == given
    assert refusal.json()["instance"] == given
    assert {line["request_id"] for line in heard.lines} == {given}
    assert Event.objects.get(kind="supplier.created").request_id == given
    [found] = api.get("/api/v1/events/", {"request_id": given}).json()["results"]
    assert found["request_id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "a b c d e f", "abc\r\ndefgh", "あ" * 8])
def test_any_other_id_is_replaced(given, api):
    answer = api.get("/api/v1/suppliers/", HTTP_X_REQUEST_ID=given)

    assert answer["X-Request-Id"] != given
    assert SANE.fullmatch(answer["X-Request-Id"])


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/nowhere/", "/api/docs/", "/static/config/docs.js"]
)
def test_every_answer_has_an_id(path, client, db):
    answer = client.get(path)
    answer.close()  # a static file is streamed

    assert SANE.fullmatch(answer["X-Request-Id"])


def test_a_crash_is_told_by_type_and_stack_alone(api, heard):
    api.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        cursor.execute("CREATE TEMPORARY TABLE suppliers_supplier (hidden int)")
        api.get("/api/v1/suppliers/")
        cursor.execute("ROLLBACK TO SAVEPOINT before")

    [crash, request] = heard.lines
    assert request["status"] == crash["status"] == 500
    assert crash["event"] == "Internal Server Error"
    assert crash["level"] == "error"
    assert [error["type"] for error in crash["errors"]] == [
        "django.db.utils.ProgrammingError",
        "psycopg.errors.UndefinedColumn",
    ]
    assert crash["errors"][1]["sqlstate"] == "42703"
    assert any("paging.py" in frame for frame in crash["errors"][0]["stack"])
    assert "SELECT" not in heard.text.getvalue()
    assert "/api/v1/suppliers" not in heard.text.getvalue()


def test_a_failed_task_is_told_by_name_and_type(heard):
    @app.task(name="tests.fail")
    def fail(words):
        raise ValueError(words)

    fail.apply(args=["山田太郎 <yamada@yamada.example>"])

    [line] = heard.lines
    assert line["event"] == "Task tests.fail raised unexpected"
    assert line["errors"][0]["type"] == "builtins.ValueError"
    del app.tasks["tests.fail"]


def test_an_error_of_the_mail_server_tells_no_address(heard):
    try:
        raise smtplib.SMTPRecipientsRefused({"yamada@yamada.example": (550, b"no")})
    except smtplib.SMTPRecipientsRefused:
        logging.getLogger("assessments.mailing").exception("A mail was refused.")
        structlog.get_logger("assessments.mailing").exception("A mail was refused.")

    for line in heard.lines:
        assert line["event"] == "A mail was refused."
        assert line["errors"][0]["type"] == "smtplib.SMTPRecipientsRefused"
        assert line["errors"][0]["stack"]
    assert len(heard.lines) == 2


def test_causes_are_told_from_the_outside_in(heard):
    try:
        try:
            raise KeyError("x")
        except KeyError as error:
            raise ValueError("y") from error
    except ValueError as error:
        logging.getLogger("a").critical("failed", exc_info=error)

    kinds = [error["type"] for error in heard.lines[0]["errors"]]
    assert kinds == ["builtins.ValueError", "builtins.KeyError"]


SECRETS = ["yamada@yamada.example", "/r/Zm9vYmFy_-", "tsk_0a1b2c3d_Zm9v-_", "whsec_Zm9v+/="]


@given(
    before=st.text(max_size=20),
    secret=st.sampled_from(SECRETS),
    after=st.sampled_from(["", " ", "\n", '"', ")", "\u202e", "。"]),
)
def test_no_line_holds_a_secret_and_every_line_is_one(before, secret, after):
    heard = Heard()
    words = f"{before} {secret}{after}"
    for record in (
        logging.LogRecord("any", logging.INFO, "", 0, words, (), None),
        logging.LogRecord("any", logging.INFO, "", 0, "%s and %r", (words, [words]), None),
    ):
        heard.emit(record)

    assert secret not in json.dumps(heard.lines, ensure_ascii=False)
    assert heard.text.getvalue().isascii()
    assert heard.text.getvalue().count("\n") == len(heard.lines) == 2
