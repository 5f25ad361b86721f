"""Refuse migrations that would break the version that is still running while they are applied."""

import os
import sys

import django
from django_migration_linter import MigrationLinter

from config import embedded

# 0005_people: a mail address is unique within its contractor; before it was so everywhere.
# 0007_letters: more room in a column; its rows are the same, and only the new version writes more.
# 0015_letters_of_openings: one is made looser, the other is about rows only the new version writes.
# 0019_campaigns: it is about a column that only the new version writes.
# 0020_notices_of_requests: one keeps the same rows, two are about rows only the new version writes.
# 0028_notices_of_ends: one keeps the same rows, one is about a column only the new version writes.
# 0030_settled_talks: two keep the same rows, two are about rows only the new version writes.
# 0032_delegations: one is made looser, the others are about rows only the new version writes.
PROVEN_HARMLESS = (
    "0005_people",
    "0007_letters",
    "0015_letters_of_openings",
    "0019_campaigns",
    "0020_notices_of_requests",
    "0028_notices_of_ends",
    "0030_settled_talks",
    "0032_delegations",
)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    embedded.start_unless_given()
    django.setup()
    linter = MigrationLinter(
        database="default",
        no_cache=True,
        quiet=["ok", "ignore"],
        ignore_initial_migrations=True,
        ignore_name=PROVEN_HARMLESS,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    sys.exit(linter.has_errors)
