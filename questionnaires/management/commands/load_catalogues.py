from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone

from questionnaires import publishing
from questionnaires.errors import NotACatalogue, VersionTaken


class Command(BaseCommand):
    help = "Install the official questionnaires. May be run at any time, again and again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="alias, such as owner")

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        try:
            with transaction.atomic(using=database):
                for name, new in publishing.install_all(
                    today=timezone.localdate(), database=database
                ):
                    self.stdout.write(f"{name}: {'installed' if new else 'already there'}")
        except (NotACatalogue, VersionTaken) as error:
            raise CommandError(str(error)) from error
