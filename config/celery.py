"""The Celery application and the only timetable of the service."""

import gc
import os
from typing import Any, Final

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, task_prerun, worker_process_init
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

ALLOCATIONS: Final = 50_000  # between two looks of the collector at what is new

app = Celery("tasuki")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {  # what others build on comes first: a sweep goes through in this order
    "watch-certifications": {
        "task": "suppliers.watch_certifications",
        "schedule": crontab(minute="*/5"),
    },
    "import-what-is-owed": {"task": "suppliers.import_rows", "schedule": crontab()},
    "launch-what-is-owed": {"task": "assessments.launch", "schedule": crontab()},
    "settle-campaigns": {"task": "assessments.settle_campaigns", "schedule": crontab()},
    "rate-again": {"task": "ratings.rerate", "schedule": crontab()},
    "write-to-holders": {"task": "assessments.notify_holders", "schedule": crontab(minute="*/10")},
    "mail-what-is-owed": {"task": "assessments.send_mail", "schedule": crontab()},
    "deliver-what-is-owed": {"task": "events.deliver", "schedule": 10.0},
    "urge-who-must-answer": {"task": "assessments.urge", "schedule": crontab(minute="*/10")},
    "tell-the-day": {
        "task": "assessments.tell_the_day",
        "schedule": crontab(minute="*/10", hour="23,0"),  # from half past eight in Tokyo
    },
    "tell-who-must-answer": {"task": "assessments.send_notices", "schedule": crontab()},
    "remind-who-is-due": {"task": "assessments.remind", "schedule": crontab(minute="*/10")},
    "scan-what-is-unscanned": {
        "task": "suppliers.scan_evidence",
        "schedule": crontab(minute="*/5"),
    },
    "discard-what-is-removed": {
        "task": "suppliers.sweep_evidence",
        "schedule": crontab(minute="23"),
    },
    "forget-what-imports-found": {
        "task": "suppliers.forget_imports",
        "schedule": crontab(minute="37"),
    },
    "forget-old-sessions": {
        "task": "assessments.forget_sessions",
        "schedule": crontab(minute="17", hour="18"),  # three at night in Tokyo
    },
    "erase-what-is-kept-no-longer": {
        "task": "retention.erase",
        "schedule": crontab(minute="41", hour="18"),
    },
    "hear-the-canary": {
        "task": "events.sing",
        "schedule": 30.0,
        "options": {"expires": 60.0},  # a queue that nobody empties does not fill with them
    },
    "forget-old-answers": {"task": "contractors.forget_answers", "schedule": crontab(minute="7")},
}


@setup_logging.connect
def leave_logging_alone(**_options: object) -> None:
    """Django has set it up; Celery sets up its own only where nobody answers this."""


@task_prerun.connect
def drop_ended_connections(task: Any, **_told: object) -> None:
    """What was ended since the last task costs this one nothing: see `CONN_HEALTH_CHECKS`."""
    if not task.request.is_eager:
        close_old_connections()


@worker_process_init.connect
def collect_seldom(**_options: object) -> None:
    """A batch makes many thousand objects and no cycles; what is loaded by now stays for good."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS)
