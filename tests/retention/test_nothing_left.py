"""After erasure no text of a supplier is left in any table or file, whatever tables there are.

Tables are found in the catalogue of the database, so one that is made later is searched as well.
"""

import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from psycopg import sql

from assessments.models import Assessment
from retention import erasing
from suppliers.evidence import sweeping
from tests.factories import AssessmentFactory, ContactFactory
from tests.form.conftest import come_in
from tests.form.test_journey import answer_all

pytestmark = pytest.mark.usefixtures("committed")

ANSWERED = ["canary-comment", "canary-later", "canary-person", "canary-file", "canary-inside",
            "canary-removed"]  # fmt: skip
OF_PEOPLE = ["canary-contact", "canary-mail", "canary-title", "canary-responsible", "030-canary"]
LATER = datetime(2037, 1, 15, 3, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, settings):
    """Where the documents of this test are."""
    place = tmp_path / "evidence"
    told = settings.STORAGES["evidence"]
    options = told["OPTIONS"] | {"location": place}
    settings.STORAGES = settings.STORAGES | {"evidence": told | {"OPTIONS": options}}
    return place


@pytest.fixture
def handed_in(folder):
    """By HTTP, with a canary in each thing that a supplier can write or send."""
    contact = ContactFactory.create(
        name="canary-contact", email="canary-mail@yamada.example", title="canary-title",
        phone="030-canary",
    )  # fmt: skip
    assessment = AssessmentFactory.create(contact=contact, contractor=contact.contractor)
    browser = come_in(assessment)
    browser.open(f"/f/{assessment.public_id}/answers/1")
    browser.press(item_1="done", comment_1="canary-comment", file_1=sheet("canary-file.csv"))
    browser.open(f"/f/{assessment.public_id}/answers/1")
    browser.press(file_2=sheet("canary-removed.csv", "other"))
    page = browser.open(f"/f/{assessment.public_id}/answers/1")
    [*_, button] = [each["value"] for each in page.buttons if "detach_2" in each["value"]]
    browser.press(button)
    browser.open(f"/f/{assessment.public_id}/answers/1")
    browser.press(comment_5="canary-later")
    browser.open(f"/f/{assessment.public_id}/answers/1")
    answer_all(browser)
    browser.press(isms="none")
    browser.press(item_7="part_time", item_8="canary-person", item_3="2")
    browser.press()
    receipt = browser.press(
        name="canary-responsible", title="社長", email="canary-mail2@yamada.example",
        confirmed="yes",
    )  # fmt: skip
    assert receipt.address.endswith("/receipt"), receipt.text
    return assessment


def test_every_canary_is_found_before(handed_in, folder):
    left = found(folder)

    assert {each for each in ANSWERED + OF_PEOPLE if each in left} == {*ANSWERED, *OF_PEOPLE}


def test_no_canary_of_an_answer_is_left(handed_in, folder):
    assert erasing.erase_answers(now=LATER) == 1
    while sweeping.discard(now=timezone.now()):
        pass

    left = found(folder)

    assert [each for each in ANSWERED if each in left] == []
    assert handed_in.submissions.get().digest in left
    assert [each for each in folder.rglob("*") if each.is_file()] == []


def test_no_canary_at_all_is_left_once_everything_is_over(handed_in, folder):
    Assessment.objects.update(decided_at=timezone.now())
    Session.objects.all().delete()  # as the nightly sweep does, after 24 hours without use

    moment = LATER
    while any(erasing.erase_due(now=moment).values()):
        moment += timedelta(days=1)

    assert "canary" not in found(folder)


def sheet(name, content="canary-inside"):
    return SimpleUploadedFile(name, f"名前,数\n{content},3\n".encode())


def found(folder):
    """All that is stored: every row of every table, what is packed in them, and every file."""
    files = [each.read_bytes() for each in folder.rglob("*") if each.is_file()]
    sessions = [repr(each.get_decoded()) for each in Session.objects.all()]
    stored = b"\n".join(files).decode(errors="replace")
    return "\n".join([*rows(), *sessions, stored])


def rows():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type ="
            " 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = cursor.fetchall()
        assert len(tables) > 30
        for schema, table in tables:
            name = sql.Identifier(schema, table)
            cursor.execute(sql.SQL("SELECT * FROM {}").format(name).as_string(cursor.connection))
            for row in cursor:
                yield " ".join(readable(value) for value in row)


def readable(value):
    """Columns as text; bytes as they are, and unpacked where they are packed."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    try:
        return zlib.decompress(bytes(value)).decode(errors="replace")
    except zlib.error:
        return bytes(value).decode(errors="replace")
