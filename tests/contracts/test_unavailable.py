"""The database ends a connection while it is asked: that is no crash, and trying again helps."""

import psycopg
import pytest
from django.db import close_old_connections, connection

NO_LINK = f"/r/{'a' * 43}"  # nobody's

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def close_what_was_ended():
    yield
    close_old_connections()


def end_ours():
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as line:
        line.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.parametrize(
    ("language", "title"), [("ja", "一時的に利用できません"), ("en", "Not available")]
)
def test_a_caller_is_told_to_send_it_again(api, language, title):
    api.raise_request_exception = False
    end_ours()

    answer = api.get("/api/v1/suppliers/", headers={"Accept-Language": language})

    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert answer.json()["title"].startswith(title)
    assert int(answer["Retry-After"]) > 0
    close_old_connections()  # as after each request
    assert api.get("/api/v1/suppliers/").status_code == 200


def test_a_supplier_is_told_to_load_the_page_again(client):
    client.raise_request_exception = False
    end_ours()

    page = client.get(NO_LINK)

    assert page.status_code == 503
    assert "読み込み直してください" in page.content.decode()
    assert "保存済みの回答は残っています" in page.content.decode()
    close_old_connections()
    assert client.get(NO_LINK).status_code == 404
