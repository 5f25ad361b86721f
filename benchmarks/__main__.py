"""`python -m benchmarks` measures everything; `--quick` shows in a minute that it can."""

import argparse
import signal
import subprocess
import sys
from types import FrameType

from benchmarks import place
from config.embedded import Unavailable


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small tables and few rounds")
    parser.add_argument("--only", action="append", metavar="WHAT", help="a measurement by its name")
    parser.add_argument("--plans", action="store_true", help="how the analyses are queried besides")
    parser.parse_args()
    signal.signal(signal.SIGTERM, _end)  # so that the directory goes and the servers stop
    # Another process, because Django reads its settings once and the servers must stand before.
    command = [sys.executable, "-m", "benchmarks.measuring", *sys.argv[1:]]
    try:
        with place.opened() as environment:
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  # our own command
    except KeyboardInterrupt:
        return 130
    except Unavailable as reason:
        sys.stderr.write(f"{reason}\n")
        return 1


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
