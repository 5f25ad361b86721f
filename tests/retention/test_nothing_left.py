"""After erasure no text of a supplier is left in any table or file, whatever tables there are.

Tables are found in the catalogue of the database, so one that is made later is searched as well.
Columns are found in the models: one that can hold words and is made later must get a canary here,
or a reason in `texts` why it keeps them.
"""

import zlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils import timezone
from psycopg import sql

from assessments import (
    asking,
    clarifying,
    confirming,
    consulting,
    declining,
    delegating,
    extending,
    reviewing,
    speaking,
    submitting,
)
from assessments.models import Assessment, Consultation, DeclineReason
from assessments.reviewing import Return
from contractors.actors import SYSTEM
from retention import erasing, requesting
from suppliers.evidence import sweeping
from tests.acts.test_consulting import PERSON, THEY
from tests.factories import AssessmentFactory, ContactFactory, HoldFactory, official
from tests.form.conftest import come_in
from tests.form.test_journey import answer_all
from tests.retention import texts

pytestmark = pytest.mark.usefixtures("committed")

ANSWERED = ["canary-comment", "canary-later", "canary-person", "canary-file", "canary-inside",
            "canary-removed", "canary-note"]  # fmt: skip
OF_REVIEW = ["canary-question", "canary-reply", "canary-returned", "canary-extended",
             "canary-declined", "canary-given-back"]  # fmt: skip
OF_TALKS = ["canary-wish", "canary-scope", "canary-message", "canary-measure", "canary-price",
            "canary-explanation", "canary-agreed", "canary-hold"]  # fmt: skip
OF_PEOPLE = ["canary-contact", "canary-colleague", "canary-mail", "canary-title",
             "canary-responsible", "030-canary", "canary-department", "canary-wanted",
             "canary-refused"]  # fmt: skip
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
        phone="030-canary", department="canary-department",
    )  # fmt: skip
    wish = asking.Wish(
        supplier=contact.supplier, contact=contact, questionnaire=official("ipa-self-diagnosis"),
        due_on=date(2030, 1, 31), message="canary-wish", requirements={"scope": "canary-scope"},
    )  # fmt: skip
    assessment = asking.ask(contact.contractor, wish, send=True, actor=SYSTEM, now=timezone.now())
    browser = come_in(assessment)
    ask_a_colleague(assessment)
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


@pytest.fixture
def talked_about(handed_in):
    """Asked back, replied, given back by the responsible person, handed in again and accepted;
    talked about; another one declined.
    """
    now = timezone.now()
    due_on = (now + timedelta(days=30)).date()
    asked = Return(due_on, {5: "canary-question"}, "canary-returned")
    reviewing.return_(handed_in, asked, actor=SYSTEM, now=now)
    later = due_on + timedelta(days=1)
    extending.extend(handed_in, due_on=later, reason="canary-extended", actor=SYSTEM, now=now)
    clarifying.reply(handed_in, {5: "canary-reply"}, now=now)
    talk(handed_in, now=now)
    person = submitting.Responsible("canary-responsible", "社長", "canary-mail2@yamada.example")
    asked = confirming.ask(handed_in, person, now=now)
    confirming.return_(asked, note="canary-given-back", now=now)
    submitting.submit(handed_in, responsible=person, now=now)
    reviewing.accept(handed_in, actor=SYSTEM, now=now)
    other = AssessmentFactory.create(
        contact=handed_in.contact, contractor=handed_in.contractor, number=999
    )
    declining.decline(other, reason=DeclineReason.OTHER, note="canary-declined", now=now)
    HoldFactory.create(
        supplier=handed_in.supplier, contractor=handed_in.contractor, supplier_reply="canary-hold"
    )
    ask_for_correction(handed_in.contact, now=now)
    return handed_in


def ask_for_correction(contact, *, now):
    asked = requesting.receive(
        contact, "correction", "canary-wanted", received_on=now.date(), actor=SYSTEM, now=now
    )
    requesting.refuse(asked.public_id, "canary-refused", actor=SYSTEM, now=now)


def ask_a_colleague(assessment):
    colleague = delegating.Colleague("canary-colleague", "canary-mail3@yamada.example")
    wish = delegating.Wish(colleague, (3,), "canary-note")
    delegating.delegate(assessment, wish, now=timezone.now())


def talk(assessment, *, now):
    matter = speaking.Matter(Consultation.Kind.TALKS, "canary-message", ["cost"], proposal=terms())
    thread = consulting.start(assessment, matter, voice=THEY, now=now)
    consulting.refuse(thread.proposals.get(), "canary-explanation", voice=PERSON, now=now)
    agreed = consulting.propose(thread, terms("canary-agreed"), voice=PERSON, now=now)
    consulting.agree(agreed, voice=THEY, now=now)


def terms(measure="canary-measure"):
    return speaking.Terms(measure, "in_price", 300_000, price_reflection="canary-price")


def test_every_canary_is_found_before(talked_about, folder):
    left = found(folder)
    all_of_them = ANSWERED + OF_REVIEW + OF_TALKS + OF_PEOPLE

    assert [each for each in all_of_them if each not in left] == []


def test_every_column_that_can_hold_words_has_a_canary(talked_about):
    """One that has none was made later: let it be erased and give it one, or say why it stays."""
    silent = [
        name
        for name, field in texts.columns().items()
        if not any("canary" in readable(value) for value in stored_in(field))
    ]

    assert silent == []
    assert texts.unknown() == set()


def stored_in(field):
    return field.model._base_manager.values_list(field.name, flat=True)


def test_no_canary_of_an_answer_is_left(talked_about, folder):
    assert erasing.erase_answers(now=LATER) == 2
    while sweeping.discard(now=timezone.now()):
        pass

    left = found(folder)

    assert [each for each in ANSWERED + OF_REVIEW if each in left] == []
    assert [each for each in OF_TALKS if each not in left] == []
    assert talked_about.submissions.first().digest in left
    assert [each for each in folder.rglob("*") if each.is_file()] == []


def test_no_canary_at_all_is_left_once_everything_is_over(talked_about, folder):
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
