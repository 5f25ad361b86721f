"""Files that a browser sends with a page: bounded while they come, each kept on its own.

What is refused is told beside its field; the rest of the page goes on as if no file had come.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.form.questions import Document
from assessments.models import Assessment
from contractors.api.uploading import Nameless
from suppliers.errors import Archived, EvidenceFull, EvidenceGone
from suppliers.evidence import keeping, naming, sentences
from suppliers.evidence.kinds import MOST_BYTES, Unacceptable
from suppliers.evidence.storing import StorageAway
from suppliers.models import Evidence

MOST_FILES: Final = 10  # with one page
MOST_BODY: Final = MOST_FILES * MOST_BYTES  # bytes
OFFERED: Final = 20  # earlier documents in a list
REFUSED = (Unacceptable, EvidenceFull, EvidenceGone, Archived, StorageAway)


class Bounded(Nameless):
    """Lets no page be sent more than it takes, and writes no more of a file than is refused."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # Django's name
        content_length: int,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        match = getattr(self.request, "resolver_match", None)
        takes = getattr(match.func, "takes_files", False) if match else False
        if content_length > (MOST_BODY if takes else settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            raise RequestDataTooBig("The form is larger than this page takes.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.bytes <= MOST_BYTES:
            super().receive_data_chunk(raw_data, start)
        self.bytes += len(raw_data)


@dataclass
class Kept:
    """By the name of the field: the files that are evidence now, and why others are not."""

    evidence: dict[str, list[UUID]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def keep(
    request: HttpRequest, assessment: Assessment, names: Iterable[str], *, now: datetime
) -> Kept:
    """Every file of these fields, each on its own: one that is refused keeps no other back."""
    kept, count = Kept(), 0
    for name in names:
        for upload in request.FILES.getlist(name):
            count += 1
            if count > MOST_FILES:
                kept.wrong[name] = _("Send 10 files or fewer at a time, and the others afterwards")
                break
            try:
                evidence = keeping.keep(
                    assessment.supplier, upload, actor=assessment.supplier_actor(), now=now
                )
            except REFUSED as refusal:
                kept.wrong[name] = f"{_quoted(upload.name)} {sentence(refusal)}"
            else:
                kept.evidence.setdefault(name, []).append(evidence.public_id)
    return kept


def sentence(refusal: Exception) -> str:
    """What is wrong with a file, in the reader's language."""
    if isinstance(refusal, Unacceptable):
        return sentences.refusal(refusal)
    return SENTENCES[type(refusal)]()


def earlier(assessment: Assessment) -> list[Document]:
    """What the supplier showed before, the newest first: to be shown again without sending it."""
    return documents(keeping.earlier(assessment.supplier)[:OFFERED])


def named(assessment: Assessment, ids: Sequence[UUID]) -> list[Document]:
    """Those of the supplier's files that are still there."""
    rows = keeping.earlier(assessment.supplier).filter(public_id__in=ids)
    return documents(rows.order_by("pk"))


def documents(rows: Iterable[Evidence]) -> list[Document]:
    return [
        Document(row.public_id, row.name, unscanned=row.scan == Evidence.Scan.UNSCANNED)
        for row in rows
    ]


def picked(text: str) -> list[UUID]:
    """The earlier document that a list sent; nothing where nothing was chosen."""
    try:
        return [UUID(text)] if text else []
    except ValueError:
        return []


def by_number(assessment: Assessment, numbers: Sequence[int]) -> Mapping[int, list[Document]]:
    """The files shown for these items, in one query."""
    rows = assessment.evidence.filter(number__in=numbers, evidence__removed_at=None)
    found: dict[int, list[Document]] = {number: [] for number in numbers}
    for row in rows.select_related("evidence").order_by("pk"):
        found[row.number] += documents([row.evidence])
    return found


def _quoted(name: str | None) -> str:
    return _("“%(name)s”:") % {"name": naming.shown(name or "")[:40]}


SENTENCES: Final[Mapping[type[Exception], Callable[[], str]]] = {
    EvidenceFull: lambda: _("No more files fit. Remove some that are not needed first."),
    EvidenceGone: lambda: _("This document is not here any more. Choose another one."),
    Archived: lambda: _("No files are taken any more. Ask the contact below."),
    StorageAway: lambda: _("The file could not be stored. Choose it again a little later."),
}
