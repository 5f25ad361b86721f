"""S2, how far the answers are: any order, and the place one returns to."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import inviting, requirements
from assessments.form import clashing, consultations, entries, holding, opening
from assessments.form.holding import State
from assessments.form.questions import anchor, local
from assessments.models import OPEN, Answer, Assessment, Confirmation, Consultation
from questionnaires import validating
from questionnaires.content import Content, Page
from suppliers import opting_out


@dataclass(frozen=True)
class Row:
    name: str
    address: str
    state: State
    told: str


@opening.page()
def overview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in OPEN:
        return redirect("form:receipt", public_id)
    content = assessment.questionnaire.parsed()
    answers = list(assessment.answers.all())
    answered = {answer.number for answer in answers if answer.value}
    open_items = [item for item in content.items if item.number not in answered]
    threads = consultations.worth_reading(assessment)
    context = {
        "rows": _rows(assessment, content, answered),
        "all": len(content.items),
        "answered": len(answered),
        "next": _place(assessment, content, open_items[0].number) if open_items else "",
        "next_number": open_items[0].number if open_items else 0,
        "replaceable": bool(requirements.replacing_answers(assessment.asked())),
        "last_saved": _last_saved(answers),
        "saved": "saved" in request.GET,
        "returned": assessment.submitted_at is not None,
        "replied": any(each.state == Consultation.State.OPEN for each in threads),
        "agreements": consultations.agreements(threads, assessment),
        "opt_out": reverse("form:opt_out", args=[opting_out.token(assessment.contact)]),
        "frozen": inviting.confirmation_state(assessment) == Confirmation.State.ASKED,
        "given_back": _given_back(assessment),
        "taken_back": "taken_back" in request.GET,
        "asked_back": assessment.clarifications.unresolved().count(),
    }
    return opening.show(request, "overview", assessment, context)


def _given_back(assessment: Assessment) -> Confirmation | None:
    """The newest, if it came back since the answers were last handed in."""
    if inviting.confirmation_state(assessment) != Confirmation.State.RETURNED:
        return None
    newest = assessment.confirmations.select_related("person").latest("pk")
    handed_in = assessment.submitted_at
    return newest if handed_in is None or newest.asked_at > handed_in else None


def _rows(assessment: Assessment, content: Content, answered: Collection[int]) -> list[Row]:
    rows = [_page_row(assessment, page, answered) for page in content.pages]
    rows.append(_certifications_row(assessment))
    if assessment.profile_questionnaire:
        rows.append(_company_row(assessment, assessment.profile_questionnaire.parsed()))
    return rows


def _page_row(assessment: Assessment, page: Page, answered: Collection[int]) -> Row:
    count = len(page.items)
    done = sum(1 for item in page.items if item.number in answered)
    questions = ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    name = _("%(title)s (%(questions)s)") % {"title": local(page.title), "questions": questions}
    address = reverse("form:answers", args=[assessment.public_id, page.number])
    if done == 0:
        return Row(name, address, "open", _("Not answered"))
    if done < count:
        told = _("Being answered (%(done)s/%(count)s)") % {"done": done, "count": count}
        return Row(name, address, "part", told)
    return Row(name, address, "done", _("Answered"))


def _certifications_row(assessment: Assessment) -> Row:
    told: dict[State, str] = {
        "open": _("Not answered"),
        "part": _("Being answered"),
        "done": _("Answered"),
    }
    state = holding.state(assessment.holdings, holding.named(assessment))
    address = reverse("form:certifications", args=[assessment.public_id])
    return Row(_("Certifications and declarations"), address, state, told[state])


def _company_row(assessment: Assessment, profile: Content) -> Row:
    values = assessment.profile_values()
    address = reverse("form:company", args=[assessment.public_id])
    name = local(profile.title)
    if not values:
        return Row(name, address, "open", _("Not answered"))
    if validating.missing(profile, values):
        return Row(name, address, "part", _("Being answered"))
    return Row(name, address, "done", _("Answered"))


def _place(assessment: Assessment, content: Content, number: int) -> str:
    page = next(page for page in content.pages if number in {item.number for item in page.items})
    address = reverse("form:answers", args=[assessment.public_id, page.number])
    return f"{address}#{anchor(content.item(number))}"


def _last_saved(answers: list[Answer]) -> str:
    if not answers:
        return ""
    return clashing.moment(max(answer.answered_at for answer in answers))
