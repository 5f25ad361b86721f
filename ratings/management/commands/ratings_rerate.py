from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contractors.models import Contractor
from ratings import rerating


class Command(BaseCommand):
    help = "Makes all rated suppliers of a contractor due: its policy changed. Workers rate them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contractor", required=True, metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        due = rerating.owe(_contractor(options["contractor"]), now=timezone.now())
        self.stdout.write(f"Due now: {due}")


def _contractor(given: str) -> Contractor:
    try:
        return Contractor.objects.get(public_id=UUID(given))
    except (ValueError, Contractor.DoesNotExist) as error:
        raise CommandError(f"There is no contractor {given}.") from error
