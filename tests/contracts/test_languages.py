"""Every sentence of the service is said in Japanese too, and in the words of the product."""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.cataloguing import CATALOGUE, files, singular, translated, used

PLACE = re.compile(r"%\(\w+\)[sd]")
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
NEVER = re.compile("下請|審査|監査|必ず|至急|督促|不正な値|半角で|全角で|重要】|[!!]")
NO_DECLARATION = re.compile("SECURITY ACTION[^。]*(認定|取得)")  # it is declared


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ja")


@pytest.fixture(scope="module")
def sentences(catalogue):
    return {singular(each): translated(each) for each in catalogue if each.id}


def test_the_catalogue_has_what_is_said_and_nothing_else(sentences):
    said = {each if isinstance(each, str) else each[0]: path for each, path in used().items()}

    assert not {message: said[message] for message in said.keys() - sentences.keys()}
    assert not sorted(sentences.keys() - said.keys())


def test_every_sentence_is_translated_and_none_is_a_guess(catalogue):
    assert not [each.id for each in catalogue if each.id and (each.fuzzy or not translated(each))]
    assert not catalogue.obsolete


def test_placeholders_are_the_same_in_both_languages(sentences):
    for message, text in sentences.items():
        assert sorted(set(PLACE.findall(message))) == sorted(set(PLACE.findall(text))), message


def test_the_compiled_catalogue_says_what_the_readable_one_says(sentences):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {singular(each): translated(each) for each in read_mo(file) if each.id}

    assert compiled == sentences


def test_nineteen_of_twenty_japanese_sentences_have_60_characters_at_most(sentences):
    long = [text for text in sentences.values() if len(PLACE.sub("", text)) > 60]

    assert len(long) <= len(sentences) / 20, long


def test_japanese_words_are_those_of_the_product(sentences):
    for text in sentences.values():
        assert not NEVER.search(text), text
        assert not NO_DECLARATION.search(text), text


@pytest.mark.parametrize("path", files("*.html", "*.txt"), ids=lambda path: path.name)
def test_templates_keep_to_the_words_too(path):
    text = re.sub(r"(?i)<!doctype|\{#.*?#\}", "", path.read_text("utf-8"))

    assert not NEVER.search(text)
    assert not NO_DECLARATION.search(text)


@pytest.mark.parametrize("path", files("*.html"), ids=lambda path: path.name)
def test_pages_say_nothing_outside_the_catalogue(path):
    text = path.read_text("utf-8").replace("日本語", "")  # the button that leads to Japanese

    assert not JAPANESE.search(text)


def test_english_sentences_are_plain(sentences):
    for message in sentences:
        assert not JAPANESE.search(message)
        assert not re.search(r"\bplease\b", message, re.IGNORECASE), message
