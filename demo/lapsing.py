"""A Privacy Mark is checked against its document, ends overnight, and the rating follows."""

import io
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from PIL import Image, ImageDraw

from demo import sink
from demo.contracting import JAPAN
from demo.failing import expect
from demo.rest import Rest
from demo.staging import Stage

NUMBER: Final = "10823456(02)"
MORNING: Final = time(10, 0)  # letters leave between nine and five on working days
LONGEST: Final = 10  # days in a row on which Japan does not work, at most
LAST: Final = ["certification.expired", "rating.changed"]


def check_a_mark(stage: Stage, rest: Rest, supplier: str) -> Decimal:
    """Entered with its last day, today, and verified against a document; the score with it."""
    before, today = _score(rest, supplier), datetime.now(JAPAN).date().isoformat()
    paper = rest.upload(f"/api/v1/suppliers/{supplier}/evidence/", "pmark.png", _paper(today))
    mark = {
        "scheme": "pmark",
        "number": NUMBER,
        "body": "一般財団法人架空審査機構",
        "valid_until": today,
        "evidence": [paper.json["id"]],
    }
    made = rest.call("POST", f"/api/v1/suppliers/{supplier}/certifications/", mark).json
    unchecked = _rated_above(before, stage, rest, supplier)
    verdict = {"scope_covers": "yes", "document": paper.json["id"]}
    rest.call("POST", f"/api/v1/certifications/{made['id']}/verify/", verdict, most=4)
    checked = _rated_above(unchecked, stage, rest, supplier)
    told = f"{before} points without the mark, {unchecked} with its document, {checked} verified"
    stage.teller.say(f"  {told}")
    return checked


def pass_the_night(stage: Stage, rest: Rest, supplier: str, contact: str, before: Decimal) -> None:
    """Until midnight in Japan nothing changes; then the mark has ended."""
    midnight = datetime.combine(datetime.now(JAPAN).date() + timedelta(days=1), time(), JAPAN)
    _move_clock(stage, midnight - timedelta(seconds=1))
    still = _score(rest, supplier)
    expect(still == before, f"The score was {before} before midnight, and {still} just then.")
    _move_clock(stage, midnight)
    after = _score(rest, supplier)
    expect(after < before, "The rating did not follow the end of the mark.")
    stage.teller.say(f"  {before} points until midnight in Japan, {after} from then on")
    kinds = [event["kind"] for event in rest.get("/api/v1/events/?page_size=200")["results"]]
    expect(kinds[-2:] == LAST, f"The feed ends with {kinds[-2:]}, not with {LAST}.")
    stage.teller.say(f"  the feed ends with {', '.join(LAST)}")
    _read_letter(stage, contact, midnight)


def _read_letter(stage: Stage, contact: str, midnight: datetime) -> None:
    """The holder is written to on the next working morning, never at night."""
    known = len(stage.sink.to(contact))
    for days in range(LONGEST):
        _move_clock(stage, datetime.combine(midnight.date() + timedelta(days), MORNING, JAPAN))
        if len(stage.sink.to(contact)) > known:
            sink.show(stage.teller, stage.sink.to(contact)[-1])
            return
    expect(False, "Nobody wrote to the holder about the end of the mark.")


def _move_clock(stage: Stage, moment: datetime) -> None:
    stage.service.command("sweep", "--now", moment.isoformat(), what="every sweep of that moment")


def _rated_above(known: Decimal, stage: Stage, rest: Rest, supplier: str) -> Decimal:
    def look() -> Decimal | None:
        stage.service.must_live()
        score = _score(rest, supplier)
        return score if score > known else None

    return stage.teller.wait("a worker to rate the supplier again", look)


def _score(rest: Rest, supplier: str) -> Decimal:
    """Where the supplier stands."""
    told = rest.get(f"/api/v1/suppliers/{supplier}/")
    return Decimal(told["standing"]["score"])


def _paper(until: str) -> bytes:
    """A picture of a certificate, as a telephone would take it."""
    picture = Image.new("RGB", (800, 560), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 780, 540), outline="black", width=4)
    draw.text((60, 80), f"Privacy Mark {NUMBER} valid until {until} (specimen)", fill="black")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()
