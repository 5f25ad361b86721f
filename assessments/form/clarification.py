"""S14, what was asked back: only these questions, one reply each, all saved by one button."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import clarifying
from assessments.errors import WrongStatus
from assessments.form import closing, entries, opening
from assessments.form.entries import Knock
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault, anchor, local, shown
from assessments.models import Answer, Assessment, Clarification
from questionnaires import explaining, validating

MOST: Final = 2000  # characters
OF_EVERY_PAGE: Final = frozenset({"csrfmiddlewaretoken", "action", "language", "code"})
CHANGE: Final = re.compile(r"change_([1-9][0-9]{0,2})")


@dataclass(frozen=True)
class Asked:
    """A question back with what it is about, and the reply as it was typed or is stored."""

    number: int
    count: str
    text: str
    question: str
    answer: str
    comment: str
    reply: str
    replied: bool
    wrong: str = ""


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    """Questions are shown to a browser that is in; to another only what it just sent."""
    assessment = opening.living(request, public_id)
    knock = Knock(inside=entries.is_in(request, assessment))
    return _show(request, assessment, request.POST, {}, Remark(notice, knock=knock))


@opening.page(again=again)
def clarification(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if request.method == "POST":
        return _save(request, assessment)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    if not assessment.clarifications.unresolved().exists():
        return redirect("form:overview", public_id)
    return _show(request, assessment, None, {})


def _save(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    now, post = timezone.now(), request.POST
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, post, {}, Remark(knock=knock))
    numbers = [row.number for row in _rows(assessment)]
    replies, wrong = _read(assessment, post, numbers)
    foreign = set(post) - OF_EVERY_PAGE - {f"reply_{number}" for number in numbers}
    try:
        clarifying.reply(assessment, replies, now=now)
    except WrongStatus:
        return closing.too_late(request, assessment)
    if wrong or foreign:
        faults = [Fault(f"reply_{number}", sentence) for number, sentence in wrong.items()]
        status = 400 if foreign else 200
        remark = Remark(faults=faults, foreign=bool(foreign) and not faults, status=status)
        return _show(request, assessment, post, wrong, remark)
    return redirect(_next(assessment, post, numbers))


def _read(
    assessment: Assessment, post: QueryDict, numbers: list[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """The replies that may be stored, and a sentence for each that may not."""
    replies, wrong = {}, {}
    content = assessment.questionnaire.parsed()
    for number in numbers:
        if (typed := post.get(f"reply_{number}")) is None:
            continue
        subject = {"subject": explaining.subject(content, content.item(number)), "most": MOST}
        try:
            replies[number] = validating.text(typed, most=MOST, lines=True)
        except validating.Wrong as fault:
            long = _("Write the reply on %(subject)s in %(most)s characters or fewer")
            odd = _("Write the reply on %(subject)s again, without special characters")
            wrong[number] = (long if fault.code == "too-long" else odd) % subject
    return replies, wrong


def _next(assessment: Assessment, post: QueryDict, numbers: list[int]) -> str:
    """A button leads to the answer, once the replies are kept; else on to the check."""
    if post.get("action") == "talk":
        return reverse("form:consultations", args=[assessment.public_id])
    said = CHANGE.fullmatch(post.get("action", ""))
    if said is None or int(said[1]) not in numbers:
        return reverse("form:check", args=[assessment.public_id])
    content = assessment.questionnaire.parsed()
    item = content.item(int(said[1]))
    page = next(page for page in content.pages if item in page.items)
    address = reverse("form:answers", args=[assessment.public_id, page.number])
    return f"{address}?from=check#{anchor(item)}"


def _show(
    request: HttpRequest,
    assessment: Assessment,
    post: QueryDict | None,
    wrong: Mapping[int, str],
    remark: Remark = NOTHING,
) -> HttpResponse:
    """To a browser outside, fields with what it typed stand without questions and answers."""
    rows = _rows(assessment)
    answers = {row.number: row for row in assessment.answers.all()} if remark.knock.inside else {}
    asked = [_asked(assessment, row, answers, post, wrong) for row in rows]
    context = {"asked": asked, "inside": remark.knock.inside}
    return opening.show(request, "clarification", assessment, context, remark)


def _asked(
    assessment: Assessment,
    row: Clarification,
    answers: Mapping[int, Answer],
    post: QueryDict | None,
    wrong: Mapping[int, str],
) -> Asked:
    content = assessment.questionnaire.parsed()
    item, answer = content.item(row.number), answers.get(row.number)
    typed = post.get(f"reply_{row.number}", "") if post is not None else row.reply
    return Asked(
        number=row.number,
        count=explaining.subject(content, item),
        text=local(item.text),
        question=row.question,
        answer=shown(item, answer.value) if answer else "",
        comment=answer.comment if answer else "",
        reply=typed,
        replied=row.replied_at is not None,
        wrong=wrong.get(row.number, ""),
    )


def _rows(assessment: Assessment) -> list[Clarification]:
    return list(assessment.clarifications.unresolved().order_by("number"))
