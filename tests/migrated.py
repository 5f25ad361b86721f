"""What the migrations make, kept from one run to the next: making it takes half a minute.

Only their tables, triggers and rows are kept. Roles, rights and catalogues are made for every run.
"""

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command

from config import dumping
from config.embedded import tool, wheels

PROJECT = Path(__file__).parent.parent
BESIDE = ("contractors/ids.py", "requirements/dev.txt")  # what migrations are made of
INDEX = re.compile(r"\d+; \d+ \d+ (INDEX|CONSTRAINT) ")


@dataclass(frozen=True)
class Migrated:
    """Dumps in a folder, each named by all that decides what is in it."""

    folder: Path

    def make(self) -> None:
        """Fill the empty database that the owner's connection means, as `migrate` would."""
        path = self.folder / f"{digest()}.dump"
        if path.exists() and _restored(path):
            return
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        dumping.dump(path)
        for other in set(self.folder.glob("*.dump")) - {path}:
            other.unlink(missing_ok=True)


def digest() -> str:
    """Of the migrations, of the libraries with theirs, and of the servers' programs."""
    told = hashlib.sha256(wheels.fingerprint().encode())
    for path in sorted([*PROJECT.glob("*/migrations/*.py"), *map(PROJECT.joinpath, BESIDE)]):
        told.update(f"\0{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:32]


def _restored(path: Path) -> bool:
    """All or nothing: after a failure the database is as empty as before, to be migrated."""
    order = path.with_suffix(f".{os.getpid()}")
    order.write_text("\n".join(_as_made(path)))
    how = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    place = dumping.environment()
    where = [f"--dbname={place['PGDATABASE']}", f"--use-list={order}", str(path)]
    done = subprocess.run([str(tool("pg_restore")), *how, *where], env=place, check=False)
    order.unlink()
    return done.returncode == 0


def _as_made(path: Path) -> list[str]:
    """The dump's list, indexes as old as they were: of two as good, a plan takes one by its age."""
    command = [str(tool("pg_restore")), "--list", str(path)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    lines = listed.splitlines()
    places = [number for number, line in enumerate(lines) if INDEX.match(line)]
    by_age = sorted((lines[place] for place in places), key=_object_id)
    for place, line in zip(places, by_age, strict=True):
        lines[place] = line
    return lines


def _object_id(line: str) -> int:
    return int(line.split()[2])
