"""A published questionnaire stays as it was answered: the database itself sees to it."""

import copy
import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from contractors.models import Contractor
from questionnaires import publishing, reading
from questionnaires.content import digest
from questionnaires.errors import VersionTaken
from questionnaires.models import Questionnaire

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 23)
KEYS = {"ipa-self-diagnosis", "supplier-profile"}


def document(**changes):
    """The profile under another name, so that the installed one stays out of the way."""
    profile = next(path for path in reading.files() if path.name.startswith("supplier-profile"))
    return copy.deepcopy(reading.read(profile)) | {"key": "other-profile"} | changes


def own(contractor, **changes):
    content = document(**changes)
    return Questionnaire.objects.create(
        contractor=contractor,
        key=content["key"],
        version=content["version"],
        title_ja="題",
        title_en="Title",
        content=content,
        digest=digest(content),
    )


@pytest.fixture
def contractor(db):
    return Contractor.objects.create(name="東都精密")


def test_every_catalogue_is_installed_and_published():
    official = Questionnaire.objects.official().published()

    assert set(official.values_list("key", flat=True)) == KEYS
    for questionnaire in official:
        assert questionnaire.digest == digest(questionnaire.content)


def test_loading_again_changes_nothing():
    call_command("load_catalogues", stdout=StringIO())
    before = list(Questionnaire.objects.order_by("pk").values())
    told = StringIO()

    call_command("load_catalogues", stdout=told)

    assert list(Questionnaire.objects.order_by("pk").values()) == before
    assert told.getvalue().splitlines() == [
        "ipa-self-diagnosis 3.1: already there",
        "supplier-profile 1: already there",
    ]


def test_a_new_version_stands_beside_the_old_and_is_the_newest():
    first, _ = publishing.install(document(), today=TODAY)
    second, new = publishing.install(document(version="1.1"), today=TODAY)

    assert new
    assert Questionnaire.objects.official().newest("other-profile") == second
    assert first.parsed().version == "1"
    assert second.parsed().version == "1.1"


def test_other_words_under_the_same_version_are_refused():
    publishing.install(document(), today=TODAY)
    reworded = document(numbered=True)

    with pytest.raises(VersionTaken, match="Give the changed catalogue a new version"):
        publishing.install(reworded, today=TODAY)


def test_the_command_installs_nothing_while_one_file_is_wrong(tmp_path, monkeypatch):
    for path in reading.files():
        renamed = path.read_text("utf-8").replace("key: ", "key: another-", 1)
        (tmp_path / path.name).write_text(renamed, "utf-8")
    (tmp_path / "z.yaml").write_text("key: z\n", "utf-8")
    monkeypatch.setattr(reading, "CATALOGUES", tmp_path)

    with pytest.raises(CommandError, match=r"z\.yaml is not a catalogue"):
        call_command("load_catalogues")

    assert not Questionnaire.objects.filter(key__startswith="another-").exists()


def test_a_catalogue_installed_with_other_words_stops_the_command(tmp_path, monkeypatch):
    call_command("load_catalogues", stdout=StringIO())
    for path in reading.files():
        text = path.read_text("utf-8").replace("numbered: true", "numbered: false")
        (tmp_path / path.name).write_text(text, "utf-8")
    monkeypatch.setattr(reading, "CATALOGUES", tmp_path)

    with pytest.raises(CommandError, match=r"ipa-self-diagnosis 3\.1 is published with other"):
        call_command("load_catalogues")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE questionnaires_questionnaire SET title_ja = 'x' WHERE id = %s",
        "UPDATE questionnaires_questionnaire SET published_on = NULL WHERE id = %s",
        "DELETE FROM questionnaires_questionnaire WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_published_version(statement):
    questionnaire, _ = publishing.install(document(), today=TODAY)

    with (
        pytest.raises(IntegrityError, match="publish a new version"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [questionnaire.pk])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE questionnaires_questionnaire SET title_ja = 'x'",
        "DELETE FROM questionnaires_questionnaire",
        "TRUNCATE questionnaires_questionnaire CASCADE",
    ],
)
def test_not_even_the_owner_of_the_table_may(committed, statement):
    with (
        pytest.raises(IntegrityError, match="publish a new version"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(statement)

    assert set(Questionnaire.objects.values_list("key", flat=True)) == KEYS


def test_the_database_refuses_through_the_models_too():
    publishing.install(document(), today=TODAY)
    published = Questionnaire.objects.filter(key="other-profile")

    for change in (lambda: published.update(title_ja="x"), published.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_table_cannot_be_emptied_by_the_service():
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE questionnaires_questionnaire CASCADE")


def test_a_draft_may_change_until_it_is_published(contractor):
    draft = own(contractor)

    Questionnaire.objects.filter(pk=draft.pk).update(title_ja="別の題")
    Questionnaire.objects.filter(pk=draft.pk).update(published_on=TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.filter(pk=draft.pk).update(title_ja="題")


def test_the_official_and_the_own_are_seen_and_nobody_elses(contractor):
    mine = own(contractor)
    theirs = own(Contractor.objects.create(name="西海工業"))

    seen = Questionnaire.objects.of(contractor)

    assert mine in seen
    assert theirs not in seen
    assert set(seen.official().values_list("key", flat=True)) == KEYS


def test_a_version_stands_once_for_each_owner(contractor):
    publishing.install(document(), today=TODAY)
    own(contractor)

    with pytest.raises(IntegrityError, match="own_version_once"), transaction.atomic():
        own(contractor)
    with pytest.raises(IntegrityError, match="official_is_published"), transaction.atomic():
        own(None, version="2")


def test_the_official_version_stands_once():
    first, _ = publishing.install(document(), today=TODAY)
    first.pk, first.public_id = None, None

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_the_columns_say_what_the_content_says(contractor):
    draft = own(contractor)

    with pytest.raises(IntegrityError, match="columns_say"), transaction.atomic():
        Questionnaire.objects.filter(pk=draft.pk).update(version="7")


def test_a_draft_that_changes_is_parsed_anew(contractor):
    draft = own(contractor)
    assert draft.parsed().numbered is False
    draft.content = document(numbered=True)
    draft.digest = digest(draft.content)

    assert draft.parsed().numbered is True


def test_the_newest_counts_days_before_rows(contractor):
    older, _ = publishing.install(document(version="2"), today=TODAY)
    publishing.install(document(version="3"), today=TODAY - datetime.timedelta(days=1))
    own(contractor, version="4")

    newest = Questionnaire.objects.of(contractor).newest("other-profile")

    assert newest == older
    assert Questionnaire.objects.official().newest("nothing") is None
