import json
import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ratings import verifying
from ratings.verifying import Outcome


class Command(BaseCommand):
    help = (
        "Sums every stored rating again from its stored inputs and policy version."
        " Ends with 1 and names what differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print counts and ids as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[Outcome] = Counter()
        different: list[str] = []
        for rating, outcome in verifying.verify():
            counts[outcome] += 1
            if outcome is Outcome.DIFFERENT:
                different.append(str(rating))
        told = {outcome.value: counts[outcome] for outcome in Outcome}
        if options["json"]:
            self.stdout.write(json.dumps({**told, "different_ids": different}))
        else:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in told.items()))
            self.stdout.writelines(f"different: {each}\n" for each in different)
        if different:
            sys.exit(1)
