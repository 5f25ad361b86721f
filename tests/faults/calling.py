"""A contractor's system and a supplier's browser, both over HTTP, with a watch in the hand."""

import time
from dataclasses import dataclass, field
from http.client import INTERNAL_SERVER_ERROR as SERVER_ERROR
from uuid import uuid4

import requests
from django.utils import timezone

from contractors import managing
from contractors.actors import SYSTEM
from contractors.models import Scope

TIMEOUT = 30  # seconds
TRIES = 5  # of a patient caller
PAGES = {1: range(1, 6), 2: range(6, 13), 3: range(13, 19), 4: range(19, 26)}


@dataclass
class Watched:
    """`slowest` is the longest that an answer took so far, in seconds."""

    base: str
    slowest: float = 0.0
    session: requests.Session = field(default_factory=requests.Session)

    def send(self, method, path, **more):
        began = time.monotonic()
        answer = self.session.request(
            method, self.base + path, timeout=TIMEOUT, allow_redirects=False, **more
        )
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer


class Caller(Watched):
    """Calls the REST API with a key of the contractor's."""

    def sign_in(self, contractor):
        _key, clear = managing.issue_key(
            contractor, scopes=Scope.values, actor=SYSTEM, now=timezone.now()
        )
        self.session.headers["Authorization"] = f"Bearer {clear}"

    def get(self, path):
        return self.send("GET", f"/api/v1/{path}")

    def post(self, path, body, **headers):
        return self.send("POST", f"/api/v1/{path}", json=body, headers=headers)

    def ask_new(self, number):
        """A new supplier with one contact, asked at once; gives back the contact's address."""
        email = f"contact{number}@supplier{number}.example"
        supplier = {"code": f"N-{number}", "name": "山田製作所", "contacts": [{"email": email}]}
        made = self.post("suppliers/", supplier)
        assert made.status_code == 201, made.text
        asked = self.post("assessments/", question_to(made.json()["id"]))
        assert asked.status_code == 201, asked.text
        return email


class PatientCaller(Caller):
    """Asks again under the same key, a few times; counts the failures."""

    failures = 0

    def post(self, path, body):
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(TRIES):
            answer = super().post(path, body, **key)
            if answer.status_code < SERVER_ERROR:
                break
            assert answer.json()["code"] == "unavailable", answer.text
            self.failures += 1
            time.sleep(float(answer.headers["Retry-After"]) / 10)
        return answer


def question_to(supplier):
    """The body of a request, by the public id of the supplier."""
    return {
        "supplier": str(supplier),
        "questionnaire": "ipa-self-diagnosis",
        "due_on": "2040-01-31",
    }


class Browser(Watched):
    """A supplier who answers everything in the form, without a script."""

    def answer_all(self, link):
        """From the link of a mail to the receipt; gives back the receipt's page."""
        overview = self.press(link.removeprefix(self.base))
        for page, numbers in PAGES.items():
            choices = {f"item_{number}": "done" for number in numbers}
            self.press(f"{overview}answers/{page}", **choices)
        self.press(f"{overview}company", item_7="part_time", item_8="山田太郎", version="0")
        person = {"name": "山田一郎", "title": "社長", "email": "ichiro@yamada.example"}
        return self.send("GET", self.press(f"{overview}submit", confirmed="yes", **person))

    def press(self, path, **fields):
        """Open a page and send its form; gives back where that leads."""
        page = self.send("GET", path)
        assert page.status_code == 200, (path, page.status_code)
        data = {"csrfmiddlewaretoken": self.session.cookies["csrf"], **fields}
        answer = self.send("POST", path, data=data)
        assert answer.status_code == 302, (path, answer.status_code, answer.text)
        return answer.headers["Location"]
