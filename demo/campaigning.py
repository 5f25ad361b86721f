"""A campaign: many asked as one, and three weeks of its letters on the virtual clock."""

import re
import uuid
from collections import Counter
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any, Final

import requests

from demo import answering, contracting, sink, story
from demo.contracting import JAPAN
from demo.failing import expect
from demo.rest import TIMEOUT, Rest
from demo.staging import Stage

CAMPAIGNS: Final = "/api/v1/campaigns/"
THREE_WEEKS: Final = 24  # days: the last step comes three working days after the due day
SENT_BY: Final = time(10, 30)  # the letters of a day leave from 10:00, over 20 minutes
ASKED_ON, ASKED_AT = (1, 2, 3), time(10)
SATURDAY: Final = 5
MOST: Final = 4  # letters by itself to a person about one request


def launch(stage: Stage, rest: Rest) -> str:
    """Drafted for all suppliers, tried on oneself, launched twice, done by a worker: its path."""
    path, warned = _draft(rest)
    _rehearse(stage, rest, path)
    confirmed = {"confirmed_warnings": [each["code"] for each in warned if each["serious"]]}
    begun = rest.call("POST", f"{path}launch/", confirmed, once=str(uuid.uuid4()), most=6)
    again = rest.call("POST", f"{path}launch/", confirmed, once=str(uuid.uuid4()), most=0)
    expect(again.json["id"] == begun.json["id"], "A second launch began something of its own.")
    ended = contracting.ended_operation(
        rest, begun.headers["Location"], "a worker to ask everybody"
    )
    told = rest.get(path)
    rest.teller.say(f"  {ended['status']}: {ended['counts']}; until {told['undo_until']} undone")
    rest.teller.say(f"  the first letter leaves at {told['first_mail_at']}")
    return path


def let_days_pass(stage: Stage, rest: Rest, path: str) -> datetime:
    """Working days; meanwhile one supplier answers and one opts out. Gives back the last moment."""
    told, people = rest.get(path), _people()
    first = datetime.fromisoformat(told["first_mail_at"]).astimezone(JAPAN).date()
    known, letters = len(stage.sink.mails), Counter[str]()
    days = [first + timedelta(count) for count in range(THREE_WEEKS)]
    for day in (day for day in days if day.weekday() < SATURDAY):
        moment = datetime.combine(day, SENT_BY, JAPAN).isoformat()
        stage.service.command("sweep", "--now", moment, what="every sweep of that moment")
        come = stage.sink.mails[known:]
        _show(rest, day, come)
        letters.update(code for code, at in people.items() for mail in come if at in mail["To"])
        if day == first:
            _act(stage, people)
        known = len(stage.sink.mails)
    asked = rest.get(path)["counts"]
    rest.teller.say(f"  {asked}")
    _check(letters, asked)
    return datetime.combine(days[-1], SENT_BY, JAPAN)


def explain(stage: Stage, rest: Rest, path: str, ids: dict[str, str], *, until: datetime) -> None:
    """Whom a person phones now, and why each letter to one of them was or was not sent."""
    silent = story.request()["campaign"]["silent"]
    waiting = rest.get("/api/v1/work-list/?flag=phone")["results"]
    rows = [
        [row["number"], row["supplier_code"], row["reasons"][0]["detail"]["ja"]] for row in waiting
    ]
    rest.teller.table(["request", "supplier", "what to do"], rows)
    members = rest.get(f"{path}suppliers/?page_size=200")["results"]
    [request] = [each["assessment"] for each in members if each["id"] == ids[silent]]
    expect(silent in {row[1] for row in rows}, f"Nobody is told to phone {silent}.")
    moment = until.isoformat()
    plan = stage.service.command("mail_plan", "--assessment", request, "--now", moment)
    stage.teller.block(plan)


def _draft(rest: Rest) -> tuple[str, list[dict[str, Any]]]:
    asked = story.request()
    due = _first_day(datetime.now(JAPAN)) + timedelta(days=asked["campaign"]["days"])
    body = {
        "name": asked["campaign"]["name"],
        "questionnaire": "ipa-self-diagnosis",
        "due_on": due.isoformat(),
        "message": asked["message"],
        "requirements": asked["requirements"],
        "suppliers": {"filter": {}},
    }
    made = rest.call("POST", CAMPAIGNS, body, most=4).json
    for each in made["warnings"]:
        rest.teller.say(f"  {each['suppliers']} suppliers, {each['code']}: {each['detail']['en']}")
    return f"{CAMPAIGNS}{made['id']}/", made["warnings"]


def _first_day(now: datetime) -> date:
    """The Tuesday, Wednesday or Thursday on which suppliers are asked, but for public holidays."""
    soonest = now.date() + timedelta(days=now.time() >= ASKED_AT)
    days = (soonest + timedelta(count) for count in range(7))
    return next(day for day in days if day.weekday() in ASKED_ON)


def _rehearse(stage: Stage, rest: Rest, path: str) -> None:
    """The letter as it will be, to the person who asks and to nobody else."""
    before = len(stage.sink.mails)
    sent_to = rest.call("POST", f"{path}test/", most=4).json["sent_to"]
    [mail] = stage.teller.wait("the test letter", lambda: stage.sink.mails[before:] or None)
    expect(sent_to in mail["To"], f"The test letter went to {mail['To']}.")
    sink.show(stage.teller, mail, whole=False)


def _people() -> dict[str, str]:
    return {code: each["contacts"][0]["email"] for code, each in story.suppliers().items()}


def _show(rest: Rest, day: date, mails: list[EmailMessage]) -> None:
    subjects = [re.sub("【.*?】", "", str(mail["Subject"])) for mail in mails]
    for subject, count in Counter(subjects).items():
        rest.teller.say(f"  {day:%m-%d %a}  {count:2} × {subject}")


def _act(stage: Stage, people: dict[str, str]) -> None:
    """What people do once they have their letter."""
    named = story.request()["campaign"]
    answering.answer(stage, sink.links(stage.sink.to(people[named["answers"]])[-1], stage.base)[0])
    stops = str(stage.sink.to(people[named["stops"]])[-1]["List-Unsubscribe"]).strip("<> \r\n")
    left = requests.post(stops, data={"List-Unsubscribe": "One-Click"}, timeout=TIMEOUT)
    expect(left.ok, f"The one click that stops letters was answered with {left.status_code}.")
    stage.teller.say(f"  {named['answers']} answers, {named['stops']} wants no more letters")


def _check(letters: Counter[str], counts: dict[str, int]) -> None:
    named = story.request()["campaign"]
    expect(counts["submitted"] >= 1, f"Nobody answered: {counts}.")
    many = [code for code, count in letters.items() if count > MOST]
    asked_twice = story.request()["talks"]["supplier"]  # by a request of its own as well
    expect(set(many) <= {asked_twice}, f"Somebody got too many letters: {letters}.")
    expect(letters[asked_twice] <= 2 * MOST, f"{asked_twice} got {letters[asked_twice]} letters.")
    expect(letters[named["stops"]] == 1, f"{named['stops']} got {letters[named['stops']]} letters.")
    expect(letters[named["silent"]] == MOST, f"{named['silent']} got {letters[named['silent']]}.")
