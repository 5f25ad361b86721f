"""What a contractor asks for becomes sentences; what nobody knows is passed over."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessments import explaining
from assessments.explaining import explain

SCHEMA = json.loads(
    (Path(settings.BASE_DIR) / "assessments/schema/requirements.schema.json").read_text("utf-8")
)
NAMES = sorted(SCHEMA["properties"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_page_opens_whatever_was_stored(requirements):
    explained = explain(requirements)

    for name, said in vars(explained).items():
        assert isinstance(said, str if name in {"seen_by", "kept"} else list), name


def test_nothing_asked_is_nothing_said():
    explained = explain({})

    assert not any(vars(explained).values())
    assert not explained.given


@pytest.mark.parametrize(
    ("known", "values"),
    [
        (explaining.SCHEMES, SCHEMA["$defs"]["scheme"]["enum"]),
        (explaining.BEARERS, SCHEMA["properties"]["cost"]["properties"]["bearer"]["enum"]),
        (explaining.ROLES, SCHEMA["properties"]["answers_seen_by"]["items"]["enum"]),
    ],
)
def test_every_code_of_the_schema_has_its_words(known, values):
    assert set(known) == set(values)


@pytest.mark.parametrize(
    ("requirements", "name", "said"),
    [
        (
            {"reasons": ["system_access"]},
            "reasons",
            ["貴社から、当社の社内システムにつながります。"],
        ),
        ({"reasons": ["図面を預けるため"]}, "reasons", ["図面を預けるため"]),
        (
            {"required_certifications": [{"scheme": "isms", "necessity": "required"}]},
            "certifications",
            ["ISMS(ISO/IEC 27001):必須"],
        ),
        ({"target": {"score": 70, "grade": "B"}}, "target", ["自社診断で70点以上", "評価B以上"]),
        ({"alternatives_accepted": False}, "alternatives", []),
        (
            {"answers_seen_by": ["security", "buyer"]},
            "seen_by",
            "情報セキュリティの担当者、購買の担当者",
        ),
        ({"retention_months": 36}, "kept", "36か月"),
        (
            {"contract_terms": [{"kind": "nda", "state": "none", "text": "第3条"}]},
            "contract",
            ["秘密保持 / まだ定めがない: 第3条"],
        ),
        ({"promises": ["B"]}, "promises", ["結果をもとに、必要な対策を一緒に相談させてください。"]),
    ],
)
def test_codes_become_japanese_sentences(requirements, name, said):
    with translation.override("ja"):
        assert getattr(explain(requirements), name) == said
