"""A rule is broken once, in a copy of the project, and the named check is seen to fail there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.running import JOINED

OURS = [
    "assessments", "benchmarks", "config", "contractors", "demo", "events", "locale",
    "questionnaires", "ratings", "retention", "suppliers", "tests", "pyproject.toml",
    "manage.py", "README.md",
]  # fmt: skip


def pytest_of(paths, words):
    return ["pytest", "-q", "-x", "-p", "no:cacheprovider", *paths.split(), "-k", words]


def break_and_check(tmp_path, path, right, wrong, check, complaint, *, token):
    for name in OURS:
        copy(settings.BASE_DIR / name, tmp_path / name)
    text = (tmp_path / path).read_text()
    assert right in text
    (tmp_path / path).write_text(text.replace(right, wrong, 1))

    result = run(check, tmp_path, token)

    assert result.returncode != 0
    assert complaint in result.stdout


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    elif source.exists():
        shutil.copy(source, target)


def run(command: list[str], folder: Path, token: str) -> subprocess.CompletedProcess[str]:
    """No twin breaks what the databases are made of, so all of them use those of this run."""
    here = Path(sys.executable).parent
    named = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = named | {"PATH": f"{here}:{os.environ['PATH']}", JOINED: token}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
