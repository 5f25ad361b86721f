from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import dumping
from config.management.owning import require_owner


class Command(BaseCommand):
    help = "Write the whole database into backups/<UTC time>.dump, readable by you alone."

    def handle(self, *args: Any, **options: Any) -> None:
        require_owner()
        path = Path(settings.BASE_DIR) / f"backups/{timezone.now():%Y%m%dT%H%M%SZ}.dump"
        try:
            dumping.dump(path)
        except CalledProcessError as error:
            raise CommandError("The backup was not made; the reason stands above.") from error
        self.stdout.write(f"{path} ({path.stat().st_size:,} bytes)")
        self.stdout.write("Keep ENCRYPTION_KEYS too: without them webhooks cannot be signed.")
