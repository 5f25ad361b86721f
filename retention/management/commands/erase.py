import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from retention import erasing, reporting
from retention.models import Rule


class Command(BaseCommand):
    help = (
        "Says what is due to be erased; with --really, erases it; with --contact, the one person"
        " who asked for it. It cannot be undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--really", action="store_true", help="erase what is due today")
        parser.add_argument("--contact", type=UUID, metavar="ID", help="a person who asked for it")
        parser.add_argument("--json", action="store_true", help="print counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        really = options["really"]
        if options["contact"]:
            self._erase_person(options["contact"], really=really)
            return
        told = self._erase() if really else reporting.due_of_all(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        word = "erased" if really else "due"
        self.stdout.writelines(f"{kind}: {count} {word}\n" for kind, count in told.items())
        if not really:
            self.stdout.write("Nothing was erased. With --really it is, for good.")

    def _erase_person(self, contact: UUID, *, really: bool) -> None:
        if not really:
            self.stdout.write("Nothing was erased. With --really it is, for good.")
            return
        try:
            found = erasing.erase_person(contact, now=timezone.now())
        except erasing.NoEraser as error:
            raise CommandError(str(error)) from error
        if not found:
            raise CommandError("There is no such contact, or it was erased before.")
        self.stdout.write("The person was erased.")

    def _erase(self) -> dict[str, int]:
        erased: Counter[str] = Counter()
        try:
            while any((done := erasing.erase_due(now=timezone.now())).values()):
                erased.update({rule.value: count for rule, count in done.items()})
        except erasing.NoEraser as error:
            raise CommandError(str(error)) from error
        return {rule.value: erased[rule.value] for rule in Rule}
