"""How a worker's process is set up."""

import subprocess
import sys

SCRIPT = """
import gc
from celery.signals import worker_process_init
import config.celery
assert gc.get_freeze_count() == 0
worker_process_init.send(None)
assert gc.isenabled() and gc.get_freeze_count() > 10_000
print(gc.get_threshold()[0])
"""


def test_the_collector_of_a_worker_passes_over_what_is_loaded():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)

    assert done.stdout.strip() == "50000", done.stderr
