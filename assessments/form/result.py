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
from ratings import telling
from ratings.advising import Action
from ratings.facts import Facts
from ratings.models import Rating
from ratings.stars import Star

BANDS: Final = {  # IPA's bands by their names
    "100": gettext_noop("Everything is in place. Keep it up, and look again in a year."),
    "70-99": gettext_noop("Most is in place. What is left shows where a weak point may remain."),
    "50-69": gettext_noop("About half is in place. The open items are good places to go on."),
    "49-": gettext_noop("This is a start. The first items bring the most."),
}
EFFORTS: Final = {
    "hours": gettext_noop("takes hours"),
    "days": gettext_noop("takes days"),
    "weeks": gettext_noop("takes weeks"),
    "months": gettext_noop("takes months"),
}
THEIRS: Final = {"answer", "person", "document", "declare"}  # what a firm can do by itself
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
    """What to do next: what it brings, how to begin, and what it takes."""

    sentence: str
    first: str
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
        return entries.to_code(public_id, request.get_full_path())
    if assessment.status not in SENT:
        return redirect("form:overview", public_id)
    submission = assessment.submissions.select_related("rating").latest("number")
    rating = submission.rating
    if not assessment.contractor.shares_results or rating is None or not rating.answered:
        raise Http404
    return opening.show(request, "result", assessment, _context(assessment, rating))


def _context(assessment: Assessment, rating: Rating) -> dict[str, Any]:
    content = assessment.questionnaire.parsed()
    diagnosed, facts = rating.result["self_diagnosis"], Facts.from_plain(rating.inputs)
    return {
        "asked": explaining.explain(assessment.asked()),
        "total": diagnosed["total"],
        "band": _(BANDS[diagnosed["band"]]),
        "parts": _parts(content, diagnosed["parts"]),
        "unknowns": [_named(content.item(number)) for number in diagnosed["unknowns"]],
        "score": rating.score,
        "steps": [_step(action) for action in _within_reach(rating)],
        "stars": [_reach(star, content) for star in telling.security_action(facts)],
    }


def _within_reach(rating: Rating) -> list[Action]:
    """The best that the firm can do by itself; nobody is told to buy a certificate."""
    return [each for each in telling.actions(rating) if each.step.kind in THEIRS][:SHOWN]


def _step(action: Action) -> Step:
    first = local(action.step.first) if action.step.first else ""
    return Step(local(action.detail), first, _(EFFORTS[action.step.effort]))


def _reach(star: Star, content: Content) -> Reach:
    left = [] if star.declared else [_named(content.item(number)) for number in star.remaining]
    return Reach(local(star.detail), left)


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
