"""Every supplier was rated; something changes for all of them, and a worker rates them again.

The floor reads the same inputs and writes the same rows with COPY, and the standings with one
UPDATE, on tables that are made alike.
"""

from typing import Any, Final

import psycopg
from django.utils import timezone
from psycopg import sql

from benchmarks import answered, processes, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.reporting import Line
from benchmarks.timing import Figure, Stopwatch
from config.celery import app
from contractors.models import Contractor
from events.models import Event
from ratings import policy, summing
from ratings.facts import Facts
from ratings.models import Rating
from suppliers.models import Supplier

AIM: Final = 1 / 0.4  # the same as 0.4 of the floor's pace
PATIENCE: Final = 1800.0  # seconds
SUMS: Final = 200  # ratings of a round


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    with site.database.used():
        answered.fill(site)
        pure = _sums(lab)
    again, peak = _again(site)
    count = site.database.size.suppliers
    floor = _floor(site)
    named = f"rating {count:,} suppliers again (worker's peak {peak:.0f} MiB)"
    return [*pure, Line(named, _once(again), "reading and COPY", _once(floor), AIM)]


def _sums(lab: Laboratory) -> list[Line]:
    """The sum alone on one core, beside looking up and adding the same numbers of points."""
    standard, facts = policy.standard(), Facts.from_plain(Rating.objects.earliest("pk").inputs)
    answers = facts.answers or {}
    points = {item.number: item.points for item in standard.items}

    def summed() -> float:
        return _timed(lambda: summing.add_up(facts, standard))

    def added() -> float:
        return _timed(lambda: sum(points[number][value] for number, value in answers.items()))

    found = timing.medians(lab.plan.rounds, {"sum": summed, "bare": added})
    pace = SUMS / found["sum"].median
    name = f"{SUMS} sums of a rating ({pace:,.0f} a second)"
    return [Line(name, found["sum"], "adding 25 numbers", found["bare"])]


def _timed(work: Any) -> float:
    watch = Stopwatch()
    with watch.running():
        for _ in range(SUMS):
            work()
    return watch.seconds


def _again(site: Site) -> tuple[float, float]:
    """Seconds from the change to the last standing, and the worker's peak in MiB."""
    app.control.purge()
    with site.database.used(), processes.worker(site.database) as worker:
        processes.wait(worker, lambda: bool(app.control.ping(timeout=0.5)), within=PATIENCE)
        mine = Supplier.objects.of(site.made.contractor)
        mine.update(exposure_system_access=True, rating_due_at=timezone.now())
        watch = Stopwatch()
        with watch.running():
            app.send_task("ratings.rerate")
            processes.wait(worker, lambda: not _due(site.made.contractor), within=PATIENCE)
        return watch.seconds, max(worker.peak(), default=0.0)


def _due(contractor: Contractor) -> bool:
    due = Supplier.objects.of(contractor).filter(rating_due_at__lte=timezone.now())
    return due.exists()


def _floor(site: Site) -> float:
    """The same reading and the same writing, with nothing thought about in between."""
    with site.database.used():
        last = Rating.objects.order_by("-pk")[site.database.size.suppliers - 1].pk
        since = Event.objects.filter(kind="rating.changed").earliest("pk").pk
    with psycopg.connect(site.database.owner_url) as owner:
        tables = {"ratings_rating": last, "events_event": since}
        rows = {name: _taken(owner, name, first) for name, first in tables.items()}
        for name in tables:
            _run(owner, "CREATE TABLE {} (LIKE {} INCLUDING ALL)", f"floor_{name}", name)
        owner.commit()
        watch = Stopwatch()
        with watch.running():
            read = owner.execute(READ, [last]).fetchall()
            for name, lines in rows.items():
                _put(owner, f"floor_{name}", lines)
            owner.execute(STAND)
            owner.commit()
        assert read
        for name in tables:
            _run(owner, "DROP TABLE {}", f"floor_{name}")
    return watch.seconds


READ: Final = (
    "SELECT supplier.*, rating.inputs, rating.result -> 'self_diagnosis' FROM ratings_rating AS"
    " rating JOIN suppliers_supplier AS supplier ON supplier.id = rating.supplier_id"
    " WHERE rating.id < %s"
)
STAND: Final = (
    "UPDATE suppliers_supplier AS supplier SET (standing_level, standing_grade, standing_score,"
    " standing_as_of) = (new.level, new.grade, new.score, new.as_of)"
    " FROM floor_ratings_rating AS new WHERE new.supplier_id = supplier.id"
)


def _taken(owner: psycopg.Connection[Any], table: str, first: int) -> list[bytes]:
    copy_out = sql.SQL("COPY (SELECT * FROM {} WHERE id >= {}) TO STDOUT")
    statement = copy_out.format(sql.Identifier(table), sql.Literal(first))
    with owner.cursor() as cursor, cursor.copy(statement) as copy:
        return [bytes(block) for block in copy]


def _put(owner: psycopg.Connection[Any], table: str, lines: list[bytes]) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with owner.cursor() as cursor, cursor.copy(statement) as copy:
        for block in lines:
            copy.write(block)


def _run(owner: psycopg.Connection[Any], statement: str, *names: str) -> None:
    owner.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _once(seconds: float) -> Figure:
    return Figure(seconds, seconds, seconds)
