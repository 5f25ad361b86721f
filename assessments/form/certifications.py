"""S6, certifications and declarations: what is held is asked first, each one has its own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import declaring
from assessments.declaring import Chosen, Paper
from assessments.errors import WrongStatus
from assessments.form import closing, entries, holding, opening, reading
from assessments.form.holding import GROUPS, NO_ANSWERS, Card, Group
from assessments.form.opening import NOTHING, Remark
from assessments.form.questions import Choice, Fault
from assessments.models import Assessment
from contractors.errors import Refused
from questionnaires import validating
from suppliers import days
from suppliers.certificates import Scheme
from suppliers.models import Certification
from suppliers.normalising import narrow

DECLARED: Final = GROUPS[0]  # SECURITY ACTION, whose number is asked on the same page
LONGEST: Final = 100  # characters of a number
FIELDS: Final = (
    reading.OF_EVERY_PAGE
    | {"declaration_id"}
    | {f"{before}{group.name}" for group in GROUPS for before in ("", "before_")}
)


@dataclass(frozen=True)
class Filling:
    """What stands in the page by group, and what was stored when it was loaded."""

    values: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    declaration_id: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    foreign: bool = False


@dataclass(frozen=True)
class Asked:
    """One group as the page shows it: what is named already, or the question."""

    name: str
    asked: str
    hint: str
    cards: list[Card]
    choices: list[Choice]
    before: str
    add: str
    wrong: str
    numbered: bool


def again(request: HttpRequest, public_id: UUID, *, notice: str = "") -> HttpResponse:
    assessment = opening.living(request, public_id)
    return _show(request, assessment, _read(request), [], Remark(notice))


@opening.page(again=again)
def certifications(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if request.method == "POST":
        return _save(request, assessment)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    stored = assessment.holdings
    rows = holding.standing(assessment)
    return _show(request, assessment, Filling(stored, stored), rows)


def after(request: HttpRequest, assessment: Assessment) -> str:
    """Where to go from here: to what is held and not named yet, or else back to the list."""
    rows = holding.standing(assessment)
    assessment.refresh_from_db(fields=["holdings"])
    if waiting := holding.pending(assessment.holdings, rows):
        return add_address(request, assessment, *waiting[0])
    return listed(request, assessment, told="saved")


def listed(request: HttpRequest, assessment: Assessment, *, told: str = "") -> str:
    """The list, with what has just been done: saved or removed."""
    return _address(request, "form:certifications", assessment, {told: "1"} if told else {})


def add_address(request: HttpRequest, assessment: Assessment, group: Group, scheme: str) -> str:
    told = {"of": scheme} if scheme else {"group": group.name}
    return _address(request, "form:add_certification", assessment, told)


def comes_from_check(request: HttpRequest) -> bool:
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("from") == "check"


def _save(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    now, page = timezone.now(), _read(request)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        return _show(request, assessment, page, [], Remark(knock=knock))
    rows = holding.standing(assessment)
    page = _checked(page)
    if page.wrong or page.foreign:
        remark = Remark(foreign=not page.wrong, status=400 if page.foreign else 200)
        return _show(request, assessment, page, rows, remark)
    try:
        stale = _keep(assessment, page, rows, now=now)
    except WrongStatus:
        return closing.too_late(request, assessment)
    except Refused as refusal:
        return _show(request, assessment, page, rows, Remark(_(str(refusal)), status=409))
    if stale:
        return _show(request, assessment, _clashing(page, stale), rows)
    return redirect(_next(request, assessment))


def _keep(
    assessment: Assessment, page: Filling, rows: Sequence[Certification], *, now: datetime
) -> dict[str, str]:
    """What was chosen where nothing is named yet; a declaration is named at once."""
    open_groups = {group.name for group in GROUPS if not holding.in_group(rows, group)}
    chosen = {
        name: Chosen(value, page.before.get(name, ""))
        for name, value in page.values.items()
        if name in open_groups
    }
    stale = declaring.choose(assessment, chosen, now=now)
    star = page.values.get(DECLARED.name, "")
    if not stale and DECLARED.name in open_groups and star not in NO_ANSWERS:
        paper = Paper({"number": page.declaration_id.strip()})
        declaring.declare(assessment, Scheme(star), paper, now=now)
    return stale


def _read(request: HttpRequest) -> Filling:
    post = request.POST
    names = [group.name for group in GROUPS]
    return Filling(
        values={name: post[name] for name in names if post.get(name)},
        before={name: post.get(f"before_{name}", "") for name in names},
        declaration_id=post.get("declaration_id", ""),
        foreign=not FIELDS.issuperset(post),
    )


def _checked(page: Filling) -> Filling:
    """With a sentence for each group that cannot be kept."""
    wrong, foreign = {}, page.foreign
    for group in GROUPS:
        value = page.values.get(group.name, "")
        if value and value not in dict(group.options()):
            wrong[group.name], foreign = _("Choose one of the options shown"), True
    try:
        typed = validating.text(narrow(page.declaration_id), most=LONGEST)
    except validating.Wrong as error:
        wrong[DECLARED.name] = _("Write the declaration ID as its 11 digits")
        foreign |= error.code == "unreadable"
    else:
        if typed and page.values.get(DECLARED.name, "") in NO_ANSWERS:
            wrong.setdefault(DECLARED.name, _("Choose the stars of SECURITY ACTION"))
    return replace(page, wrong=wrong, foreign=foreign)


def _clashing(page: Filling, stale: Mapping[str, str]) -> Filling:
    """Somebody else chose meanwhile: said beside the question, and pressing again decides."""
    labels = {group.name: dict(group.options()) for group in GROUPS}
    wrong = {
        name: _("Somebody else chose “%(label)s” here meanwhile. Choose which one is right")
        % {"label": labels[name].get(value, value)}
        for name, value in stale.items()
    }
    return replace(page, before={**page.before, **stale}, wrong=wrong)


def _next(request: HttpRequest, assessment: Assessment) -> str:
    if request.POST.get("action") == "pause":
        return reverse("form:overview", args=[assessment.public_id]) + "?saved=1"
    assessment.refresh_from_db(fields=["holdings"])
    if waiting := holding.pending(assessment.holdings, holding.standing(assessment)):
        return add_address(request, assessment, *waiting[0])
    to_company = assessment.profile_questionnaire and not comes_from_check(request)
    return reverse("form:company" if to_company else "form:check", args=[assessment.public_id])


def _show(
    request: HttpRequest,
    assessment: Assessment,
    page: Filling,
    rows: Sequence[Certification],
    remark: Remark = NOTHING,
) -> HttpResponse:
    asked = [_asked(request, assessment, group, page, rows) for group in GROUPS]
    faults = [Fault(f"{name}_1", sentence) for name, sentence in page.wrong.items()]
    context = {
        "groups": asked,
        "declaration_id": page.declaration_id,
        "to_check": comes_from_check(request),
        "saved": request.method == "GET" and "saved" in request.GET,
        "removed": request.method == "GET" and "removed" in request.GET,
    }
    return opening.show(
        request, "certifications", assessment, context, replace(remark, faults=faults)
    )


def _asked(
    request: HttpRequest,
    assessment: Assessment,
    group: Group,
    page: Filling,
    rows: Sequence[Certification],
) -> Asked:
    today = days.in_japan(timezone.now())
    value = page.values.get(group.name, "")
    named = holding.in_group(rows, group)
    return Asked(
        name=group.name,
        asked=_(group.asked),
        hint=_(group.hint) if group.hint else "",
        cards=[holding.card(row, assessment.contractor.name, today=today) for row in named],
        choices=[
            Choice(f"{group.name}_{place}", each, label, "", each == value)
            for place, (each, label) in enumerate(group.options(), start=1)
        ],
        before=page.before.get(group.name, ""),
        add=add_address(request, assessment, group, ""),
        wrong=page.wrong.get(group.name, ""),
        numbered=group is DECLARED,
    )


def _address(
    request: HttpRequest, name: str, assessment: Assessment, told: Mapping[str, str]
) -> str:
    more = {**told, **({"from": "check"} if comes_from_check(request) else {})}
    address = reverse(name, args=[assessment.public_id])
    return f"{address}?{urlencode(more)}" if more else address
