"""S7, the company's profile: one page, prefilled with what the contractor already knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import answering
from assessments.errors import Stale, WrongStatus
from assessments.form import closing, entries, opening, reading
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Fault, Filled, local, question, shown, stored
from assessments.form.reading import Sent
from assessments.models import Assessment
from questionnaires import explaining, validating
from questionnaires.content import Content, Item, Value
from suppliers.models import Supplier

EMPLOYEES: Final = (
    (1, "1"),
    (5, "2-5"),
    (20, "6-20"),
    (50, "21-50"),
    (100, "51-100"),
    (300, "101-300"),
)
MOST: Final = "301-"


@dataclass(frozen=True)
class Filling:
    """What stands in the page, and since which version of the profile."""

    filled: Mapping[int, Filled]
    version: int
    taken_over: bool = False  # from the contractor's records
    wrong: Mapping[int, str] = field(default_factory=dict)
    differing: Sequence[tuple[str, str, str]] = ()  # topic, what is stored, what is given


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    sent = reading.read(request.POST, _content(assessment).items)
    return _show(request, assessment, _page(request, sent), Remark(notice))


@opening.page(again=again)
def company(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    content = _content(assessment)
    if request.method == "POST":
        return _save(request, assessment, content)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    known = assessment.profile_values()
    values = known or prefilled(content, assessment.supplier)
    filled = {item.number: stored(values, item) for item in content.items}
    taken_over = bool(values) and not known
    return _show(
        request, assessment, Filling(filled, assessment.profile_version, taken_over=taken_over)
    )


def prefilled(content: Content, supplier: Supplier) -> dict[int, Value]:
    """What the contractor has on record, as answers; only where the option exists."""
    known = {"employees": _range(supplier.employees), "industry": supplier.industry}
    values: dict[int, Value] = {}
    for item in content.items:
        value = known.get(item.name)
        if value and item.option(value):
            values[item.number] = value
    return values


def _range(employees: int | None) -> str | None:
    if not employees:
        return None
    return next((value for most, value in EMPLOYEES if employees <= most), MOST)


def _save(request: HttpRequest, assessment: Assessment, content: Content) -> HttpResponse:
    now = timezone.now()
    sent = reading.read(request.POST, content.items)
    page = _page(request, sent)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, page, Remark(knock=knock))
    if request.POST.get("keep") == "stored":
        return redirect(request.path)
    checked = validating.check(content, {n: each.values for n, each in sent.filled.items()})
    if checked.problems or sent.foreign:
        status = 400 if sent.foreign or _is_strange(checked) else 200
        wrong = {each.number: explaining.sentence(content, each) for each in checked.problems}
        remark = Remark(foreign=not wrong, status=status)
        return _show(request, assessment, replace(page, wrong=wrong), remark)
    try:
        answering.fill_profile(assessment, checked.values, version=page.version, now=now)
    except WrongStatus:
        return closing.too_late(request, assessment)
    except Stale:
        return _ask_which(request, assessment, page, checked.values)
    return redirect(_next(request, assessment))


def _next(request: HttpRequest, assessment: Assessment) -> str:
    if request.POST.get("action") == "pause":
        return reverse("form:overview", args=[assessment.public_id]) + "?saved=1"
    return reverse("form:check", args=[assessment.public_id])


def _page(request: HttpRequest, sent: Sent) -> Filling:
    version = request.POST.get("version", "")
    return Filling(sent.filled, int(version) if reading.VERSION.fullmatch(version) else 0)


def _ask_which(
    request: HttpRequest, assessment: Assessment, page: Filling, given: Mapping[int, Value]
) -> HttpResponse:
    """The page was changed by somebody else: both versions of what differs, and two radios."""
    assessment.refresh_from_db(fields=["profile", "profile_version"])
    there = assessment.profile_values()
    differing = [
        (local(item.topic), _said(item, there), _said(item, given))
        for item in _content(assessment).items
        if there.get(item.number) != given.get(item.number)
    ]
    page = replace(page, version=assessment.profile_version, differing=differing)
    sentence = _("Somebody else changed this page meanwhile. Choose which one to keep")
    return _show(request, assessment, page, Remark(faults=[Fault("keep_stored", sentence)]))


def _said(item: Item, values: Mapping[int, Value]) -> str:
    return shown(item, values.get(item.number)) or _("no answer yet")


def _show(
    request: HttpRequest, assessment: Assessment, page: Filling, remark: Remark = NOTHING
) -> HttpResponse:
    content = _content(assessment)
    questions = [
        question(content, item, page.filled[item.number], wrong=page.wrong.get(item.number, ""))
        for item in content.items
    ]
    sections = [
        (
            local(section.title),
            [each for each in questions if content.item(each.number).section == section.number],
        )
        for section in content.sections
    ]
    wrong = [Fault(each.id, each.wrong) for each in questions if each.wrong]
    remark = replace(remark, faults=[*remark.faults, *wrong])
    context = {"title": local(content.title), "sections": sections, **vars(page)}
    return opening.show(request, "company", assessment, context, remark)


def _content(assessment: Assessment) -> Content:
    if assessment.profile_questionnaire is None:
        raise Http404
    return assessment.profile_questionnaire.parsed()


def _is_strange(checked: validating.Checked) -> bool:
    """No browser sends these by itself."""
    return any(each.code in {"not-an-option", "unreadable", "several"} for each in checked.problems)
