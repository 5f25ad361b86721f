"""What the largest of all hostile files costs: each is looked into by a process of its own."""

import sys

from django.utils import translation

from suppliers.evidence import sentences
from suppliers.evidence.inspecting import MEMORY
from tests.evidence.hostile import CASES
from tests.evidence.measuring import peak


def test_the_table_and_what_the_largest_case_takes(capsys):
    """In a small process, because a child first counts with the memory of its parent."""
    measured = [(case, *peak(case)) for case in CASES]

    largest = max(measured, key=lambda each: each[2])
    with capsys.disabled():
        sys.stdout.write("\n" + "".join(map(line, measured)))
        sys.stdout.write(f"Peak memory: {largest[2]} MB ({largest[0].title})\n")
    assert largest[2] * 1024 * 1024 < MEMORY
    assert [case.title for case, code, *_rest in measured if code != case.code] == []


def line(row):
    case, _code, megabytes, seconds = row
    with translation.override("en"):
        sentence = str(sentences.REFUSALS[case.code])
    return f"{case.title:42} {megabytes:4} MB {seconds:5.2f} s  {sentence}\n"
