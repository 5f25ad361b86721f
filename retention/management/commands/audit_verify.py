import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from retention import auditing
from retention.auditing import Outcome


class Command(BaseCommand):
    help = (
        "Looks whether an event is missing and whether every snapshot is what its digest says."
        " Ends with 1 and names what is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = auditing.gaps()
        counts: Counter[Outcome] = Counter()
        different = []
        for submission, outcome in auditing.snapshots():
            counts[outcome] += 1
            if outcome is Outcome.DIFFERENT:
                different.append(submission)
        told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
        self.stdout.write(f"events: {len(gaps)} contractors with a gap; snapshots: {told}")
        self.stdout.writelines(f"gap: contractor {each}\n" for each in gaps)
        self.stdout.writelines(f"different: submission {each}\n" for each in different)
        if gaps or different:
            sys.exit(1)
