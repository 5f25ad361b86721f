"""A campaign to every supplier, from its launch to the last request a worker wrote, against COPY of
the very same rows into the same tables, with all that watches over them."""

from datetime import timedelta
from typing import Any, Final

import psycopg
from django.db.models import Max
from django.utils import timezone

from assessments import campaigning, launching
from assessments.campaigning import Draft
from assessments.models import Assessment, Campaign, Mail, Occasion
from assessments.preparing import NOTHING
from benchmarks import processes
from benchmarks.laboratory import Laboratory, Site
from benchmarks.making import stored_columns
from benchmarks.reporting import Line
from benchmarks.timing import Figure, Stopwatch
from config.celery import app
from contractors.actors import SYSTEM
from events.models import Event, Operation
from questionnaires.models import Questionnaire
from suppliers.models import Supplier

AIM: Final = 3.33  # the same as 0.3 of the floor's pace
PATIENCE: Final = 1800.0  # seconds
WRITTEN: Final = (Occasion, Assessment, Mail, Event)  # none before what refers to it


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    with site.database.used():
        since = {model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in WRITTEN}
        campaign = _drafted(site)
        count = campaign.members.count()
    seconds, peak = _launched(site, campaign)
    floor = _floor(site, since)
    with site.database.used():  # nobody waits for these letters
        owed = Mail.objects.filter(pk__gt=since[Mail], closed_at=None)
        owed.update(closed_at=timezone.now(), due_at=None, outcome="dropped")
    named = f"launch of a campaign to {count:,} suppliers (worker's peak {peak:.0f} MiB)"
    return [Line(named, _once(seconds), "COPY", _once(floor), AIM)]


def _drafted(site: Site) -> Campaign:
    asked = Questionnaire.objects.official().newest("ipa-self-diagnosis")
    assert asked
    draft = Draft(
        name="年次の確認",
        questionnaire=asked,
        due_on=timezone.localdate() + timedelta(days=365),
        requirements={"reasons": ["confidential_information"]},
        mails_per_minute=1000,
    )
    contractor, now = site.made.contractor, timezone.now()
    return campaigning.create(contractor, draft, Supplier.objects.of(contractor), now=now)


def _launched(site: Site, campaign: Campaign) -> tuple[float, float]:
    """Seconds from the launch to the last chunk, and the worker's peak in MiB."""
    app.control.purge()
    with site.database.used(), processes.worker(site.database) as worker:
        processes.wait(worker, lambda: bool(app.control.ping(timeout=0.5)), within=PATIENCE)
        watch = Stopwatch()
        with watch.running():
            operation = launching.launch(
                campaign, confirmed=NOTHING, actor=SYSTEM, now=timezone.now()
            )
            processes.wait(worker, lambda: _ended(operation), within=PATIENCE)
        operation.refresh_from_db()
        if operation.counts != {"asked": operation.total}:
            raise RuntimeError(f"The launch {operation.status}: {operation.counts}")
        return watch.seconds, max(worker.peak(), default=0.0)


def _ended(operation: Operation) -> bool:
    return not Operation.objects.unfinished().filter(pk=operation.pk).exists()


def _floor(site: Site, since: dict[Any, int]) -> float:
    """The very same rows into the same tables once more, from which they were taken before."""
    with psycopg.connect(site.database.owner_url) as owner:
        rows = {model: _taken(owner, model, last) for model, last in since.items()}
        for model, last in since.items():
            _remove(owner, model, last)
    tables = ", ".join(model._meta.db_table for model in since)
    site.database.administrate(f"VACUUM ANALYZE {tables}")
    watch = Stopwatch()
    with psycopg.connect(site.database.owner_url) as owner, watch.running():
        for model, content in rows.items():
            _put(owner, model, content)
        owner.commit()
    return watch.seconds


def _remove(owner: psycopg.Connection[Any], model: Any, last: int) -> None:
    """Events too, which only the owner of the table can, by putting its triggers out of the way."""
    table = model._meta.db_table
    _run(owner, f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _run(owner, f"DELETE FROM {table} WHERE id > {last}")  # noqa: S608  # our own words
    _run(owner, "SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come is not altered
    _run(owner, f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _taken(owner: psycopg.Connection[Any], model: Any, last: int) -> list[bytes]:
    table, columns = model._meta.db_table, ", ".join(stored_columns(model))
    text = f"COPY (SELECT {columns} FROM {table} WHERE id > {last}) TO STDOUT"  # noqa: S608  # our own words
    with owner.cursor().copy(text.encode()) as copy:
        return [bytes(block) for block in copy]


def _put(owner: psycopg.Connection[Any], model: Any, content: list[bytes]) -> None:
    columns = ", ".join(stored_columns(model))
    text = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
    with owner.cursor().copy(text.encode()) as copy:
        for block in content:
            copy.write(block)


def _run(owner: psycopg.Connection[Any], statement: str) -> None:
    owner.execute(statement.encode())


def _once(seconds: float) -> Figure:
    return Figure(seconds, seconds, seconds)
