"""From a file of YAML to a document that may be installed, or to sentences that say why not."""

from collections import Counter
from collections.abc import Hashable
from pathlib import Path
from typing import Any, Final

import yaml

from questionnaires import proofreading
from questionnaires.content import Document
from questionnaires.errors import Fault, NotACatalogue

CATALOGUES: Final = Path(__file__).resolve().parent / "catalogues"


class _Loader(yaml.SafeLoader):
    """Refuses what YAML takes silently: a key twice, and a bare `yes` or `1` as a key."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, times in Counter(map(str, keys)).items():
            if times > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"The key {key!r} stands twice; keep one.", node.start_mark
                )
        for key in keys:
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(
                    None, None, f"The key {key!r} must be text; put it in quotes.", node.start_mark
                )
        return super().construct_mapping(node, deep)


def files() -> list[Path]:
    """The official catalogues, in the order of their names."""
    return sorted(CATALOGUES.glob("*.yaml"))


def read(path: Path) -> Document:
    """Raises `NotACatalogue` with every fault, each with its place."""
    return admit(_loaded(path), source=path.name)


def admit(document: object, *, source: str) -> Document:
    """A document that came by any way. Raises `NotACatalogue`."""
    if faults := proofreading.faults(document):
        raise NotACatalogue(source, faults)
    assert isinstance(document, dict)
    return document


def _loaded(path: Path) -> object:
    try:
        return yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 (a SafeLoader of ours)
    except UnicodeDecodeError as error:
        raise NotACatalogue(path.name, [Fault("", "Save the file as UTF-8.")]) from error
    except yaml.YAMLError as error:
        raise NotACatalogue(path.name, [Fault("", _told(error))]) from error


def _told(error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return "This is not YAML; check the file for broken characters."
    mark = error.problem_mark
    place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"{error.problem}{place}"
