import sys
from collections import Counter
from typing import Any, Final

from django.core.management.base import BaseCommand

from retention import auditing
from retention.auditing import Outcome

FROZEN: Final = {"submission": auditing.snapshots, "agreement": auditing.agreements}


class Command(BaseCommand):
    help = (
        "Looks whether an event is missing and whether every snapshot and every agreement is what"
        " its digest says. Ends with 1 and names what is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = auditing.gaps()
        self.stdout.write(f"events: {len(gaps)} contractors with a gap")
        self.stdout.writelines(f"gap: contractor {each}\n" for each in gaps)
        different = [self._look(what) for what in FROZEN]
        if gaps or any(different):
            sys.exit(1)

    def _look(self, what: str) -> bool:
        """Count what there is of it, and whether something is not what its digest says."""
        counts: Counter[Outcome] = Counter()
        different = []
        for public_id, outcome in FROZEN[what]():
            counts[outcome] += 1
            if outcome is Outcome.DIFFERENT:
                different.append(public_id)
        told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
        self.stdout.write(f"{what}s: {told}")
        self.stdout.writelines(f"different: {what} {each}\n" for each in different)
        return bool(different)
