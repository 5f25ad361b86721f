"""The service as a supplier and a contractor meet it: over HTTP and by mail, and not otherwise."""

import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone

from tests.conftest import Mailbox

AT_ONCE = {"ja": 16, "en": 6}  # suppliers asked together
PATIENCE = 30  # seconds for what a busy machine starts or sends
CONTRACTOR = {
    "department": "調達部",
    "person": "佐藤花子",
    "phone": "03-1234-5678",
    "hours": "平日9時〜17時",
    "reply_to": "sato@minato.example",
    "notice_url": "https://minato.example/security/",
    "main_phone": "03-1234-0000",
}
EVERYTHING = {  # a request that says all it can, so that every line of the first page is seen
    "reasons": ["confidential_information"],
    "scope": "図面のやり取りと、それに使うパソコン",
    "required_certifications": [{"scheme": "security_action_1", "necessity": "recommended"}],
    "target": {"score": 70},
    "alternatives_accepted": True,
    "evidence": "資料の添付は任意です。",
    "cost": {"bearer": "to_be_discussed", "talks_welcome": True, "contact": "調達部 佐藤花子"},
    "contract_reference": "取引基本契約書 第12条",
    "contract_terms": [{"kind": "nda", "state": "agreed", "text": "2024年の契約のままです。"}],
    "equivalents": [{"scheme": "isms", "replaces": "evidence"}],
    "promises": ["A", "B"],
    "answers_seen_by": ["security", "buyer"],
    "retention_months": 24,
    "effect_if_not_met": "まず電話でご相談します。",
}


class Service:
    """A web server of its own process, and the commands that stand for what runs beside it."""

    def __init__(self, environment: dict[str, str], port: int, log: Any) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.environment = environment | {"BASE_URL": self.url, "PORT": str(port)}
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
        environment = self.environment | {"WEB_WORKERS": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                gunicorn, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
            )
        patience = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < patience, self.log.read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self) -> None:
        """Do what is due, as the workers would within minutes."""
        self.manage("sweep", "--now", timezone.now().isoformat())

    def _answers(self) -> bool:
        with suppress(requests.RequestException):  # not yet, or slow on a busy machine
            return requests.get(f"{self.url}/readyz", timeout=5).ok
        return False


@dataclass(frozen=True)
class Invitation:
    """What a supplier got by mail, and what the contractor's system knows about it."""

    link: str
    address: str
    request: str  # its path in the API


class Desk:
    """The contractor's system: it asks suppliers over the API and looks up what became of it."""

    def __init__(self, service: Service, mailbox: Mailbox) -> None:
        self.service, self.mailbox = service, mailbox
        self.waiting: dict[str, list[Invitation]] = {"ja": [], "en": []}
        self.asked = 0
        made = json.loads(service.manage("contractor_create", "みなと精機株式会社", "--json"))
        scopes = "suppliers:write,assessments:write,audit:read"
        person = ("--user", CONTRACTOR["reply_to"])  # stands for the promises
        words = ("--contractor", made["id"], "--scopes", scopes, *person, "--json")
        self.key = json.loads(service.manage("apikey_create", *words))["key"]
        self.call("PATCH", "contractor/", CONTRACTOR)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        address = f"{self.service.url}/api/v1/{path}"
        head = {"Authorization": f"Bearer {self.key}"}
        if method == "PATCH":  # what is changed was read before
            head["If-Match"] = requests.get(address, headers=head, timeout=PATIENCE).headers["ETag"]
        answer = requests.request(method, address, json=body, headers=head, timeout=PATIENCE)
        assert answer.ok, answer.text
        return answer.json()

    def invite(self, language: str = "ja") -> Invitation:
        """A supplier who has just got the mail. Several are asked at once: one sweep costs."""
        if not self.waiting[language]:
            asked = dict(self._ask(language) for _ in range(AT_ONCE[language]))
            self.service.sweep()
            self.waiting[language] = [
                Invitation(link_in(self.mail_to(address)), address, request)
                for address, request in asked.items()
            ]
        return self.waiting[language].pop()

    def mail_to(self, address: str, *, after: int = 0) -> EmailMessage:
        """The newest mail to this address; `after` says how many came before it."""
        patience = time.monotonic() + PATIENCE
        while len(mails := self.mails_to(address)) <= after:
            assert time.monotonic() < patience, f"No mail came to {address}."
            time.sleep(0.05)
        return mails[-1]

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mailbox.mails if mail["To"] == address]

    def code_for(self, invitation: Invitation) -> str:
        text = self.mail_to(invitation.address, after=1).get_content()
        [digits] = re.findall(r"\b\d{6}\b", text)
        return str(digits)

    def _ask(self, language: str) -> tuple[str, str]:
        self.asked += 1
        address = f"taro{self.asked}@yamada.example"
        contact = {"name": "山田太郎", "email": address, "language": language}
        name = "株式会社山田製作所" if language == "ja" else "Yamada Works"
        supplier = {"name": name, "code": f"B-{self.asked}", "employees": 12, "contacts": [contact]}
        request = {
            "supplier": self.call("POST", "suppliers/", supplier)["id"],
            "questionnaire": "ipa-self-diagnosis",
            "due_on": "2030-01-31",
            "implement_by": "2030-06-28",
            "message": "いつもありがとうございます。\nご不明な点はお電話ください。",
            "requirements": EVERYTHING,
        }
        made = self.call("POST", "assessments/", request)
        return address, f"assessments/{made['id']}/"


def link_in(mail: EmailMessage) -> str:
    [link] = re.findall(r"https?://\S+/[rcq]/\S+", mail.get_content())
    return str(link)
