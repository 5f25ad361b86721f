"""The run itself, in a process whose environment names the servers."""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402  # models need Django first

from benchmarks import (  # noqa: E402
    analysing,
    clearing,
    importing,
    laboratory,
    launching,
    listing,
    mailing,
    planning,
    rating,
    remembering,
    reporting,
    saving,
    submitting,
    sweeping,
    telling,
)
from benchmarks.laboratory import Laboratory  # noqa: E402
from benchmarks.plan import FULL, QUICK  # noqa: E402
from benchmarks.reporting import Line  # noqa: E402

MEASURES: Final[dict[str, Callable[[Laboratory], list[Line]]]] = {
    "the list of suppliers": listing.suppliers,
    "the list of assessments": listing.assessments,
    "the save of a form page": saving.measure,
    "submitting": submitting.measure,
    "the reminder sweep": sweeping.measure,
    "clearance": clearing.measure,
    "analysis": analysing.measure,
    "rating again": rating.measure,
    "importing": importing.measure,
    "the work list": listing.work,
    "mailing": mailing.measure,
    "launching": launching.measure,  # late: it leaves many requests
    "memory": remembering.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=MEASURES)
    parser.add_argument("--plans", action="store_true")
    asked = parser.parse_args()
    plan = QUICK if asked.quick else FULL
    logging.disable(logging.INFO)  # of this process; the servers write their logs as in use
    name = "part" if asked.only else "quick" if asked.quick else "latest"
    lines: list[Line] = []
    with laboratory.built(plan) as lab:
        for what in asked.only or MEASURES:
            with telling.step(f"Measuring {what}"):
                lines += MEASURES[what](lab)
            file = reporting.keep(lines, name=name, now=timezone.now())  # if a later one fails
        if asked.plans:
            telling.say(planning.told(lab))
    telling.say(f"\n{reporting.table(lines)}\n\nKept in {file}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
