"""A benchmark is no test; that it can be run, and what it then says, is one."""

import json
import subprocess
import sys

from benchmarks.reporting import RESULTS
from tests.faults.processes import PROJECT


def test_the_benchmarks_run_and_tell_figure_floor_ratio_and_aim():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    kept = json.loads((RESULTS / "quick.json").read_text("utf-8"))
    lines = kept["lines"]
    assert all(line["figure"]["median"] > 0 < line["floor"]["median"] for line in lines)
    assert all(line["name"] in done.stdout for line in lines)
    assert {line["against"] for line in lines} >= {"bare view", "SQL"}
    assert sum(line["aim"] is not None for line in lines) == 21
    assert all(line["figure"]["median"] > 50 for line in lines if line["unit"] == "MiB")
