"""Documents beside the answers of a page: shown, sent with it, chosen again, and taken away."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments import attaching
from assessments.form import uploading
from assessments.form.questions import Document, Filled, Question
from assessments.form.reading import Sent
from assessments.models import Assessment
from questionnaires.content import Item
from suppliers.errors import EvidenceGone

REMOVAL: Final = re.compile(
    r"detach_(?P<number>[1-9][0-9]{0,2})_(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)


@dataclass(frozen=True)
class Papers:
    """Of one page, by number: the documents shown, and what was wrong with those just sent."""

    shown: Mapping[int, list[Document]] = field(default_factory=dict)
    wrong: Mapping[int, str] = field(default_factory=dict)
    earlier: list[Document] = field(default_factory=list)


NO_PAPERS: Final = Papers()


def papers(
    assessment: Assessment, items: Iterable[Item], wrong: Mapping[int, str] | None = None
) -> Papers:
    """For a browser that is in."""
    shown = uploading.by_number(assessment, [item.number for item in items])
    return Papers(shown, wrong or {}, uploading.earlier(assessment))


def keep(request: HttpRequest, assessment: Assessment, sent: Sent, *, now: datetime) -> Papers:
    """Show what was sent or chosen for each item, and take away what a button says."""
    names = {f"file_{number}": number for number in sent.filled}
    kept = uploading.keep(request, assessment, names, now=now)
    wrong = {names[name]: sentence for name, sentence in kept.wrong.items()}
    for name, number in names.items():
        chosen = uploading.picked(sent.filled[number].earlier)
        if ids := [*kept.evidence.get(name, []), *chosen]:
            sentence = _attach(assessment, number, ids, now=now)
            wrong |= {number: sentence} if sentence else {}
    if said := _button(request):
        attaching.detach(assessment, int(said["number"]), UUID(said["id"]), now=now)
    return Papers(wrong=wrong)


def beside(question: Question, papers: Papers) -> Question:
    """The question with its documents."""
    number = question.number
    shown, wrong = tuple(papers.shown.get(number, ())), papers.wrong.get(number, "")
    return replace(question, shown=shown, wrong_file=wrong)


def refreshed(filled: Mapping[int, Filled], papers: Papers) -> dict[int, Filled]:
    """What was chosen from the list is shown now, unless it could not be."""
    return {
        number: each if number in papers.wrong else replace(each, earlier="")
        for number, each in filled.items()
    }


def removal(request: HttpRequest) -> int | None:
    """The item of which a document is to be taken away."""
    said = _button(request)
    return int(said["number"]) if said else None


def _button(request: HttpRequest) -> re.Match[str] | None:
    return REMOVAL.fullmatch(request.POST.get("action", ""))


def _attach(assessment: Assessment, number: int, ids: list[UUID], *, now: datetime) -> str:
    try:
        fits = attaching.attach(assessment, number, ids, now=now)
    except EvidenceGone as refusal:
        return uploading.sentence(refusal)
    full = _("20 documents an answer and 200 MB a request are the most. Remove some first")
    return "" if fits else full
