from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import dumping
from config.management.owning import require_owner


class Command(BaseCommand):
    help = "Read a backup into an empty database; it mails and delivers nothing until `release`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file that `backup` wrote")
        parser.add_argument("--force", action="store_true", help="remove what is there first")

    def handle(self, *args: Any, file: str, force: bool, **options: Any) -> None:
        require_owner()
        path = Path(file)
        if not path.is_file():
            raise CommandError(f"There is no file {file!r}; name a backup, as FILE=backups/….dump.")
        try:
            dumping.restore(path, replace=force)
        except dumping.NotRestored as error:
            raise CommandError(str(error)) from error
        call_command("prepare", verbosity=0, stdout=self.stdout)
        self.stdout.write("Restored and frozen: nothing leaves before `manage.py release`.")
