"""S13, what the answers come to, for those who gave them: points, gaps, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from assessments import explaining
from assessments.form import entries, opening
from assessments.form.questions import local
from assessments.models import SENT, Assessment
from questionnaires.content import Content, Item
from ratings import advising, policy, starring
from ratings.advising import Action
from ratings.facts import Facts
from ratings.models import Rating
from ratings.starring import Star

BANDS: Final = {  # IPA's bands by their names
    "100": gettext_noop("Everything is in place. Keep it up, and look again in a year."),
    "70-99": gettext_noop("Most is in place. What is left shows where a weak point may remain."),
    "50-69": gettext_noop("About half is in place. The open items are good places to go on."),
    "49-": gettext_noop("This is a start. The first items bring the most."),
}
EFFORTS: Final = {
    "low": gettext_noop("can begin today, without cost"),
    "medium": gettext_noop("some days of work, or some cost"),
    "high": gettext_noop("takes months, cost and help from outside"),
}
SHOWN: Final = 3  # next steps; more would only be a list of what is missing


@dataclass(frozen=True)
class Part:
    """One part of IPA's self-diagnosis. A bar cannot show less than nothing."""

    title: str
    points: int
    most: int

    @property
    def shown(self) -> int:
        return max(self.points, 0)


@dataclass(frozen=True)
class Step:
    """What to do next. `gain` is in points, with two decimals."""

    sentence: str
    first: str
    gain: str
    effort: str


@dataclass(frozen=True)
class Reach:
    """A star: a sentence about it, and the questions that stay open under it."""

    sentence: str
    left: list[str]


@opening.page()
def result(request: HttpRequest, public_id: UUID) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if not entries.is_in(request, assessment):
        return redirect("form:code", public_id)
    if assessment.status not in SENT:
        return redirect("form:overview", public_id)
    submission = assessment.submissions.select_related("rating").latest("number")
    if not assessment.contractor.shares_results or submission.rating is None:
        raise Http404
    return opening.show(request, "result", assessment, _context(assessment, submission.rating))


def _context(assessment: Assessment, rating: Rating) -> dict[str, Any]:
    content = assessment.questionnaire.parsed()
    diagnosed, facts = rating.result["self_diagnosis"], Facts.from_plain(rating.inputs)
    actions = advising.next_actions(facts, policy.standard())
    return {
        "asked": explaining.explain(assessment.requirements),
        "total": diagnosed["total"],
        "band": _(BANDS[diagnosed["band"]]),
        "parts": _parts(content, diagnosed["parts"]),
        "unknowns": [_named(content.item(number)) for number in diagnosed["unknowns"]],
        "score": rating.score,
        "steps": [_step(action) for action in actions[:SHOWN]],
        "stars": [_reach(star, content) for star in starring.stars(facts)],
    }


def _step(action: Action) -> Step:
    told = action.plain
    sentence, first = local(action.detail), local(action.advice.first_step)
    return Step(sentence, first, told["gain"], _(EFFORTS[action.advice.effort]))


def _reach(star: Star, content: Content) -> Reach:
    left = [_named(content.item(number)) for number in star.open_items]
    if star.scheme == "security_action_1":
        return Reach(_one_star(star), left)
    if star.declared:
        return Reach(_("Two stars are declared."), left)
    sentence = _("For two stars, publish a basic policy on information security; the rest is done.")
    return Reach(sentence, left)


def _one_star(star: Star) -> str:
    """It is a promise, so it never waits for anything to be finished."""
    if star.declared:
        return _("One star is declared. It is about the first five questions.")
    if star.open_items:
        return _("You can declare one star now, as a promise to work on these questions too:")
    return _("You do all that one star is about. You can declare it now.")


def _parts(content: Content, points: Mapping[str, int]) -> list[Part]:
    assert content.scoring is not None
    most = content.scoring.parts
    return [
        Part(local(section.title), points[str(section.number)], most[str(section.number)])
        for section in content.sections
    ]


def _named(item: Item) -> str:
    told = {"number": item.number, "topic": local(item.topic)}
    return _("Question %(number)s: %(topic)s") % told
