"""A browser without scripts: fields are filled in as a page shows them, buttons send its form."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client


class Page(HTMLParser):
    """What a reader sees and what the form with id `page` would send."""

    def __init__(self, response):
        super().__init__()
        self.status = response.status_code
        self.headers = response.headers
        self.address = response.request["PATH_INFO"]
        self.html = response.content.decode()
        self.fields: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.buttons: list[dict[str, str]] = []
        self.words: list[str] = []
        self.title = self.language = ""
        self._inside, self._area, self._select = False, "", ""
        self.feed(self.html.replace("\r\n", "\n"))
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, pairs):
        attrs = {name: value or "" for name, value in pairs}
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "html":
            self.language = attrs["lang"]
        elif tag == "form":
            self._inside = attrs.get("id") == "page"
        elif tag == "a":
            self.links.append(attrs["href"])
        self._control(tag, attrs)

    def _control(self, tag, attrs):
        name = attrs.get("name", "")
        ours = self._inside or attrs.get("form") == "page"
        if tag == "button" and ours:
            self.buttons.append(attrs)
        if tag == "option" and "selected" in attrs:
            self.fields[self._select] = [attrs["value"]]
        if not ours or tag not in {"input", "textarea", "select"}:
            return
        self.names.add(name)
        if tag == "select":
            self._select = name
            self.fields[name] = [""]
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]
        elif attrs["type"] not in {"radio", "checkbox", "file"} or "checked" in attrs:
            # A page chooses no file.
            self.fields.setdefault(name, []).append(attrs.get("value", ""))

    def handle_data(self, data):
        tag = self.tags[-1][0] if self.tags else ""
        if tag == "title" and not self.title:
            self.title = data
        if self._area:
            # A browser drops the line end that opens a textarea and sends CRLF for the others.
            text = data.removeprefix("\n").replace("\n", "\r\n")
            self.fields[self._area] = [self.fields[self._area][0] + text]
        self.words.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False
        if tag == "textarea":
            self._area = ""

    def value(self, name):
        return self.fields.get(name, [""])[0]

    def faults(self):
        """Addresses in the summary of errors."""
        start = self.html.index('id="faults"') if 'id="faults"' in self.html else len(self.html)
        summary = self.html[start : self.html.find("</ul>", start)]
        return [part.split('"')[0] for part in summary.split('href="')[1:]]


class Browser:
    """Keeps cookies, checks CSRF as in service, and follows redirects."""

    def __init__(self, **headers):
        self.client = Client(enforce_csrf_checks=True, headers=headers)
        self.page = None

    def open(self, address):
        parts = urlsplit(urljoin(self.page.address if self.page else "/", address))
        query = f"?{parts.query}" if parts.query else ""
        return self._see(self.client.get(parts.path + query, follow=True))

    def press(self, action="next", **changes):
        """Send the page's form with these changes; None takes a field away."""
        fields = {**self.page.fields, "action": [action]}
        for name, value in changes.items():
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = value if isinstance(value, list) else [value]
        return self.send(fields)

    def send(self, fields):
        address = self.page.address
        return self._see(self.client.post(address, fields, follow=True))

    def speak(self, language):
        """The button of the other language, which sends the page's form along."""
        fields = {**self.page.fields, "language": [language]}
        if not self.page.fields:
            self.page.fields = {"csrfmiddlewaretoken": [self.client.cookies["csrf"].value]}
        return self.send(fields)

    def lose_session(self):
        self.client.cookies.pop("session", None)

    def lose_cookies(self):
        self.client.cookies.clear()

    def _see(self, response):
        self.page = Page(response)
        return self.page
