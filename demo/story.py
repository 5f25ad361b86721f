"""The data of the demonstration: who asks, who is asked, what is answered. All of it invented."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

HERE: Final = Path(__file__).parent
YES_OR_NO: Final = {"yes": True, "no": False, "": None}
CONDITIONS: Final = ("confidential_information", "business_continuity", "system_access")
CONTACT: Final = "contact_"
# IPA's arithmetic, written down a second time: the service must come to the same total.
POINTS: Final = {"実施している": 4, "一部実施している": 2, "実施していない": 0, "わからない": -1}
ITEMS: Final = 25


@dataclass(frozen=True)
class Line:
    """One question in words that stand on the page, its answer, and perhaps a note."""

    question: str
    answer: str
    note: str = ""


def request() -> dict[str, Any]:
    """The file request.yaml as it is."""
    return dict(_yaml("request.yaml"))


def sheet() -> bytes:
    """The suppliers as the contractor's office program saves them: CP932."""
    return (HERE / "suppliers.csv").read_text("utf-8").replace("\n", "\r\n").encode("cp932")


def suppliers() -> dict[str, dict[str, Any]]:
    """By their code, each as the body of `PUT suppliers/by-code/{code}/`."""
    with (HERE / "suppliers.csv").open(encoding="utf-8", newline="") as rows:
        return {row["code"]: _supplier(row) for row in csv.DictReader(rows)}


def answers() -> dict[str, list[Line]]:
    """By the kind of page: the 25 questions, the company, who hands in."""
    given = _yaml("answers.yaml")
    numbered = {f"質問 {number} / {ITEMS}": line for number, line in given["questions"].items()}
    return {
        "answers": _lines(numbered),
        "company": _lines(given["company"]),
        "submit": _lines(given["submit"]),
    }


def clarified() -> dict[str, list[Line]]:
    """By the kind of page: the reply to what was asked back, and who hands in again."""
    given = _yaml("answers.yaml")
    return {name: _lines(given[name]) for name in ("clarification", "submit")}


def talked() -> dict[str, list[Line]]:
    """By the kind of page: what the other supplier writes when it asks for talks."""
    return {name: _lines(given) for name, given in _yaml("answers.yaml")["talks"].items()}


def total() -> int:
    """What IPA's points come to for the answers of the file."""
    return sum(POINTS[line.answer] for line in answers()["answers"])


def unknowns() -> list[int]:
    given = enumerate(answers()["answers"], start=1)
    return [number for number, line in given if line.answer == "わからない"]


def _lines(given: Mapping[str, list[str]]) -> list[Line]:
    return [Line(question, *line) for question, line in given.items()]


def _supplier(row: Mapping[str, str]) -> dict[str, Any]:
    contact = {name: row[CONTACT + name] for name in ("name", "title", "department", "email")}
    return {
        "name": row["name"],
        "name_kana": row["name_kana"],
        "corporate_number": row["corporate_number"] or None,
        "industry": row["industry"],
        "size_class": row["size_class"],
        "employees": int(row["employees"]),
        "tags": row["tags"].split(),
        "handles_personal_data": YES_OR_NO[row["handles_personal_data"]],
        "exposure": {name: YES_OR_NO[row[name]] for name in CONDITIONS},
        "contacts": [contact | {"phone": row["contact_phone"], "role": "primary"}],
    }


def _yaml(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))
