"""What an inspection takes, counted where nothing else counts."""

import json
import subprocess
import sys
import tempfile

from suppliers.evidence import kinds, naming
from suppliers.evidence.kinds import Unacceptable

BEGIN = """
import json, resource, sys, time
sys.path.append(sys.argv[1])
from suppliers.evidence import isolating
from suppliers.evidence.kinds import Unacceptable
code, began = "taken", time.monotonic()
try:
    if sys.argv[3] == "rows":
        isolating.rows(sys.stdin.buffer.raw, sys.argv[2])
    else:
        with isolating.inspected(sys.stdin.buffer.raw, sys.argv[2]):
            pass
except Unacceptable as refusal:
    code = refusal.code
taken = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([code, taken, time.monotonic() - began]), file=sys.__stdout__)
"""


def peak(case):
    """The code it is refused with, megabytes at most, and seconds."""
    content = case.content()
    if not content or len(content) > kinds.MOST_BYTES:
        return case.code, 0, 0.0  # never looked into
    try:
        kind = kinds.of_extension(naming.extension(naming.shown(case.name)))
    except Unacceptable as refusal:
        return refusal.code, 0, 0.0
    return measured(content, kind)


def measured(content, kind, task="inspected"):
    from suppliers.evidence.isolating import PROJECT

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        ended = subprocess.run(
            [sys.executable, "-c", BEGIN, str(PROJECT), kind, task],
            stdin=file,
            stdout=subprocess.PIPE,
            check=True,
        )
    return json.loads(ended.stdout.splitlines()[-1])
