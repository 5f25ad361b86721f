"""A page of a list costs the same at any depth and for any size of the table."""

from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from benchmarks import statements, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.plan import PAGE_SIZE
from benchmarks.reporting import Line
from benchmarks.timing import Watched

AIM = 1.3


@dataclass(frozen=True)
class Listed:
    """A list of the API, and the name of the number of its rows in `Size`."""

    name: str
    rows: str

    def count(self, site: Site) -> int:
        return int(getattr(site.database.size, self.rows))


SUPPLIERS: Final = Listed("suppliers", "suppliers")
ASSESSMENTS: Final = Listed("assessments", "open")
WORK: Final = Listed("work-list", "open")
ALONE: Final = "ALTER TABLE assessments_assessment {} TRIGGER USER"  # no edge leads there at once
KEPT: Final = """
CREATE TABLE kept AS SELECT id, status, remind_at, submitted_at, flags FROM assessments_assessment
"""
HANDED_IN: Final = """
UPDATE assessments_assessment SET status = 'submitted', remind_at = NULL,
    submitted_at = invited_at + id * interval '1 second', flags = '{many_unknowns}'
"""
AS_BEFORE: Final = """
UPDATE assessments_assessment SET status = kept.status, remind_at = kept.remind_at,
    submitted_at = kept.submitted_at, flags = kept.flags FROM kept
WHERE kept.id = assessments_assessment.id
"""


def measure(lab: Laboratory, listed: Listed) -> list[Line]:
    sites = {f"{listed.count(site):,}": site for site in (lab.small, lab.large)}
    pages = {size: _pages(site, listed, lab.plan.page) for size, site in sites.items()}
    watched: dict[str, Watched] = {}
    for size, site in sites.items():
        watched[f"bare {size}"] = site.bare()
        for page, address in pages[size].items():
            watched[f"{page} of {size}"] = site.fetching(address)
            watched[f"sql {page} of {size}"] = _replaying(site, address)
    found = timing.medians(lab.plan.rounds, watched)
    lines = []
    for size in sites:
        for page in pages[size]:
            name = f"list of {size} {listed.name}, page {page}"
            figure = found[f"{page} of {size}"]
            lines.append(Line(name, figure, "bare view", found[f"bare {size}"]))
            lines.append(Line(name, figure, "SQL", found[f"sql {page} of {size}"]))
    small, large = sites
    (first, last), (_, deep) = list(pages[small]), list(pages[large])
    for size, far in ((small, last), (large, deep)):
        name = f"list of {size} {listed.name}, page {far}"
        one, other = found[f"{far} of {size}"], found[f"{first} of {size}"]
        lines.append(Line(name, one, "its page 1", other, AIM))
    for here, there in ((first, first), (deep, last)):
        name = f"list of {large} {listed.name}, page {here}"
        one, other = found[f"{here} of {large}"], found[f"{there} of {small}"]
        lines.append(Line(name, one, f"page {there} of {small}", other, AIM))
    return lines


suppliers = partial(measure, listed=SUPPLIERS)
assessments = partial(measure, listed=ASSESSMENTS)


def work(lab: Laboratory) -> list[Line]:
    """While every request waits for a person to decide."""
    sites = (lab.small, lab.large)
    for site in sites:
        _write(site, KEPT, HANDED_IN)
    lines = measure(lab, WORK)
    for site in sites:
        _write(site, AS_BEFORE, "DROP TABLE kept")
    return lines


def _write(site: Site, *statements: str) -> None:
    around = (ALONE.format("DISABLE"), *statements, ALONE.format("ENABLE"))
    site.database.administrate(*around, "VACUUM ANALYZE assessments_assessment")


def _pages(site: Site, listed: Listed, wanted: int) -> dict[str, str]:
    """The addresses of page 1 and of the wanted one, or the last where there are fewer."""
    deep = min(wanted, listed.count(site) // PAGE_SIZE)
    session = site.session()
    first = address = f"/api/v1/{listed.name}/?page_size={PAGE_SIZE}"
    for _page in range(deep - 1):
        told = session.get(f"{site.web.url}{address}", timeout=30).json()
        place = urlsplit(told["next"])
        address = f"{place.path}?{place.query}"
    return {"1": first, f"{deep:,}": address}


def _replaying(site: Site, address: str) -> Watched:
    with site.database.used():
        caught = statements.caught(lambda: site.client().get(address))
    return lambda: site.psycopg.replay(caught)
