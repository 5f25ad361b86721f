"""Reminders that are due, sent by one worker to a mail server of this machine, against smtplib on
one connection, which builds and sends the very same letters and asks the database nothing.
"""

import secrets
import smtplib
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from assessments import composing, timetable
from assessments.locking import with_related
from assessments.models import Assessment, Mail, Occasion
from benchmarks import processes
from benchmarks.laboratory import Laboratory, Site
from benchmarks.making import Moment
from benchmarks.reporting import Line
from benchmarks.timing import Figure, Stopwatch
from config.celery import app
from events.owed import CLAIM

AIM: Final = 3.33  # the same as 0.3 of the floor's pace
PATIENCE: Final = 1800.0  # seconds
KIND: Final = Occasion.Kind.SECOND_REMINDER


def measure(lab: Laboratory) -> list[Line]:
    site, moment = lab.large, _morning_after(timezone.now())
    with site.database.used(), processes.mail_server(site.database) as port:
        mails = _owe(moment, lab.plan.mails, but=site.made.moment.due_on)
        tables = (each._meta.db_table for each in (Mail, Occasion, Assessment))
        site.database.administrate(*(f"VACUUM ANALYZE {table}" for table in tables))
        seconds, peak = _sent(site, moment, mails, port)
        floor = _floor(mails, port)
    named = f"sending {len(mails):,} due reminders (worker's peak {peak:.0f} MiB)"
    return [Line(named, _once(seconds), "smtplib", _once(floor), AIM)]


def _morning_after(now: datetime) -> Moment:
    """In the time to come, so that a ring, which brings no time along, finds nothing due."""
    day = timetable.shift(now.astimezone(timetable.TOKYO).date(), 1)
    morning = datetime.combine(day, time(10, 30), tzinfo=timetable.TOKYO)
    return Moment(morning, timetable.shift(day, 3))


def _owe(moment: Moment, count: int, *, but: date) -> list[int]:
    """As many letters, each to a person of its own about a request of its own.

    The requests due `but` on that day are those of the sweep, which counts them.
    """
    now = timezone.now()
    Mail.objects.filter(due_at__isnull=False).update(closed_at=now, due_at=None, outcome="dropped")
    told = with_related(Assessment.objects.filter(number__gt=1).exclude(due_on=but)).order_by(
        "number"
    )[:count]
    Assessment.objects.filter(pk__in=[each.pk for each in told]).update(due_on=moment.due_on)
    mails = Mail.objects.bulk_create(
        Mail(contractor_id=each.contractor_id, contact=each.contact, due_at=moment.now)
        for each in told
    )
    Occasion.objects.bulk_create(
        Occasion(
            contractor_id=each.contractor_id,
            assessment=each,
            mail=mail,
            kind=KIND,
            arose_on=moment.now.date(),
        )
        for each, mail in zip(told, mails, strict=True)
    )
    return [mail.pk for mail in mails]


def _sent(site: Site, moment: Moment, mails: list[int], port: int) -> tuple[float, float]:
    """Seconds from the first ring to the last letter, and the worker's peak in MiB."""
    app.control.purge()
    with processes.worker(site.database, f"smtp://127.0.0.1:{port}") as worker:
        processes.wait(worker, lambda: bool(app.control.ping(timeout=0.5)), within=PATIENCE)
        watch = Stopwatch()
        with watch.running():
            for _claim in range(len(mails) // CLAIM + 1):
                app.send_task("assessments.send_mail", kwargs={"now": moment.now.isoformat()})
            processes.wait(worker, lambda: not _waits(mails[0]), within=PATIENCE)
        sent = Mail.objects.filter(pk__in=mails, outcome="sent", attempt=1).count()
        if sent != len(mails):
            raise RuntimeError(f"Of {len(mails)} letters {sent} left at once.")
        return watch.seconds, max(worker.peak(), default=0.0)


def _waits(first: int) -> bool:
    return Mail.objects.filter(pk__gte=first, due_at__isnull=False).exists()


def _floor(mails: list[int], port: int) -> float:
    """The letters are made here as well; what they tell of is read before."""
    occasions = Occasion.objects.filter(mail__in=mails).select_related("mail__contact")
    read = with_related(Assessment.objects.filter(occasions__mail__in=mails)).in_bulk()
    watch = Stopwatch()
    told = [(each.mail, read[each.assessment_id or 0]) for each in occasions.order_by("pk")]
    with watch.running(), smtplib.SMTP("127.0.0.1", port) as server:
        for mail, assessment in told:
            link = f"{settings.BASE_URL}/s/{secrets.token_urlsafe(32)}/"
            email = composing.about_request(mail, assessment, KIND, link=link, now=timezone.now())
            content: Any = email.message()
            made = content.as_bytes(linesep="\r\n")
            server.sendmail(settings.MAIL_FROM, email.recipients(), made)
    return watch.seconds


def _once(seconds: float) -> Figure:
    return Figure(seconds, seconds, seconds)
