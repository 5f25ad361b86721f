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
IMPORTS: Final = "/api/v1/imports/"
SHEET: Final = "取引先.csv"
JAPAN: Final = ZoneInfo("Asia/Tokyo")


def join(stage: Stage) -> Rest:
    """A contractor, the key of a person, who stands for promises, and the profile that is seen."""
    asked = story.request()
    printed = stage.service.command("contractor_create", asked["name"], "--json")
    stage.teller.block(printed)
    contractor = json.loads(printed)
    printed = stage.service.command(
        "apikey_create", "--contractor", contractor["id"], "--scopes", SCOPES,
        "--user", asked["profile"]["reply_to"], "--json",
    )  # fmt: skip
    key = json.loads(printed)
    shown = key | {"key": f"{key['key'][:16]}…"}
    stage.teller.block(json.dumps(shown, ensure_ascii=False))
    rest = Rest(stage.base, key["key"], stage.teller)
    rest.change("/api/v1/contractor/", asked["profile"])
    return rest


def bring_suppliers(rest: Rest) -> dict[str, str]:
    """Their ids by their codes: a sheet is looked at first, then stored, a faulty row is told."""
    sheet, wanted = story.sheet(), story.suppliers()
    faulty = sheet + b"D-099,,,1234\r\n"
    told = rest.upload(IMPORTS + "?dry_run=true", SHEET, faulty, once=_key(), kind="suppliers").json
    expect(
        (told["counts"]["created"], told["counts"]["faulty"]) == (len(wanted), 1),
        f"Of {len(wanted)} good rows and a faulty one it would make {told['counts']}.",
    )
    for each in told["errors"]:
        rest.teller.say(f"  row {each['row']}: {each['detail']}")
    begun = rest.upload(IMPORTS, SHEET, sheet, once=_key(), kind="suppliers")
    ended = ended_operation(rest, begun.headers["Location"], "a worker to store the sheet")
    expect(
        ended["counts"]["created"] == len(wanted),
        f"The import {ended['status']}: {ended['counts']}, {ended['errors'][:3]}",
    )
    known = rest.get("/api/v1/suppliers/?page_size=200")["results"]
    expect(
        {each["code"] for each in known} == set(wanted),
        f"The list shows {len(known)} suppliers, not the {len(wanted)} that were sent.",
    )
    for each in known:
        rest.teller.say(f"  {each['code']}  {each['name']}")
    code = next(iter(wanted))
    again = rest.call("PUT", f"/api/v1/suppliers/by-code/{code}/", wanted[code], most=0).json
    expect(
        again["updated_at"] in {each["updated_at"] for each in known if each["code"] == code},
        "What the sheet said and the master data says again changed something.",
    )
    return {each["code"]: each["id"] for each in known}


def listen(rest: Rest, url: str) -> str:
    """The secret with which the service will sign what it tells this address."""
    made = rest.call("POST", "/api/v1/webhooks/", {"url": url}).json
    return str(made["secret"])


def wish(supplier: str) -> dict[str, Any]:
    """The body of a request, as the file says it."""
    asked = story.request()
    due = datetime.now(JAPAN).date() + timedelta(days=asked["days"])
    return {
        "supplier": supplier,
        "questionnaire": "ipa-self-diagnosis",
        "due_on": due.isoformat(),
        "message": asked["message"],
        "requirements": asked["requirements"],
        "send": True,
    }


def ask(rest: Rest, supplier: str, *, most: int = 12) -> dict[str, Any]:
    """The request, sent twice under one Idempotency-Key as after a broken line: it is one."""
    body, once = wish(supplier), _key()
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


def ended_operation(rest: Rest, location: str, what: str) -> dict[str, Any]:
    """The operation when a worker has done all of its rows; `what` is what one waits for."""

    def look() -> dict[str, Any] | None:
        operation: dict[str, Any] = rest.get(location)
        return operation if operation["result_url"] else None

    found: dict[str, Any] = rest.teller.wait(what, look)
    return found


def _key() -> str:
    return str(uuid.uuid4())
