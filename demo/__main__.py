"""The main job for real, from outside: REST request, mail, form, rating, webhook.

`python -m demo` leaves the service running until Ctrl-C; with ONCE=1 it ends after the job.
"""

import os
import signal
import sys
from typing import Any, Final

from demo import (
    answering,
    campaigning,
    contracting,
    ending,
    lapsing,
    reading,
    returning,
    staging,
    story,
    talking,
)
from demo.failing import Failed
from demo.rest import Rest
from demo.staging import Stage
from demo.telling import Teller

INTERRUPTED: Final = 130  # what shells say after Ctrl-C
TRUE: Final = {"1", "true", "yes", "on"}


def main() -> int:
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without UTF-8
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.default_int_handler)
    teller, done = Teller(sys.stdout), False
    try:
        with staging.ready(teller) as stage:
            rest, ids = do_the_job(stage)
            done = True
            if os.environ.get("ONCE", "").lower() not in TRUE:
                ending.stay(stage, rest, ids)
    except Failed as failure:
        teller.write(f"\nThe demonstration failed after {teller.seconds:.0f} s. {failure}\n")
        return 1
    except KeyboardInterrupt:
        teller.write("\nStopped; everything the demonstration started has ended.\n")
        return 0 if done else INTERRUPTED
    return 0


def do_the_job(stage: Stage) -> tuple[Rest, dict[str, str]]:
    """From the request to the rating; every step shows what went over the wire."""
    asked, step = story.request(), stage.teller.step
    with step("A contractor, its key and what suppliers see of it"):
        rest = contracting.join(stage)
    with step(f"{len(story.suppliers())} suppliers, out of the sheet of the purchasing department"):
        ids = contracting.bring_suppliers(rest)
    supplier = ids[asked["supplier"]]
    contact = story.suppliers()[asked["supplier"]]["contacts"][0]["email"]
    rating, webhooks = _ask_and_answer(stage, rest, supplier, contact)
    _talk(stage, rest, ids)
    with step("A Privacy Mark of the supplier, checked against its document"):
        score = lapsing.check_a_mark(stage, rest, supplier)
    with step("The mark ends overnight, and the rating follows"):
        lapsing.pass_the_night(stage, rest, supplier, contact, score)
    _ask_everybody(stage, rest, ids)
    ending.sum_up(stage.teller, rating, len(webhooks))
    return rest, ids


def _ask_and_answer(
    stage: Stage, rest: Rest, supplier: str, contact: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The main job itself; gives back the rating and the webhooks that came."""
    step = stage.teller.step
    with step("Where the contractor's system wants to be told"):
        secret = contracting.listen(rest, stage.listener.url)
    with step("The request, sent twice under one Idempotency-Key"):
        assessment = str(contracting.ask(rest, supplier)["id"])
    with step("The mail that the supplier gets"):
        link = answering.read_invitation(stage, contact)
    with step("A mail scanner opens the link, which changes nothing"):
        answering.scan(stage, rest, link, assessment)
    with step("The supplier answers in the form: no account, no script"):
        browser = answering.answer(stage, link)
    with step("The receipts"):
        responsible = next(line for line in story.answers()["submit"] if line.question == "email")
        receipt = answering.read_receipts(stage, [contact, responsible.answer])
    with step("Signed webhooks at the contractor's system"):
        webhooks = reading.receive(stage, secret)
    with step("What the contractor reads: the request, the rating, the supplier, the feed"):
        reading.read_assessment(rest, assessment, receipt)
        rating = reading.read_rating(rest, assessment)
        reading.read_advice(rest, rating)
        reading.read_standing(rest, supplier, rating)
        reading.read_clearance(rest, supplier)
        reading.read_feed(rest, webhooks)
    with step("A person decides anew: one question back, one reply, accepted"):
        returning.ask_back(rest, assessment)
        answering.clarify(stage, browser, contact)
        returning.accept(rest, assessment)
    return rating, webhooks


def _talk(stage: Stage, rest: Rest, ids: dict[str, str]) -> None:
    """Another request, about whose cost both sides talk until they agree."""
    step, code = stage.teller.step, story.request()["talks"]["supplier"]
    contact = story.suppliers()[code]["contacts"][0]["email"]
    with step("Another request: the service warns before it is sent, and a person stands for it"):
        assessment = talking.heed(rest, ids[code])
    with step("Its supplier asks for talks about the cost before it answers"):
        browser = talking.open_talks(stage, contact)
    with step("Proposals with yen and bearer, a no that says why, an agreement, its PDF"):
        talking.agree(stage, rest, assessment, browser, contact)


def _ask_everybody(stage: Stage, rest: Rest, ids: dict[str, str]) -> None:
    """As one campaign, and what becomes of it."""
    step = stage.teller.step
    with step("A campaign asks all of them: drafted, tried on oneself, launched twice"):
        campaign = campaigning.launch(stage, rest)
    with step("Three weeks of its letters on the virtual clock"):
        until = campaigning.let_days_pass(stage, rest, campaign)
    with step("Whom to phone now, and why one supplier got each of its letters"):
        campaigning.explain(stage, rest, campaign, ids, until=until)


if __name__ == "__main__":
    sys.exit(main())
