"""A browser without scripts: cookies, the token against forgery, and one page after the other."""

import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests

from demo.failing import Failed, expect
from demo.markup import Form, Page
from demo.parsing import parse
from demo.telling import Teller

TIMEOUT: Final = 30  # seconds
BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Browser:
    """`page` is the one that is shown, `url` its address."""

    teller: Teller
    agent: str = BROWSER
    url: str = ""
    page: Page = field(default_factory=Page)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False  # a proxy could not reach this machine's own port
        self.session.headers.update({"User-Agent": self.agent, "Accept-Language": "ja"})

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def form(self) -> Form:
        """The form of the page's main part."""
        if not self.page.forms:
            raise Failed(f"The page “{self.page.heading}” has no form to fill in.")
        return self.page.forms[0]

    def open(self, url: str, method: str = "GET") -> None:
        answer = self._send(method, url)
        expect(answer.status_code == 200, f"The page did not open: {answer.status_code}.")
        self.url, self.page = url, parse(answer.text)
        asked = [each for form in self.page.forms for each in form.questions() if each]
        fields = f", {len(asked)} fields" if asked else ""
        self.teller.say(f"  “{self.page.heading}”{fields}" if self.page.heading else "  no body")

    def follow(self, part: str) -> None:
        """A click on the first link whose address has this part."""
        for address, text in self.page.links:
            if part in address:
                self.teller.say(f"  a click on “{text}”")
                return self.open(urljoin(self.url, address.partition("#")[0]))
        raise Failed(f"No link of the page “{self.page.heading}” leads to {part}.")

    def download(self, part: str) -> bytes:
        """The file to which such a link leads; the page stays."""
        [address] = [address for address, _text in self.page.links if part in address]
        answer = self._send("GET", urljoin(self.url, address))
        expect(answer.status_code == 200, f"There is no file: {answer.status_code}.")
        return answer.content

    def press(self, button: str = "") -> None:
        """Send the page's form with this button, or the first, and open where that leads."""
        form, here = self.form, self.page.heading
        url = urljoin(self.url, form.action) if form.action else self.url
        data, cookies = form.data(button), ", ".join(sorted(self.session.cookies.keys()))
        answer = self._send("POST", url, data)
        shown = " · ".join(f"{name}={_short(name, value)}" for name, value in data)
        self.teller.folded(f"with the cookies {cookies} and {shown}", most=2)
        if answer.status_code not in {302, 303}:
            faults = "; ".join(parse(answer.text).faults) or "it does not say why"
            raise Failed(f"“{here}” did not take its answers ({answer.status_code}): {faults}.")
        self.open(urljoin(url, answer.headers["Location"]))

    def _send(
        self, method: str, url: str, data: list[tuple[str, str]] | None = None
    ) -> requests.Response:
        headers = {"Referer": self.url} if self.url else {}
        began = time.monotonic()
        try:
            answer = self.session.request(
                method, url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise Failed(f"The service did not answer {method} {url}: {error}") from error
        took = time.monotonic() - began
        place = urlsplit(url)
        line = f"{method} {place.path}{'?' + place.query if place.query else ''}"
        leads = answer.headers.get("Location", "")
        self.teller.exchange(line, answer.status_code, took, leads)
        return answer


def _short(name: str, value: str) -> str:
    return f"{value[:6]}…" if name == "csrfmiddlewaretoken" else value
