"""Colours come as tokens, text and ground as pairs that can be read (WCAG 1.4.3, 1.4.11)."""

import re

import pytest
from django.contrib.staticfiles import finders

RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
PAIRS = [  # text, ground
    ("text", "ground"),
    ("text", "soft"),
    ("text", "primary-tint"),
    ("text", "success-tint"),
    ("text", "warning-tint"),
    ("muted", "ground"),
    ("link", "ground"),
    ("link", "soft"),
    ("link", "primary-tint"),
    ("error", "ground"),
    ("error", "warning-tint"),
    ("success", "ground"),
    ("primary", "ground"),
    ("primary-dark", "primary-tint"),
    ("on-dark", "primary"),
    ("on-dark", "primary-dark"),
]
EDGES = [("line", "ground"), ("primary", "ground"), ("error", "ground"), ("focus", "ground")]


@pytest.fixture(scope="module")
def style():
    with open(finders.find("assessments/form.css"), encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)


@pytest.fixture(scope="module")
def tokens(style):
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", style))


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(tokens, text, ground):
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_can_be_seen(tokens, edge, ground):
    assert contrast(tokens[edge], tokens[ground]) >= 3


def test_colours_are_tokens_everywhere(style):
    rules = [(name, body) for name, body in RULE.findall(style) if ":root" not in name]

    for name, body in rules:
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", body), name


def test_a_rule_with_text_and_ground_uses_a_listed_pair(style):
    for name, body in RULE.findall(style):
        text = re.search(r"(?:^|[;\s])color: var\(--([a-z-]+)\)", body)
        ground = re.search(r"background: var\(--([a-z-]+)\)", body)
        if text and ground:
            assert (text[1], ground[1]) in PAIRS, name


def test_no_font_and_nothing_else_comes_from_elsewhere(style):
    assert "url(" not in style
    assert "@import" not in style
    assert "@font-face" not in style


def test_targets_are_44_pixels_high(style):
    rules = {name.strip(): body for name, body in reversed(RULE.findall(style))}

    for name in (
        ".tongue",
        ".back",
        ".choice label",
        "summary",
        ".button",
        ".rows a",
    ):
        height = int(re.search(r"min-height: (\d+)px", rules[name])[1])
        assert height >= 44, name
