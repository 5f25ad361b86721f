"""A supplier's browser over HTTP, and the same in this process, where its statements are caught."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import requests
from django.test import Client
from django.utils import timezone

from assessments import inviting
from assessments.models import Answer, Assessment, Status
from benchmarks.laboratory import TIMEOUT, Site
from benchmarks.making import ask, new_supplier
from benchmarks.timing import Stopwatch

LAST_PAGE: Final = 4
OF_LAST_PAGE: Final = range(19, 26)  # its items
ALL: Final = range(1, 26)
PROFILE: Final = {"7": "part_time", "8": "山田太郎"}  # the two answers that a company must give
RESPONSIBLE: Final = {
    "name": "山田一郎",
    "title": "代表取締役",
    "email": "ichiro@yamada.example",
    "confirmed": "yes",
}


def asked(site: Site, code: str) -> Assessment:
    """A request to a new supplier; call it where the site's database is used."""
    return ask(new_supplier(site.made.contractor, code))


def link(assessment: Assessment) -> str:
    """The path of a fresh link."""
    return urlsplit(inviting.issue_link(assessment, now=timezone.now())).path


def complete(assessment: Assessment) -> None:
    """Everything is answered, as if four pages and the company's had been saved."""
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            contractor_id=assessment.contractor_id,
            assessment=assessment,
            number=number,
            value="partly",
            answered_at=now,
        )
        for number in ALL
    )
    Assessment.objects.filter(pk=assessment.pk).update(
        status=Status.STARTED, started_at=now, profile=PROFILE, profile_version=1
    )


def last_page(value: str, version: int) -> dict[str, str]:
    """The fields of the fourth page, all with the same answer."""
    fields = {"action": "next"}
    for number in OF_LAST_PAGE:
        fields |= {
            f"item_{number}": value,
            f"comment_{number}": "",
            f"version_{number}": f"{version}",
        }
    return fields


@dataclass
class Browser:
    """A POST is preceded by the page's GET, as people do; only the POST is measured."""

    site: Site
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False  # a proxy could not reach this machine's own port

    def press(self, path: str, fields: Mapping[str, str]) -> float:
        """Seconds of the POST; the form must lead on to another page."""
        url = f"{self.site.web.url}{path}"
        self.session.get(url, timeout=TIMEOUT).raise_for_status()
        data = {"csrfmiddlewaretoken": self.session.cookies["csrf"], **fields}
        watch = Stopwatch()
        with watch.running():
            answer = self.session.post(url, data=data, timeout=TIMEOUT, allow_redirects=False)
        must_lead_on(answer.status_code, path)
        return watch.seconds


def client_in(path: str) -> Client:
    """A browser of this process that came in by the link at this path."""
    client = Client()
    must_lead_on(client.post(path).status_code, path)
    return client


def must_lead_on(status: int, path: str) -> None:
    if status != requests.codes.found:
        raise RuntimeError(f"{path} answered {status} instead of leading on.")
