"""After the job: what came of it in one table, and the service for whoever wants to try it."""

import time
from typing import Any, NoReturn

from demo import answering, contracting, sink, story
from demo.rest import Rest
from demo.staging import Stage
from demo.telling import Teller


def sum_up(teller: Teller, rating: dict[str, Any], webhooks: int) -> None:
    diagnosis = rating["self_diagnosis"]
    rows = [[title, f"{took:.1f} s"] for title, took in teller.steps]
    teller.write("\n")
    teller.table(["step", "took"], rows)
    teller.say(
        f"\nThe main job was done in {teller.seconds:.0f} s. "
        f"Rating: {rating['score']} points, grade {rating['grade']}, level {rating['level']}; "
        f"IPA self-diagnosis {diagnosis['total']}; {webhooks} webhooks verified."
    )


def stay(stage: Stage, rest: Rest, ids: dict[str, str]) -> NoReturn:
    """Leave everything running; show the mails and webhooks that still come."""
    code = story.request()["another"]
    contact = story.suppliers()[code]["contacts"][0]["email"]
    with stage.teller.step("Another supplier is asked, and left to you"):
        contracting.ask(rest, ids[code], most=0)
        link = answering.read_invitation(stage, contact, whole=False)
    mails, calls = len(stage.sink.mails), len(stage.listener.calls)
    _show_addresses(stage, rest, link)
    while True:
        stage.service.must_live()
        for mail in stage.sink.mails[mails:]:
            sink.show(stage.teller, mail)
            mails += 1
        for call in stage.listener.calls[calls:]:
            stage.teller.say(f"← webhook {call.body.decode()}")
            calls += 1
        time.sleep(0.2)


def _show_addresses(stage: Stage, rest: Rest, link: str) -> None:
    base = stage.base
    stage.teller.write("\n")
    stage.teller.say(
        f"The service is running until you press Ctrl-C. Mails and webhooks are shown here.\n\n"
        f"Form of a supplier:  {link}\n"
        f"API to read:         {base}/api/docs/\n"
        f"Key:                 {rest.key}\n\n"
        f"curl -H 'Authorization: Bearer {rest.key}' {base}/api/v1/assessments/\n"
    )
