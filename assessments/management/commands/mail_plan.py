import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from assessments import planning
from assessments.locking import with_related
from assessments.models import Assessment
from contractors import clock
from contractors.models import Language


class Command(BaseCommand):
    help = "Explains the mails of one request: what was sent, what is planned, and why or why not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assessment", required=True, metavar="ID", help="its public id")
        parser.add_argument("--addresses", action="store_true", help="show mail addresses")
        parser.add_argument("--now", metavar="TIME", help="as of then; needs ALLOW_CLOCK=1")
        parser.add_argument("--json", action="store_true", help="for a program")
        parser.add_argument("--language", choices=Language.values, default=Language.JAPANESE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            now = clock.moved(options["now"]) if options["now"] else timezone.now()
        except clock.NotMoved as refused:
            raise CommandError(str(refused)) from None
        lines = planning.plan(_assessment(options["assessment"]), now=now)
        with translation.override(options["language"]):
            told = [_told(line, addresses=options["addresses"]) for line in lines]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(map(_row, told)))


def _assessment(public_id: str) -> Assessment:
    try:
        return with_related(Assessment.objects.filter(public_id=UUID(public_id))).get()
    except (ValueError, Assessment.DoesNotExist):
        raise CommandError(
            "No request has this id. Give the public id, as the API shows it."
        ) from None


def _told(line: planning.Line, *, addresses: bool) -> dict[str, str]:
    told = vars(line) | {"at": timezone.localtime(line.at).isoformat(timespec="minutes")}
    if not addresses:
        del told["address"]
    return {**told, "sentence": line.sentence()}


def _row(told: dict[str, str]) -> str:
    to = " ".join(filter(None, (told["to"], told["contact"], told.get("address"))))
    row = f"{told['at']}  {told['kind']:<20} {told['outcome']:<10} {to}"
    return f"{row}  {told['reason']}: {told['sentence']}" if told["reason"] else row
