"""Collect the sentences of the service and compile the Japanese catalogue, without GNU gettext.

`python -m tests.cataloguing` adds what is new, drops what is no longer said, and compiles; it ends
with 1 and a list while sentences wait for their Japanese.
"""

import ast
import io
import os
import re
import sys
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "assessments",
    "config",
    "contractors",
    "events",
    "questionnaires",
    "ratings",
    "retention",
    "suppliers",
)
CATALOGUE = ROOT / "locale/ja/LC_MESSAGES/django.po"
CONTEXT = ("pgettext", "pgettext_lazy")
PLURAL = ("ngettext", "ngettext_lazy")
KEYWORDS = ("_", "gettext", "gettext_lazy", "gettext_noop", *PLURAL, *CONTEXT)


def files(*patterns):
    found = [path for app in APPS for pattern in patterns for path in (ROOT / app).rglob(pattern)]
    return sorted(path for path in found if "migrations" not in path.parts)


def used():
    """Every message with the file that says it: a text, or a singular and its plural."""
    said = {}
    for path in files("*.py", "*.html", "*.txt"):
        source = path.read_text("utf-8")
        messages = _of_python(source) if path.suffix == ".py" else _of_template(source, path)
        said |= dict.fromkeys(messages, path)
    return said


def singular(message):
    return message.id if isinstance(message.id, str) else message.id[0]


def translated(message):
    return message.string if isinstance(message.string, str) else message.string[0]


def _of_python(source):
    """Literals only: what stands in a variable was marked where it was written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if node.func.id in KEYWORDS and texts:
                yield _message(node.func.id, texts)


def _of_template(source, path):
    code = re.sub(r"(?m)^\s+", "", templatize(source, origin=str(path)))  # indents mean nothing
    found = extract_python(io.BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"})
    for _line, name, message, _comments in found:
        yield _message(name, message if isinstance(message, tuple) else (message,))


def _message(name, texts):
    if name in PLURAL:
        return tuple(texts[:2])
    return texts[1] if name in CONTEXT else texts[0]


def main():
    with CATALOGUE.open("rb") as file:
        old = read_po(file, locale="ja")
    known = {singular(each): translated(each) for each in old if each.id}
    new = Catalog(locale="ja", header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for message in used():
        text = known.get(message if isinstance(message, str) else message[0], "")
        new.add(message, text if isinstance(message, str) else (text,))
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=0, no_location=True, sort_output=True)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    waiting = [singular(each) for each in new if each.id and not translated(each)]
    sys.stdout.writelines(f"needs Japanese: {each}\n" for each in waiting)
    return 1 if waiting else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main())
