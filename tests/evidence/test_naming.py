"""Names of files are shown, never used: whatever they hold, they are one harmless line."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.evidence import naming
from tests.evidence import making
from tests.evidence.sending import send
from tests.factories import SupplierFactory

NAMES = {
    "登録証.pdf": "登録証.pdf",
    "a" * 300 + ".pdf": "a" * 196 + ".pdf",
    "証" * 300 + ".pdf": "証" * 196 + ".pdf",
    "cod\u202efdp.exe": "codfdp.exe",
    "\u200f\u2067登録証\u2069.pdf": "登録証.pdf",
    "CON": "_CON",
    "con.pdf": "_con.pdf",
    "Lpt1.tar.pdf": "_Lpt1.tar.pdf",
    "console.pdf": "console.pdf",
    "..\\..\\windows\\a.pdf": "a.pdf",
    "../../etc/passwd": "passwd",
    "/etc/a.pdf": "a.pdf",
    "C:\\Users\\山田\\a.pdf": "a.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie: x=1.pdf",
    "a\0.pdf": "a.pdf",
    "a.pdf\0.exe": "a.pdf.exe",
    "\x1b[31ma.pdf": "[31ma.pdf",
    "👩\u200d💻の証明書.pdf": "👩\u200d💻の証明書.pdf",
    unicodedata.normalize("NFD", "プライバシーガイド.pdf"): "プライバシーガイド.pdf",
    "  a  b .pdf. ": "a b.pdf",
    ".pdf": "pdf",
    "...": "file",
    "": "file",
    "a;b\"c'.pdf": "a;b\"c'.pdf",
    "<script>alert(1)</script>.pdf": "script>.pdf",
    "a.": "a",
    "\ufeffa.pdf": "a.pdf",
    "a\u2028b.pdf": "ab.pdf",
    "a." + "x" * 300: "a." + "x" * 198,
}


@pytest.mark.parametrize(("given_name", "shown"), NAMES.items(), ids=map(repr, NAMES))
def test_a_name_becomes_one_harmless_line(given_name, shown):
    assert naming.shown(given_name) == shown


@given(st.text(max_size=400) | st.text(st.characters(categories=["Cc", "Cf", "Zs", "Po"])))
def test_any_name_is_short_visible_and_stays_what_it_became(name):
    shown = naming.shown(name)

    assert 1 <= len(shown) <= 200
    assert naming.shown(shown) == shown
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
    assert shown not in {".", ".."}


@given(st.text(max_size=300))
def test_any_name_makes_a_header_of_one_plain_line(name):
    header = naming.disposition(naming.shown(name))

    assert re.fullmatch(
        r"attachment; filename=\"[A-Za-z0-9._ -]*\"; filename\*=UTF-8''[A-Za-z0-9._~%-]*", header
    )


@pytest.mark.parametrize(
    "name",
    [
        "登録証.pdf",
        "証" * 300 + ".pdf",
        "con.pdf",
        "..\\a.pdf",
        "a\r\nb.pdf",
        "a\0.pdf",
        "👩.pdf",
    ],
)
def test_names_travel_through_the_api(name, api, contractor):
    supplier = SupplierFactory.create(contractor=contractor)

    made = send(api, supplier, making.pdf(), name)

    assert made.status_code == 201, made.json()
    given = api.get(made["Location"] + "download/")
    b"".join(given)
    assert made.json()["name"] == naming.shown(name)
    assert "\n" not in given["Content-Disposition"]
