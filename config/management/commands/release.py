from typing import Any

from django.core.management.base import BaseCommand

from events.models import Freeze


class Command(BaseCommand):
    help = "Let a restored copy mail and deliver again: it is the one in use from now on."

    def handle(self, *args: Any, **options: Any) -> None:
        removed, _ = Freeze.objects.all().delete()
        self.stdout.write(
            "Released: what is owed leaves from now on." if removed else "Nothing was frozen."
        )
