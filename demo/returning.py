"""A person looks at what the rule accepted, asks back about one item, and accepts the reply."""

from datetime import datetime, timedelta
from typing import Any

from demo import story
from demo.contracting import JAPAN
from demo.failing import expect
from demo.rest import Rest


def ask_back(rest: Rest, assessment: str) -> None:
    """Takes the acceptance back and returns the answers with one question."""
    path, asked = f"/api/v1/assessments/{assessment}/", story.request()["asks_back"]
    expect(not _work(rest), "Something waits for a person although the rule accepted it.")
    rest.call("POST", f"{path}reopen/", most=0)
    _read_reasons(rest, assessment, ["reopened"])
    due = datetime.now(JAPAN).date() + timedelta(days=asked["days"])
    body = {"items": asked["items"], "due_on": due.isoformat()}
    rest.call("POST", f"{path}return/", body, most=4)
    expect(not _work(rest), "What was returned still waits for a person.")


def accept(rest: Rest, assessment: str) -> None:
    """Finds it in the list of work again, reads the reply, and accepts."""
    path = f"/api/v1/assessments/{assessment}/"
    _read_reasons(rest, assessment, ["asked_back"])
    [asked] = rest.get(f"{path}clarifications/")["results"]
    rest.teller.say(f"  {asked['number']}  {asked['question']}\n     {asked['reply']}")
    expect(asked["state"] == "replied", f"The question is “{asked['state']}”, not “replied”.")
    told = rest.call("POST", f"{path}accept/", most=0).json
    expect(told["status"] == "accepted", f"The request is “{told['status']}”, not “accepted”.")
    rest.teller.say(f"  accepted by a person at {told['decided_at']}")
    expect(not _work(rest), "What was accepted still waits for a person.")


def _read_reasons(rest: Rest, assessment: str, codes: list[str]) -> None:
    """What waits, with why, as a table."""
    waiting = _work(rest)
    rows = [
        [row["number"], row["supplier_code"], reason["code"], reason["detail"]["ja"]]
        for row in waiting
        for reason in row["reasons"]
    ]
    rest.teller.table(["request", "supplier", "reason", "why a person looks"], rows)
    found = {row["id"]: [reason["code"] for reason in row["reasons"]] for row in waiting}
    expect(found == {assessment: codes}, f"Not {codes} but {found} wait for a person.")


def _work(rest: Rest) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = rest.get("/api/v1/work-list/")["results"]
    return results
