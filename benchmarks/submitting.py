"""A supplier hands in: snapshot, score, rating, events and owed letters in one transaction."""

from itertools import count

from assessments.models import Assessment
from benchmarks import statements, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.reporting import Line
from benchmarks.supplying import (
    RESPONSIBLE,
    Browser,
    asked,
    client_in,
    complete,
    link,
    must_lead_on,
)
from benchmarks.timing import Watched


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    watched = {"submit": _submitting(site), "bare": site.bare(), "sql": _replaying(site)}
    found = timing.medians(lab.plan.writes, watched)
    name = "submit with rating"
    return [
        Line(name, found["submit"], "bare view", found["bare"]),
        Line(name, found["submit"], "SQL", found["sql"]),
    ]


def _submitting(site: Site) -> Watched:
    numbers = count()

    def submit() -> float:
        with site.database.used():
            assessment = asked(site, f"HTTP-{next(numbers)}")
            start = link(assessment)
        browser = Browser(site)
        browser.press(start, {})
        with site.database.used():
            complete(assessment)
        return browser.press(_page(assessment), RESPONSIBLE)

    return submit


def _replaying(site: Site) -> Watched:
    """Every submission is another one, so every one is caught anew and committed once."""
    numbers = count()

    def replay() -> float:
        with site.database.used():
            assessment = asked(site, f"SQL-{next(numbers)}")
            client = client_in(link(assessment))
            complete(assessment)
            page = _page(assessment)
            with statements.numbers_kept(site.database):
                caught = statements.caught(
                    lambda: must_lead_on(client.post(page, RESPONSIBLE).status_code, page)
                )
        return site.psycopg.replay(caught)

    return replay


def _page(assessment: Assessment) -> str:
    return f"/f/{assessment.public_id}/submit"
