"""How PostgreSQL answers what asks about many suppliers: the scans of each query, and its pages."""

from collections.abc import Iterator
from typing import Any, Final

from benchmarks import answered, statements
from benchmarks.analysing import PATHS
from benchmarks.clearing import address
from benchmarks.laboratory import Laboratory, Site

Node = dict[str, Any]  # of EXPLAIN (FORMAT JSON)
JOINS: Final = ("Join", "Loop", "Aggregate", "Unique", "WindowAgg")


def told(lab: Laboratory) -> str:
    """A line for each query of the large database: milliseconds, pages of 8 KiB, scans, joins."""
    site = lab.large
    with site.database.used():
        answered.fill(site)
    paths = {"clearance": address(site)} | PATHS
    return "\n".join(line for name, path in paths.items() for line in _lines(site, name, path))


def _lines(site: Site, name: str, path: str) -> Iterator[str]:
    with site.database.used():
        caught = statements.caught(lambda: site.client().get(path))
    for plan in site.psycopg.explain(caught):
        node = plan["Plan"]
        pages = node["Shared Hit Blocks"] + node["Shared Read Blocks"]
        parts = ", ".join(dict.fromkeys(_parts(node)))
        yield f"{name:12} {plan['Execution Time']:8.1f} ms {pages:8,} pages  {parts}"


def _parts(node: Node) -> Iterator[str]:
    """What each node is called and where it reads, from the outermost inwards."""
    where = node.get("Index Name") or node.get("Relation Name")
    if where:
        yield f"{node['Node Type']} {where}"
    elif node["Node Type"].endswith(JOINS):
        yield node["Node Type"]
    for inner in node.get("Plans", []):
        yield from _parts(inner)
