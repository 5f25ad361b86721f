from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform

from contractors.ids import new_id
from contractors.models import Contractor, OwnedQuerySet
from questionnaires import parsing
from questionnaires.content import Content

FROZEN = (
    "RAISE EXCEPTION 'A published questionnaire cannot be changed or removed; "
    "publish a new version.' USING ERRCODE = 'integrity_constraint_violation';"
)


class QuestionnaireQuerySet(OwnedQuerySet["Questionnaire"]):
    def of(self, contractor: Contractor) -> Self:
        """The official ones and the contractor's own."""
        return self.filter(Q(contractor=None) | Q(contractor=contractor))

    def official(self) -> Self:
        return self.filter(contractor=None)

    def published(self) -> Self:
        return self.filter(published_on__isnull=False)

    def newest(self, key: str) -> "Questionnaire | None":
        """The version published last. Say whose before: `official()` or `of(contractor)`."""
        return self.filter(key=key).order_by(F("published_on").desc(nulls_last=True), "-pk").first()


class Questionnaire(models.Model):
    """One version of what can be asked. Without a contractor it is official: everybody may ask it.

    `content` is the document of schema/catalogue.schema.json, `digest` the SHA-256 of its
    canonical JSON. Once published, the database refuses every change and removal.
    """

    public_id = models.UUIDField(default=new_id, unique=True, editable=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True)
    key = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title_ja = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_on = models.DateField(null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two, because PostgreSQL holds two rows without a contractor for different owners.
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(contractor=None),
                name="official_version_once",
            ),
            models.UniqueConstraint(
                fields=["contractor", "key", "version"], name="own_version_once"
            ),
            models.CheckConstraint(
                condition=Q(contractor__isnull=False) | Q(published_on__isnull=False),
                name="official_is_published",
            ),
            models.CheckConstraint(
                condition=Q(key=KeyTextTransform("key", "content"))
                & Q(version=KeyTextTransform("version", "content")),
                name="columns_say_what_content_says",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_on__isnull=False),
                func=FROZEN,
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                func=FROZEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    def parsed(self) -> Content:
        """The content as values; equal digests are parsed once per process."""
        return _parse(_Kept(self.digest, self))


@dataclass(frozen=True)
class _Kept:
    digest: str
    row: Questionnaire = field(compare=False)


@lru_cache(maxsize=64)
def _parse(kept: _Kept) -> Content:
    return parsing.parse(kept.row.content)
