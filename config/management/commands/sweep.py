from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.celery import app


class Command(BaseCommand):
    help = "Runs every sweep of the timetable once, as of a moment: for demonstrations and tests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", required=True, metavar="TIME", help="RFC 3339 with its zone")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ALLOW_CLOCK:
            raise CommandError("The clock may be moved only with ALLOW_CLOCK=1, never in use.")
        moment = parse_datetime(options["now"])
        if moment is None or timezone.is_naive(moment):
            raise CommandError("Give a time with its zone, as 2027-01-15T01:00:00Z.")
        app.loader.import_default_modules()
        for entry in app.conf.beat_schedule.values():
            self.stdout.write(f"{entry['task']} as of {moment.isoformat()}")
            while app.tasks[entry["task"]](now=moment.isoformat()):
                pass  # one claim after the other, until nothing more is due
