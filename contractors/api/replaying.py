"""`Idempotency-Key`: the answer is kept in the transaction of its effect, and given again.

Read on every call that may change something. Only answers below 400 are kept, so a refused call
can be corrected and sent again with the same key.
"""

import hashlib
import re
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from contractors import remembering
from contractors.api import uploading
from contractors.api.authentication import bearer
from contractors.api.problems import InProgress, KeyInvalid, KeyRequired, Mismatch
from contractors.models import ApiKey
from contractors.remembering import Answer, Question

SAFE: Final = {"GET", "HEAD", "OPTIONS"}
# A bare comma would be two headers, which servers join into one.
BARE: Final = re.compile(r'[^"\\,]+')
QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
VISIBLE: Final = re.compile(r"[\x21-\x7e]{1,255}")


class Answered(Exception):
    """Not an error: the handler must not run, the kept answer is the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def again(self) -> HttpResponse:
        headers = self.answer.headers | {"Idempotent-Replayed": "true"}
        return HttpResponse(self.answer.body, status=self.answer.status_code, headers=headers)


def look_up(request: Request, *, required: bool, now: datetime) -> Question | None:
    """Hold the key until the transaction ends; raise if its answer is known or being made."""
    key = _key(request)
    if key is None:
        if required:
            raise KeyRequired
        return None
    assert isinstance(request.auth, ApiKey)
    question = Question(request.auth, bearer(request) or "", key, _fingerprint(request))
    if not remembering.hold(question):
        raise InProgress
    if record := remembering.recall(question, now=now):
        if record.fingerprint != question.fingerprint:
            raise Mismatch
        raise Answered(remembering.read(question, record))
    return question


def keep(question: Question, response: HttpResponseBase, *, now: datetime) -> None:
    assert isinstance(response, HttpResponse)
    answer = Answer(response.status_code, dict(response.headers), response.content)
    remembering.keep(question, answer, now=now)


def _key(request: Request) -> str | None:
    """The key without its quotes: bare and quoted are the same key."""
    text = request.headers.get("Idempotency-Key")
    if text is None or request.method in SAFE:
        return None
    if quoted := QUOTED.fullmatch(text):
        text = re.sub(r"\\(.)", r"\1", quoted[1])
    elif not BARE.fullmatch(text):
        raise KeyInvalid
    if not VISIBLE.fullmatch(text):
        raise KeyInvalid
    return text


def _fingerprint(request: Request) -> str:
    content = uploading.digest(request) if uploading.is_form(request) else request.body
    person = request.headers.get("Acting-User", "")
    whole = f"{request.method} {request.get_full_path()}\n{person}".encode() + content
    return hashlib.sha256(whole).hexdigest()
