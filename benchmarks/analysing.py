"""What a contractor learns of all its suppliers, against the same SQL by psycopg."""

from benchmarks import answered, statements, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.reporting import Line
from benchmarks.timing import Watched

AIM = 1.3
PATHS = {
    "portfolio": "/api/v1/analytics/portfolio/",
    "cross table": "/api/v1/analytics/crosstab/?rows=score_band&columns=incident",
}


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    with site.database.used():
        answered.fill(site)
    watched: dict[str, Watched] = {}
    for name, path in PATHS.items():
        watched[name] = site.fetching(path)
        watched[f"sql {name}"] = _replaying(site, path)
    found = timing.medians(lab.plan.sweeps, watched)
    size = f"{site.database.size.suppliers:,}"
    return [
        Line(f"{name} of {size} suppliers", found[name], "SQL", found[f"sql {name}"], AIM)
        for name in PATHS
    ]


def _replaying(site: Site, path: str) -> Watched:
    with site.database.used():
        caught = statements.caught(lambda: site.client().get(path))
    return lambda: site.psycopg.replay(caught)
