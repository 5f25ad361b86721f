"""S10, all answers on one page before they are handed in. The score is not shown: no gaming."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import inviting, submitting
from assessments.form import entries, holding, opening, uploading
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault, anchor, local, shown
from assessments.models import OPEN, Answer, Assessment, Confirmation
from assessments.submitting import Missing
from questionnaires import explaining
from questionnaires.content import Content, Item, Value
from questionnaires.validating import Problem
from suppliers.models import Certification


@dataclass(frozen=True)
class Line:
    count: str
    text: str
    answer: str
    comment: str
    change: str  # where it is changed
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    title: str
    lines: list[Line]


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    """There is no input to keep; answers are shown to this browser only if it is in."""
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    return _show(request, assessment, submitting.missing(assessment), Remark(notice))


@opening.page(again=again)
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect("form:receipt", public_id)
    missing = submitting.missing(assessment)
    if request.method != "POST":
        return _show(request, assessment, missing)
    if missing:
        remark = Remark(faults=gaps(assessment, missing), far=True)
        return _show(request, assessment, missing, remark)
    return redirect("form:submit", public_id)


def gaps(assessment: Assessment, missing: Missing) -> list[Fault]:
    """One sentence for each missing answer, leading to the control on its page."""
    content = assessment.questionnaire.parsed()
    faults = [
        Fault(_place(assessment, content, content.item(number)), _sentence(content, number))
        for number in missing.answers
    ]
    if assessment.profile_questionnaire:
        profile = assessment.profile_questionnaire.parsed()
        company = reverse("form:company", args=[assessment.public_id])
        faults += [
            Fault(f"{company}#{anchor(profile.item(number))}", _sentence(profile, number))
            for number in missing.profile
        ]
    return faults


def _show(
    request: HttpRequest, assessment: Assessment, missing: Missing, remark: Remark = NOTHING
) -> HttpResponse:
    content = assessment.questionnaire.parsed()
    answers = {answer.number: answer for answer in assessment.answers.all()}
    frozen = inviting.confirmation_state(assessment) == Confirmation.State.ASKED
    unknown = [
        (explaining.subject(content, item), _place(assessment, content, item))
        for item in content.items
        if content.scoring
        and item.number in answers
        and answers[item.number].value == content.scoring.unknown
    ]
    context = {
        "parts": parts(assessment, answers),
        "gaps": gaps(assessment, missing),
        "unknown": unknown,
        "frozen": frozen,
        "changeable": not frozen,
    }
    return opening.show(request, "check", assessment, context, remark)


def parts(assessment: Assessment, answers: Mapping[int, Answer]) -> list[Part]:
    """All that will be handed in, as people read it; answers by their number."""
    content = assessment.questionnaire.parsed()
    return [
        *_parts(assessment, content, answers),
        _certifications(assessment),
        *_company(assessment),
    ]


def _parts(
    assessment: Assessment, content: Content, answers: Mapping[int, Answer]
) -> Iterable[Part]:
    files = uploading.by_number(assessment, [item.number for item in content.items])
    for page in content.pages:
        yield Part(
            local(page.title),
            [
                Line(
                    explaining.subject(content, item),
                    local(item.text),
                    shown(item, answers[item.number].value) if item.number in answers else "",
                    answers[item.number].comment if item.number in answers else "",
                    _place(assessment, content, item),
                    [each.name for each in files[item.number]],
                )
                for item in page.items
            ],
        )


def _certifications(assessment: Assessment) -> Part:
    """Each one that is named; of the other groups what was chosen."""
    rows = holding.standing(assessment)
    place = reverse("form:certifications", args=[assessment.public_id]) + "?from=check"
    lines = []
    for group in holding.GROUPS:
        named = holding.in_group(rows, group)
        lines += [_certification(row, place) for row in named]
        if not named:
            chosen = holding.chosen(group, assessment.holdings)
            lines.append(Line("", _(group.asked), chosen, "", f"{place}#{group.name}_1"))
    return Part(_("Certifications and declarations"), lines)


def _certification(row: Certification, place: str) -> Line:
    facts = holding.facts(row)
    files = [each.name for each in row.evidence.all() if each.removed_at is None]
    name = holding.name_of(row.scheme)
    answer = _(", ").join(f"{head}: {text}" for head, text in facts) or _("Named")
    return Line("", name, answer, "", f"{place}#certification_{row.public_id}", files)


def _company(assessment: Assessment) -> Iterable[Part]:
    if assessment.profile_questionnaire is None:
        return
    profile = assessment.profile_questionnaire.parsed()
    values: dict[int, Value] = assessment.profile_values()
    company = reverse("form:company", args=[assessment.public_id])
    yield Part(
        local(profile.title),
        [
            Line("", local(item.topic), _said(item, values), "", f"{company}#{anchor(item)}")
            for item in profile.items
            if profile.asks(item, values)
        ],
    )


def _said(item: Item, values: Mapping[int, Value]) -> str:
    return shown(item, values.get(item.number))


def _place(assessment: Assessment, content: Content, item: Item) -> str:
    page = next(page for page in content.pages if item in page.items)
    address = reverse("form:answers", args=[assessment.public_id, page.number])
    return f"{address}?from=check#{anchor(item)}"


def _sentence(content: Content, number: int) -> str:
    return explaining.sentence(content, Problem(number, "missing"))
