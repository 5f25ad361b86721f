"""The reminder sweep costs what is due, not what is open."""

from datetime import datetime
from typing import Final

from assessments import reminding
from assessments.models import Assessment, Mail, Occasion
from benchmarks import laboratory, statements, timing
from benchmarks.databases import Database
from benchmarks.laboratory import Laboratory, Site
from benchmarks.making import Moment
from benchmarks.reporting import Line
from benchmarks.timing import Stopwatch, Watched

AIM: Final = 1.5


def measure(lab: Laboratory) -> list[Line]:
    """Among few open requests, and among so many that whoever read them all would be seen."""
    crowd = Database("crowd", lab.plan.crowd)
    with laboratory.opened(crowd, lab.small.made, due=lab.plan.due) as large:
        return _measured(lab, {f"{each.database.size.open:,}": each for each in (lab.small, large)})


def _measured(lab: Laboratory, sites: dict[str, Site]) -> list[Line]:
    watched: dict[str, Watched] = {}
    for size, site in sites.items():
        watched[size] = _sweeping(site, lab.plan.due)
        watched[f"sql {size}"] = _replaying(site)
    found = timing.medians(lab.plan.sweeps, watched)
    names = {size: f"sweep of {lab.plan.due:,} due among {size} open" for size in sites}
    small, large = sites
    return [
        *(Line(names[size], found[size], "SQL", found[f"sql {size}"]) for size in sites),
        Line(names[large], found[large], f"among {small}", found[small], AIM),
    ]


def sweep(now: datetime) -> None:
    """As the task does: batch after batch, each a transaction."""
    while reminding.write_due(now=now) == reminding.BATCH:
        pass


def _sweeping(site: Site, due: int) -> Watched:
    database, moment = site.database, site.made.moment

    def swept() -> float:
        watch = Stopwatch()
        with database.used():
            undo(database, moment)
            with watch.running():
                sweep(moment.now)
            must_be_owed(due)
        return watch.seconds

    return swept


def must_be_owed(due: int) -> None:
    owed = Occasion.objects.filter(kind=Occasion.Kind.SECOND_REMINDER).count()
    if owed != due:
        raise RuntimeError(f"Of {due} reminders that are due {owed} were written.")


def _replaying(site: Site) -> Watched:
    database, moment = site.database, site.made.moment

    def replayed() -> float:
        with database.used():
            undo(database, moment)
            with statements.numbers_kept(database):
                caught = statements.caught(lambda: sweep(moment.now))
        return site.psycopg.replay(caught)

    return replayed


def undo(database: Database, moment: Moment) -> None:
    """Let the same requests be due again, and no letter remain. Events stay, as they must."""
    rows = Assessment.objects.filter(due_on=moment.due_on)
    written = Occasion.objects.filter(kind=Occasion.Kind.SECOND_REMINDER)
    mails = list(written.values_list("mail", flat=True))
    written.delete()
    Mail.objects.filter(pk__in=mails).delete()
    rows.update(remind_at=moment.now)
    tables = (model._meta.db_table for model in (Assessment, Mail, Occasion))
    database.administrate(*(f"VACUUM {table}" for table in tables))
