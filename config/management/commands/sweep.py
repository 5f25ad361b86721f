from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.celery import app
from contractors import clock


class Command(BaseCommand):
    help = "Runs every sweep of the timetable once, as of a moment: for demonstrations and tests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", required=True, metavar="TIME", help="RFC 3339 with its zone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = clock.moved(options["now"])
        except clock.NotMoved as refused:
            raise CommandError(str(refused)) from None
        app.loader.import_default_modules()
        for entry in app.conf.beat_schedule.values():
            self.stdout.write(f"{entry['task']} as of {moment.isoformat()}")
            while app.tasks[entry["task"]](now=moment.isoformat()):
                pass  # one claim after the other, until nothing more is due
