"""S3, the pages of questions: one page is one save, gaps are fine, nothing typed is ever lost."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from assessments import answering
from assessments.errors import WrongStatus
from assessments.form import closing, entries, opening, reading, sheets, showing
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Filled, Question, local
from assessments.form.showing import NO_PAPERS, Papers
from assessments.models import Assessment
from questionnaires.content import Page


def again(request: HttpRequest, public_id: UUID, number: int, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    page = _page(assessment, number)
    sent = reading.read(request.POST, page.items)
    remark = Remark(notice, files_lost=bool(request.FILES))
    return _show(
        request, assessment, page, sheets.plain(assessment, page.items, sent.filled), remark
    )


@opening.page(again=again, files=True)
def answers(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    assessment = opening.living(request, public_id)
    page = _page(assessment, number)
    if request.method == "POST":
        return _save(request, assessment, page)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    papers = showing.papers(assessment, page.items)
    questions = sheets.plain(assessment, page.items, sheets.stored(assessment, page.items), papers)
    return _show(request, assessment, page, questions, papers=papers)


def _save(request: HttpRequest, assessment: Assessment, page: Page) -> HttpResponse:
    now = timezone.now()
    sent = reading.read(request.POST, page.items)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        questions = sheets.plain(assessment, page.items, sent.filled)
        remark = Remark(knock=knock, files_lost=bool(request.FILES))
        return _show(request, assessment, page, questions, remark)
    checked = reading.check(assessment.questionnaire.parsed(), page.items, sent)
    try:
        conflicts = answering.answer(assessment, checked.given, now=now)
        papers = showing.keep(request, assessment, sent, now=now)
    except WrongStatus:
        return closing.too_late(request, assessment)
    stored = sheets.stored(assessment, page.items)
    if checked.is_fine() and not conflicts and not papers.wrong:
        return redirect(_next(request, assessment, page, stored))
    filled = showing.refreshed(sheets.refreshed(sent, stored), papers)
    papers = showing.papers(assessment, page.items, papers.wrong)
    questions = sheets.marked(assessment, page.items, filled, checked, conflicts, papers)
    faults = [fault for each in questions if (fault := sheets.fault(each))]
    status = 400 if checked.strange else 200
    remark = Remark(faults=faults, foreign=not faults, status=status)
    return _show(request, assessment, page, questions, remark, papers=papers)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    page: Page,
    questions: list[Question],
    remark: Remark = NOTHING,
    *,
    papers: Papers = NO_PAPERS,
) -> HttpResponse:
    context = {
        "earlier": papers.earlier,
        "page": page,
        "pages": len(assessment.questionnaire.parsed().pages),
        "title": local(page.title),
        "questions": questions,
        "to_check": _comes_from_check(request),
        "left": _left(request),
    }
    return opening.show(request, "page", assessment, context, remark)


def _page(assessment: Assessment, number: int) -> Page:
    pages = assessment.questionnaire.parsed().pages
    if not 1 <= number <= len(pages):
        raise Http404
    return pages[number - 1]


def _next(
    request: HttpRequest, assessment: Assessment, page: Page, stored: Mapping[int, Filled]
) -> str:
    public_id = assessment.public_id
    if number := showing.removal(request):
        back = "?from=check" if _comes_from_check(request) else ""
        return f"{request.path}{back}#question_{number}"
    if request.POST.get("action") == "pause":
        return reverse("form:overview", args=[public_id]) + "?saved=1"
    if request.POST.get("action") == "ask":
        return reverse("form:open_consultation", args=[public_id, "question"])
    if _comes_from_check(request):
        return reverse("form:check", args=[public_id])
    if page.number == len(assessment.questionnaire.parsed().pages):
        return reverse("form:certifications", args=[public_id])
    left = sum(1 for each in stored.values() if not each.value)
    target = reverse("form:answers", args=[public_id, page.number + 1])
    return f"{target}?{urlencode({'left': left})}" if left else target


def _comes_from_check(request: HttpRequest) -> bool:
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("from") == "check"


def _left(request: HttpRequest) -> int:
    """How many questions of the page before were left open, as the address says."""
    told = request.GET.get("left", "")
    return int(told) if reading.VERSION.fullmatch(told) and int(told) <= 100 else 0
