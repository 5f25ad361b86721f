"""The contractor's part: who asks, who is asked, where to tell, and the request itself."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from demo import story
from demo.failing import expect
from demo.rest import Rest
from demo.staging import Stage

SCOPES: Final = (
    "suppliers:write,assessments:write,answers:read,ratings:read,webhooks:manage,audit:read"
)
JAPAN: Final = ZoneInfo("Asia/Tokyo")


def join(stage: Stage) -> Rest:
    """A contractor, a key of its own, and the profile that suppliers see."""
    asked = story.request()
    printed = stage.service.command("contractor_create", asked["name"], "--json")
    stage.teller.block(printed)
    contractor = json.loads(printed)
    printed = stage.service.command(
        "apikey_create", "--contractor", contractor["id"], "--scopes", SCOPES, "--json"
    )
    key = json.loads(printed)
    shown = key | {"key": f"{key['key'][:16]}…"}
    stage.teller.block(json.dumps(shown, ensure_ascii=False))
    rest = Rest(stage.base, key["key"], stage.teller)
    rest.change("/api/v1/contractor/", asked["profile"])
    return rest


def bring_suppliers(rest: Rest) -> dict[str, str]:
    """Their ids by their codes. The first is shown whole; the same payload twice makes nothing."""
    ids: dict[str, str] = {}
    for code, body in story.suppliers().items():
        reply = rest.call("PUT", _by_code(code), body, most=0 if ids else 12)
        rest.teller.say(f"  {body['name']}")
        ids[code] = reply.json["id"]
    first = next(iter(ids))
    rest.call("PUT", _by_code(first), story.suppliers()[first], most=0)
    known = rest.get("/api/v1/suppliers/?page_size=200")["results"]
    expect(
        {each["id"] for each in known} == set(ids.values()),
        f"The list shows {len(known)} suppliers, not the {len(ids)} that were sent.",
    )
    rest.teller.say(f"  {len(known)} suppliers are known")
    return ids


def listen(rest: Rest, url: str) -> str:
    """The secret with which the service will sign what it tells this address."""
    made = rest.call("POST", "/api/v1/webhooks/", {"url": url}).json
    return str(made["secret"])


def ask(rest: Rest, supplier: str, *, most: int = 12) -> dict[str, Any]:
    """The request, sent twice under one Idempotency-Key as after a broken line: it is one."""
    asked, once = story.request(), str(uuid.uuid4())
    due = datetime.now(JAPAN).date() + timedelta(days=asked["days"])
    body = {
        "supplier": supplier,
        "questionnaire": "ipa-self-diagnosis",
        "due_on": due.isoformat(),
        "message": asked["message"],
        "requirements": asked["requirements"],
        "send": True,
    }
    made = rest.call("POST", "/api/v1/assessments/", body, once=once, most=most)
    again = rest.call("POST", "/api/v1/assessments/", body, once=once, most=0)
    replayed = again.headers.get("Idempotent-Replayed", "absent")
    rest.teller.say(f"  Idempotent-Replayed: {replayed}")
    expect(
        replayed == "true" and again.content == made.content,
        "The same Idempotency-Key was not answered with the same bytes.",
    )
    expect(
        made.json["status"] == "invited",
        f"The request is “{made.json['status']}”, not “invited”.",
    )
    assessment: dict[str, Any] = made.json
    return assessment


def _by_code(code: str) -> str:
    return f"/api/v1/suppliers/by-code/{code}/"
