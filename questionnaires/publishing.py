"""Official catalogues become rows. What was installed once stays as it was answered."""

from collections.abc import Iterator
from datetime import date

from django.db import DEFAULT_DB_ALIAS

from questionnaires import reading
from questionnaires.content import Document, digest
from questionnaires.errors import VersionTaken
from questionnaires.models import Questionnaire


def install_all(*, today: date, database: str = DEFAULT_DB_ALIAS) -> Iterator[tuple[str, bool]]:
    """Install every catalogue file; yields what it is and whether it is new.

    Nothing is installed while one file is wrong. Raises `NotACatalogue`, `VersionTaken`.
    """
    documents = [reading.read(path) for path in reading.files()]
    for document in sorted(documents, key=_age):
        questionnaire, new = install(document, today=today, database=database)
        yield str(questionnaire), new


def install(
    document: Document, *, today: date, database: str = DEFAULT_DB_ALIAS
) -> tuple[Questionnaire, bool]:
    """Publish a version for everybody, once: the same again changes nothing."""
    fingerprint = digest(document)
    questionnaire, new = Questionnaire.objects.using(database).get_or_create(
        contractor=None,
        key=document["key"],
        version=document["version"],
        defaults={
            "title_ja": document["title"]["ja"],
            "title_en": document["title"]["en"],
            "content": document,
            "digest": fingerprint,
            "published_on": today,
        },
    )
    if questionnaire.digest != fingerprint:
        raise VersionTaken(
            f"{questionnaire} is published with other content and stays as it is. "
            "Give the changed catalogue a new version."
        )
    return questionnaire, new


def _age(document: Document) -> tuple[str, list[int]]:
    """Versions in their order, so that of two published on one day the later has the higher row."""
    return document["key"], [int(part) for part in document["version"].split(".")]
