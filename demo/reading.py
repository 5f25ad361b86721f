"""What the contractor learns: signed webhooks, the rating that explains itself, the feed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from demo import listener, story
from demo.failing import Failed, expect
from demo.listener import Call
from demo.rest import Rest
from demo.staging import Stage

TOLD: Final = (
    "assessment.requested", "assessment.invited", "assessment.started", "assessment.submitted",
    "rating.changed", "assessment.accepted",
)  # fmt: skip


def receive(stage: Stage, secret: str) -> list[dict[str, Any]]:
    """Every webhook of the job, each with a signature that was found right."""

    def look() -> list[Call] | None:
        stage.service.must_live()
        calls = list(stage.listener.calls)
        return calls if len(calls) >= len(TOLD) else None

    calls = stage.teller.wait(f"{len(TOLD)} webhooks", look)
    bodies = [_verify(secret, call) for call in calls]
    newest = max(range(len(calls)), key=lambda at: bodies[at]["data"]["sequence"])
    listener.show(stage.teller, calls[newest], bodies[newest])
    _refuse_forged(secret, calls[newest])
    bodies.sort(key=lambda body: body["data"]["sequence"])
    rows = [[str(body["data"]["sequence"]), body["type"], body["timestamp"]] for body in bodies]
    stage.teller.table(["sequence", "kind", "time"], rows)
    kinds = {body["type"] for body in bodies}
    expect(kinds == set(TOLD), f"Webhooks told of {sorted(kinds)}, not of {sorted(TOLD)}.")
    stage.teller.say(f"  {len(bodies)} signatures verified by the package standardwebhooks")
    return bodies


def read_assessment(rest: Rest, assessment: str, receipt: str) -> None:
    told = rest.get(f"/api/v1/assessments/{assessment}/")
    progress = told["progress"]
    rest.teller.say(
        f"  {told['number']} is “{told['status']}”, "
        f"{progress['answered']} of {progress['total']} answered"
    )
    _check_the_rule(rest, told)
    handed_in = rest.get(f"/api/v1/assessments/{assessment}/submissions/")["results"]
    numbers = [each["receipt"] for each in handed_in]
    rest.teller.say(f"  receipt {', '.join(numbers)}")
    expect(len(numbers) == 1, f"There are {len(numbers)} submissions, not one.")
    expect(numbers[0] in receipt, f"The mail does not name the receipt {numbers[0]}.")


def _check_the_rule(rest: Rest, told: dict[str, Any]) -> None:
    """Nothing speaks against these answers, so no person had to decide."""
    expect(told["status"] == "accepted", f"The request is “{told['status']}”, not “accepted”.")
    decided = told["decided_by"]
    expect(decided["type"] == "rule", f"It was accepted by {decided}, not by the rule.")
    rest.teller.say(f"  accepted by rule at {told['decided_at']}; a person may still reopen it")


def read_rating(rest: Rest, assessment: str) -> dict[str, Any]:
    """The rating, with its drivers as a table and both sums done again."""
    rating: dict[str, Any] = rest.get(f"/api/v1/assessments/{assessment}/rating/")
    drivers = rating["drivers"]
    rows = [[each["code"], each["points"], each["most"], each["detail"]["ja"]] for each in drivers]
    rest.teller.table(["driver", "points", "most", "why"], rows)
    points = sum((Decimal(each["points"]) for each in drivers), Decimal(0))
    expect(points == Decimal(rating["score"]), f"The drivers add up to {points}, not the score.")
    rest.teller.say(f"  the drivers add up to {points}: grade {rating['grade']}")
    _check_ipa(rest, rating["self_diagnosis"])
    return rating


def read_standing(rest: Rest, supplier: str, rating: dict[str, Any]) -> None:
    """The rating is where the supplier stands now."""
    told = rest.get(f"/api/v1/suppliers/{supplier}/")
    standing = told["standing"] or {}
    words = ", ".join(f"{name} {value}" for name, value in standing.items())
    rest.teller.say(f"  {told['name']} stands at {words}")
    for name in ("level", "grade", "score"):
        expect(
            standing.get(name) == rating[name],
            f"The supplier's {name} is {standing.get(name)}, that of the rating {rating[name]}.",
        )


def read_advice(rest: Rest, rating: dict[str, Any]) -> None:
    """What gains most, each with its true gain, and who has to act."""
    steps = rating["next_actions"][:3]
    rows = [[each["code"], each["gain"], each["effort"], each["detail"]["ja"]] for each in steps]
    rest.teller.table(["next", "gain", "takes", "what"], rows)
    expect(len(steps) == 3, f"There are {len(steps)} next actions, not three.")


def read_clearance(rest: Rest, supplier: str) -> None:
    """Asked before an order: yes or no with reasons; a hold is never computed."""
    told = rest.call("GET", f"/api/v1/suppliers/{supplier}/clearance/", most=0).json
    reasons = ", ".join(f"{each['code']} ({each['turn']})" for each in told["reasons"])
    rest.teller.say(
        f"  clearance: {told['status']}, cleared {told['cleared']}, until {told['valid_until']};"
        f" reasons: {reasons or 'none'}"
    )
    expect(told["cleared"], "The service stopped orders by itself.")


def read_feed(rest: Rest, webhooks: Sequence[dict[str, Any]]) -> None:
    """The same events without webhooks: numbered without a gap."""
    events = rest.get("/api/v1/events/?after=0&page_size=200")["results"]
    sequence = [event["sequence"] for event in events]
    expect(sequence == list(range(1, len(events) + 1)), f"The feed has gaps: {sequence}.")
    kinds = {event["sequence"]: event["kind"] for event in events}
    for body in webhooks:
        there = kinds.get(body["data"]["sequence"])
        expect(there == body["type"], f"The feed says {there} where a webhook said {body['type']}.")
    last = [f"{event['sequence']} {event['kind']}" for event in events[-len(webhooks) :]]
    rest.teller.say(f"  {len(events)} events without a gap, the last: {', '.join(last)}")


def _check_ipa(rest: Rest, told: dict[str, Any]) -> None:
    """IPA's own total, counted once more from the file of answers."""
    total, unknowns = story.total(), story.unknowns()
    expect(told["total"] == total, f"IPA's total is {told['total']}; the answers give {total}.")
    expect(
        told["unknowns"] == unknowns,
        f"Unknown are {told['unknowns']}; the answers say {unknowns}.",
    )
    parts = " + ".join(str(part) for part in told["parts"].values())
    rest.teller.say(
        f"  IPA's total is {total} ({parts}), band {told['band']}, also by our own count"
    )


def _verify(secret: str, call: Call) -> Any:
    try:
        return Webhook(secret).verify(call.body, call.headers)
    except WebhookVerificationError as error:
        raise Failed(f"The signature of a webhook is wrong: {error}.") from error


def _refuse_forged(secret: str, call: Call) -> None:
    """The proof is worth something: one other byte, and it is refused."""
    try:
        Webhook(secret).verify(call.body + b" ", call.headers)
    except WebhookVerificationError:
        return
    raise Failed("A changed webhook was taken for a genuine one.")
