"""Ask pip-audit about what the service runs on, and say plainly what it could not judge.

Ends with 0 only when every package was looked up and none is known to be vulnerable, with 1 when
some are, and with 2 when something could not be audited: silence is no success.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path("requirements/run.txt")
COMMAND = [
    sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes",
    "--progress-spinner", "off", "--format", "json", "-r", str(LOCK),
]  # fmt: skip


def main() -> int:
    named = locked(LOCK.read_text())
    _say(f"Asking about the {len(named)} packages of {LOCK} …")
    asked = subprocess.run(COMMAND, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        found = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        *_, reason = asked.stderr.strip().splitlines() or ["pip-audit said nothing"]
        _say(f"Nothing could be audited: {reason}")
        return 2
    return judge(named, found)


def locked(text: str) -> set[str]:
    """The packages of a lock file that are installed on a machine like this one."""
    lines = [line.rstrip("\\ ") for line in text.splitlines() if line[:1].isalnum()]
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is None or each.marker.evaluate()
    }


def judge(named: set[str], found: list[dict[str, Any]]) -> int:
    answers = {canonicalize_name(each["name"]): each for each in found}
    skipped = {name: each["skip_reason"] for name, each in answers.items() if "skip_reason" in each}
    vulnerable = [each for each in found if each.get("vulns")]
    audited = set(answers) - set(skipped)
    silent = dict.fromkeys(named - set(answers), "it was not asked about")
    _say(f"{len(audited)} audited, {len(vulnerable)} of them vulnerable.")
    for package in vulnerable:
        for vuln in package["vulns"]:
            mended = ", ".join(vuln.get("fix_versions", [])) or "no version yet"
            _say(f"  {package['name']} {package['version']}: {vuln['id']}, mended in {mended}")
    for name, reason in sorted((skipped | silent).items()):
        _say(f"  {name} could not be audited: {reason}")
    if skipped or silent or not audited:
        return 2
    return 1 if vulnerable else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
