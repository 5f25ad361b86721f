"""Answers are kept in the transaction of their effect, so that asking again has no second effect.

A body may hold what is shown once (a new key), so it is sealed with the caller's own key, whose
clear form is nowhere at rest.
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet
from django.db import connection

from contractors.models import ApiKey, IdempotencyRecord

KEPT: Final = timedelta(days=7)
FORGOTTEN_AT_ONCE: Final = 1000  # rows of one DELETE; a short one holds nobody up


@dataclass(frozen=True)
class Question:
    """A request that may come twice: who asked, under which name, and a digest of what."""

    api_key: ApiKey
    clear: str = field(repr=False)
    key: str
    fingerprint: str


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    body: bytes


def hold(question: Question) -> bool:
    """Keep others with the same question out until the transaction ends; false if one is inside."""
    name = f"answer {question.api_key.pk} {question.key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        [[held]] = cursor.fetchall()
    return bool(held)


def recall(question: Question, *, now: datetime) -> IdempotencyRecord | None:
    """What was answered in the last 7 days, if anything; the caller compares the fingerprints."""
    records = IdempotencyRecord.objects.filter(api_key=question.api_key, key=question.key)
    record = records.first()
    if record and record.created_at <= now - KEPT:
        records.delete()
        return None
    return record


def read(question: Question, record: IdempotencyRecord) -> Answer:
    body = _seal(question).decrypt(bytes(record.body))
    return Answer(record.status_code, record.headers, body)


def keep(question: Question, answer: Answer, *, now: datetime) -> None:
    IdempotencyRecord.objects.create(
        contractor=question.api_key.contractor,
        api_key=question.api_key,
        key=question.key,
        fingerprint=question.fingerprint,
        status_code=answer.status_code,
        headers=answer.headers,
        body=_seal(question).encrypt(answer.body),
        created_at=now,
    )


def forget_old(now: datetime) -> int:
    """Remove what is too old to be given again; returns how many answers were removed."""
    forgotten = 0
    old = IdempotencyRecord.objects.filter(created_at__lte=now - KEPT).order_by("created_at")
    while batch := list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forgotten += IdempotencyRecord.objects.filter(pk__in=batch).delete()[0]
    return forgotten


def _seal(question: Question) -> Fernet:
    # Not SHA-256: that digest of the key is at rest and would open every body.
    secret = hashlib.blake2b(question.clear.encode(), digest_size=32, person=b"answers").digest()
    return Fernet(urlsafe_b64encode(secret))
