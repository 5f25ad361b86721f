import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from retention import erasing, reporting
from retention.models import Rule


class Command(BaseCommand):
    help = "Says what is due to be erased; with --really, erases it. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--really", action="store_true", help="erase what is due today")
        parser.add_argument("--json", action="store_true", help="print counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        really = options["really"]
        told = self._erase() if really else reporting.due_of_all(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        word = "erased" if really else "due"
        self.stdout.writelines(f"{kind}: {count} {word}\n" for kind, count in told.items())
        if not really:
            self.stdout.write("Nothing was erased. With --really it is, for good.")

    def _erase(self) -> dict[str, int]:
        erased: Counter[str] = Counter()
        try:
            while any((done := erasing.erase_due(now=timezone.now())).values()):
                erased.update({rule.value: count for rule, count in done.items()})
        except erasing.NoEraser as error:
            raise CommandError(str(error)) from error
        return {rule.value: erased[rule.value] for rule in Rule}
