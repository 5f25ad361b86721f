"""The published arithmetic of a questionnaire: the sum of the points of the options chosen.

For IPA's self-diagnosis that is 4, 2, 0 and -1 over 25 items: from -25 to 100, without weights.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.content import Content, Item, Scoring
from questionnaires.errors import NotScored, Unanswered


@dataclass(frozen=True)
class Part:
    points: int
    most: int


@dataclass(frozen=True)
class Score:
    total: int
    band: str
    parts: Mapping[str, Part]  # by the section's number, as text
    unknowns: tuple[int, ...]  # items answered "I don't know", to be looked up


def score(content: Content, answers: Mapping[int, str]) -> Score:
    """Refuses gaps (`Unanswered`), and values or items that are not there (`NotScored`)."""
    scoring = _scoring(content, answers)
    points = {item.number: _points(item, answers[item.number]) for item in content.items}
    total = sum(points.values())
    unknowns = (number for number in points if answers[number] == scoring.unknown)
    return Score(total, _band(scoring, total), _parts(content, scoring, points), tuple(unknowns))


def _scoring(content: Content, answers: Mapping[int, str]) -> Scoring:
    numbers = {item.number for item in content.items}
    if content.scoring is None:
        raise NotScored(f"{content.key} has no published arithmetic; do not score it.")
    if missing := numbers - set(answers):
        raise Unanswered(missing)
    if foreign := set(answers) - numbers:
        raise NotScored(f"The questionnaire has no item {min(foreign)}; leave it out.")
    return content.scoring


def _points(item: Item, value: str) -> int:
    option = item.option(value)
    if option is None or option.points is None:
        raise NotScored(f"Item {item.number} has no option {value!r} with points.")
    return option.points


def _parts(content: Content, scoring: Scoring, points: Mapping[int, int]) -> dict[str, Part]:
    sums = dict.fromkeys(scoring.parts, 0)
    for item in content.items:
        sums[str(item.section)] += points[item.number]
    return {number: Part(sums[number], most) for number, most in scoring.parts.items()}


def _band(scoring: Scoring, total: int) -> str:
    return next(band.name for band in scoring.bands if total >= band.least)
