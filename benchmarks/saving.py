"""One page of the form is saved: seven answers, all of them changed."""

from collections.abc import Iterator
from itertools import count, cycle

from benchmarks import statements, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.reporting import Line
from benchmarks.supplying import (
    LAST_PAGE,
    Browser,
    asked,
    client_in,
    last_page,
    link,
    must_lead_on,
)
from benchmarks.timing import Watched


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    watched = {"form": _saving(site), "bare": site.bare(), "sql": _replaying(site)}
    found = timing.medians(lab.plan.writes, watched)
    name = "save of a form page"
    return [
        Line(name, found["form"], "bare view", found["bare"]),
        Line(name, found["form"], "SQL", found["sql"]),
    ]


def _saving(site: Site) -> Watched:
    with site.database.used():
        assessment = asked(site, "SAVED")
        start = link(assessment)
    browser = Browser(site)
    browser.press(start, {})
    page, pages = f"/f/{assessment.public_id}/answers/{LAST_PAGE}", _pages()
    return lambda: browser.press(page, next(pages))


def _replaying(site: Site) -> Watched:
    """The second save of a page, as each measured one: it writes over answers that are there."""
    with site.database.used():
        assessment = asked(site, "CAUGHT")
        client = client_in(link(assessment))
        page, pages = f"/f/{assessment.public_id}/answers/{LAST_PAGE}", _pages()
        must_lead_on(client.post(page, next(pages)).status_code, page)
        caught = statements.caught(
            lambda: must_lead_on(client.post(page, next(pages)).status_code, page)
        )
    return lambda: site.psycopg.replay(caught)


def _pages() -> Iterator[dict[str, str]]:
    values = cycle(["partly", "done"])
    return (last_page(next(values), version) for version in count())
