import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contractors import managing


class Command(BaseCommand):
    help = "Makes a contractor, the tenant to which everything else belongs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--json", action="store_true", help="print {id, name}")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not 1 <= len(name) <= 200:
            raise CommandError("Give the contractor a name of 1 to 200 characters.")
        contractor = managing.create(name)
        made = {"id": str(contractor.public_id), "name": contractor.name}
        if options["json"]:
            self.stdout.write(json.dumps(made, ensure_ascii=False))
        else:
            self.stdout.write(f"Contractor {made['name']} has the id {made['id']}.")
