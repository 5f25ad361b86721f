"""HTML becomes a page with its forms, by the standard library's parser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from demo.markup import Control, Form, Page

READ: Final = {"title", "h1", "legend", "label", "button", "a", "option", "textarea"}
Attributes = dict[str, str]


def parse(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.finish()


@dataclass
class _Heard:
    """The text of an element while it is open."""

    tag: str
    attributes: Attributes
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.main = False
        self.form: Form | None = None
        self.forms = 0
        self.asked: list[str] = []  # legends of the open fieldsets
        self.list = ""  # name of the open select
        self.list_id = ""
        self.open: list[_Heard] = []
        self.labels: dict[str, str] = {}  # by the id of the control
        self.controls: list[tuple[Control, str]] = []  # with the id of its form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in READ:
            self.open.append(_Heard(tag, attributes))
        elif tag == "html":
            self.page.language = attributes.get("lang", "")
        elif tag == "main":
            self.main = True
        elif tag == "form":
            self._open_form(attributes)
        elif tag == "fieldset":
            self.asked.append("")
        elif tag == "select":
            self.list, self.list_id = attributes.get("name", ""), attributes.get("id", "")
        elif tag == "input":
            self._control(attributes.get("type", "text"), attributes, attributes.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in READ and any(each.tag == tag for each in self.open):
            while (heard := self.open.pop()).tag != tag:
                self._close(heard)
            self._close(heard)
        elif tag == "main":
            self.main = False
        elif tag == "form":
            self.form = None
        elif tag == "fieldset" and self.asked:
            self.asked.pop()

    def handle_data(self, data: str) -> None:
        for heard in self.open:
            heard.parts.append(data)

    def finish(self) -> Page:
        """Bring labels and controls together, and keep the forms of the main part."""
        for control, form in self.controls:
            label = self.labels.get(control.id, "")
            control.label = control.label or label
            control.question = control.question or label
            for each in self.page.forms:
                if each.id == form:
                    (each.buttons if control.kind == "submit" else each.controls).append(control)
        return self.page

    def _open_form(self, attributes: Attributes) -> None:
        self.forms += 1
        name = attributes.get("id") or f"form {self.forms}"
        action = attributes.get("action", "")
        self.form = Form(name, action, attributes.get("method", "get").lower())
        if self.main:
            self.page.forms.append(self.form)

    def _close(self, heard: _Heard) -> None:
        raw = "".join(heard.parts)
        text, attributes = " ".join(raw.split()), heard.attributes
        if heard.tag == "title":
            self.page.title = text
        elif heard.tag == "h1":
            self.page.heading = text
        elif heard.tag == "a":
            self._close_link(attributes.get("href", ""), text)
        elif heard.tag == "legend" and self.asked:
            self.asked[-1] = text
        elif heard.tag == "label":
            self.labels[attributes.get("for", "")] = text
        else:
            self._close_control(heard.tag, attributes, raw, text)

    def _close_link(self, address: str, text: str) -> None:
        self.page.links.append((address, text))
        if self.main and "#" in address and not self.page.heading:
            self.page.faults.append(text)

    def _close_control(self, tag: str, attributes: Attributes, raw: str, text: str) -> None:
        if tag == "button":
            self._control("submit", attributes, attributes.get("value", ""), label=text)
        elif tag == "textarea":
            self._control("textarea", attributes, raw.removeprefix("\n"))
        elif tag == "option":
            option = {"name": self.list, "id": self.list_id, **attributes}
            option |= {"checked": ""} if "selected" in attributes else {}
            self._control("option", option, attributes.get("value", text), label=text)

    def _control(self, kind: str, attributes: Attributes, value: str, label: str = "") -> None:
        control = Control(
            kind,
            attributes.get("name", ""),
            value,
            id=attributes.get("id", ""),
            chosen="checked" in attributes,
            question=self.asked[-1] if self.asked else "",
            label=label,
        )
        form = attributes.get("form") or (self.form.id if self.form else "")
        self.controls.append((control, form))
