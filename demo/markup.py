"""A page as a reader without a script meets it: heading, links, and forms with their questions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

CHOSEN: Final = {"radio", "checkbox", "option"}  # kinds that are sent only when chosen


@dataclass
class Control:
    """`question` is what a person reads beside it, `label` what an option says."""

    kind: str
    name: str
    value: str
    id: str = ""
    chosen: bool = False
    question: str = ""
    label: str = ""

    @property
    def sent(self) -> bool:
        return bool(self.name) and (self.chosen or self.kind not in CHOSEN)


@dataclass
class Form:
    id: str
    action: str
    method: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[Control] = field(default_factory=list)

    def questions(self) -> list[str]:
        """What is asked, each once, in its order."""
        open_ones = [each for each in self.controls if each.kind != "hidden"]
        return list(dict.fromkeys(each.question for each in open_ones))

    def asks(self, words: str) -> bool:
        return any(self._about(words))

    def answer(self, words: str, answer: str) -> bool:
        """Choose what says so, or write it, where the question has these words."""
        about = list(self._about(words))
        choices = [each for each in about if each.kind in CHOSEN]
        if not choices:
            return self.write(words, answer)
        wanted = [each for each in choices if each.label == answer]
        wanted = wanted or [each for each in choices if each.label.startswith(answer)]
        for each in choices if len(wanted) == 1 else []:
            kept = each.kind == "checkbox" and each.chosen
            each.chosen = each is wanted[0] or kept
        return len(wanted) == 1

    def write(self, words: str, text: str) -> bool:
        """Write into the field of the question with these words."""
        fields = [each for each in self._about(words) if each.kind not in CHOSEN]
        for each in fields[:1]:
            each.value = text
        return bool(fields)

    def data(self, button: str = "") -> list[tuple[str, str]]:
        """What a browser sends when the button of this value is pressed; else the first one, as
        the Enter key does.
        """
        about = [each for each in self.buttons if button in {"", each.value}]
        pressed = [each for each in about[:1] if each.name]
        sent = [*(each for each in self.controls if each.sent), *pressed]
        return [(each.name, each.value) for each in sent]

    def _about(self, words: str) -> Iterator[Control]:
        shown = (each for each in self.controls if each.kind != "hidden")
        return (each for each in shown if words in each.question or words == each.name)


@dataclass
class Page:
    title: str = ""
    heading: str = ""
    language: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  # address, text
    faults: list[str] = field(default_factory=list)  # what stands above the heading, if anything
    forms: list[Form] = field(default_factory=list)  # of the page's main part
