"""The official questionnaires as data: complete, plain, and what the facts say."""

import copy
import re
from collections import Counter

import pytest

from questionnaires import parsing, proofreading, reading
from questionnaires.content import canonical, digest
from questionnaires.errors import NotACatalogue

DOCUMENTS = {document["key"]: document for document in map(reading.read, reading.files())}
IPA = DOCUMENTS["ipa-self-diagnosis"]
PART_OF = dict.fromkeys(range(1, 6), 1) | dict.fromkeys(range(6, 19), 2)
PART_OF |= dict.fromkeys(range(19, 26), 3)
VALUES = {"done": 4, "partly": 2, "not_done": 0, "unknown": -1}
FORBIDDEN_JA = ("下請", "審査", "監査", "督促", "必ず", "至急", "違反", "御社", "認定", "!", "危険")
FORBIDDEN_EN = ("failure to", "fail to", "violat", "audit", "obligat", "offender", "!")


def texts(value, language, path=""):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, language, f"{path}/{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from texts(inner, language, f"{path}/{position}")
    elif path.endswith(f"/{language}"):
        yield path, value


def sentences(text):
    return re.findall(r"[^。]+。?", text)


# What the facts say.


def test_the_self_diagnosis_has_25_items_in_their_parts():
    assert {item["number"]: item["section"] for item in IPA["items"]} == PART_OF


def test_every_item_of_the_self_diagnosis_offers_the_same_four_points():
    for item in IPA["items"]:
        assert {option["value"]: option["points"] for option in item["options"]} == VALUES
        assert list(VALUES) == [option["value"] for option in item["options"]]


def test_the_published_arithmetic_is_written_in_the_data():
    scoring = IPA["scoring"]

    assert scoring["parts"] == {"1": 20, "2": 52, "3": 28}
    assert [(band["name"], band["least"]) for band in scoring["bands"]] == [
        ("100", 100),
        ("70-99", 70),
        ("50-69", 50),
        ("49-", -25),
    ]


def test_the_pages_are_the_four_topics():
    pages = [(page["title"]["ja"], page["first"], page["last"]) for page in IPA["pages"]]

    assert pages == [
        ("基本的対策", 1, 5),
        ("従業員としての対策 その1", 6, 12),
        ("従業員としての対策 その2", 13, 18),
        ("組織としての対策", 19, 25),
    ]


def test_one_star_is_about_the_first_five():
    assert [item["number"] for item in IPA["items"] if item.get("one_star")] == [1, 2, 3, 4, 5]


def test_the_crosswalk_names_no_requirement_exactly_where_there_is_none():
    none = {item["number"] for item in IPA["items"] if item["scs"]["strength"] == "none"}

    assert none == {16, 17}
    assert none == {item["number"] for item in IPA["items"] if not item["scs"]["requirements"]}


# What makes it plain.


def test_every_item_of_the_self_diagnosis_says_four_criteria_of_its_own_an_example_and_a_reason():
    criteria = Counter()
    for item in IPA["items"]:
        assert {"text", "topic", "example", "why", "evidence"} <= set(item)
        criteria.update(option["criterion"]["ja"] for option in item["options"])

    assert len(criteria) == 4 * 25


def test_the_guidance_of_an_item_is_read_at_a_glance():
    for item in IPA["items"]:
        guidance = [item[name]["ja"] for name in ("example", "evidence", "why")]

        assert sum(map(len, guidance)) <= 200, item["number"]


@pytest.mark.parametrize("key", DOCUMENTS)
def test_japanese_sentences_are_short(key):
    lengths = [len(s) for _, text in texts(DOCUMENTS[key], "ja") for s in sentences(text)]

    assert sum(length <= 60 for length in lengths) >= 0.95 * len(lengths)
    assert max(lengths) <= 80


@pytest.mark.parametrize("key", DOCUMENTS)
def test_both_languages_say_everything(key):
    japanese = {path.removesuffix("ja"): text for path, text in texts(DOCUMENTS[key], "ja")}
    english = {path.removesuffix("en"): text for path, text in texts(DOCUMENTS[key], "en")}

    assert set(japanese) == set(english)
    assert not [text for text in english.values() if re.search(r"[ぁ-んァ-ン一-龥]", text)]
    for place, text in japanese.items():
        assert re.search(r"[ぁ-んァ-ヶ一-龥]", text), place


@pytest.mark.parametrize("key", DOCUMENTS)
def test_the_words_blame_and_threaten_nobody(key):
    japanese = [text for _, text in texts(DOCUMENTS[key], "ja")]
    english = [text.lower() for _, text in texts(DOCUMENTS[key], "en")]

    assert not [text for text in japanese for word in FORBIDDEN_JA if word in text]
    assert not [text for text in english for word in FORBIDDEN_EN if word in text]


def test_questions_are_questions_and_reasons_are_reasons():
    for item in IPA["items"]:
        assert item["text"]["ja"].endswith(("か。",)), item["number"]
        assert item["text"]["en"].endswith("?"), item["number"]
        assert item["why"]["ja"].endswith("ためです。"), item["number"]


def test_the_profile_marks_what_is_about_a_person():
    items = parsing.parse(DOCUMENTS["supplier-profile"]).items

    personal = {item.name for item in items if item.personal}
    assert personal == {"security_person_name", "security_person_title", "emergency_phone"}
    assert {item.name for item in items if item.aggregate_only} == {"spending", "incident_damage"}
    assert {item.name for item in items if item.required} == {
        "security_person",
        "security_person_name",
    }


def test_the_profile_offers_the_industries_a_to_t():
    industry = parsing.parse(DOCUMENTS["supplier-profile"]).named("industry")

    assert "".join(option.value for option in industry.options) == "ABCDEFGHIJKLMNOPQRST"


# What a document may be.


@pytest.mark.parametrize("key", DOCUMENTS)
def test_parsing_loses_no_item_and_every_item_has_one_page(key):
    content = parsing.parse(DOCUMENTS[key])

    paged = [item.number for page in content.pages for item in page.items]
    assert paged == [item.number for item in content.items]
    assert [content.item(number).number for number in paged] == paged
    assert all(content.named(item.name) is item for item in content.items)


def test_a_number_or_name_that_is_not_there_is_told():
    content = parsing.parse(IPA)

    for number in (0, 26, -1):
        with pytest.raises(KeyError):
            content.item(number)
    with pytest.raises(KeyError):
        content.named("item_26")


def test_the_digest_does_not_depend_on_the_order_of_fields():
    turned = dict(reversed(IPA.items()))

    assert canonical(turned) == canonical(IPA)
    assert digest(turned) == digest(IPA)
    assert digest({**IPA, "version": "3.2"}) != digest(IPA)


def small():
    """The smallest scored document."""
    text = {"ja": "文", "en": "Text"}
    options = [
        {"value": "done", "label": text, "points": 4},
        {"value": "unknown", "label": text, "points": -1},
    ]
    item = {"section": 1, "kind": "choice", "required": True, "topic": text, "text": text}
    items = [item | {"number": n, "name": f"item_{n}", "options": options} for n in (1, 2)]
    return copy.deepcopy(
        {
            "key": "small",
            "version": "1",
            "title": text,
            "edition": text,
            "numbered": True,
            "scoring": {
                "least": -2,
                "most": 8,
                "parts": {"1": 8},
                "bands": [{"name": "4-", "least": 4}, {"name": "3-", "least": -2}],
                "unknown": "unknown",
            },
            "sections": [{"number": 1, "title": text}],
            "pages": [{"number": 1, "title": text, "first": 1, "last": 2}],
            "items": items,
        }
    )


def put(document, path, value):
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        document = document[step]
    document[last] = value


def test_the_smallest_document_is_good():
    assert proofreading.faults(small()) == []


@pytest.mark.parametrize(
    ("path", "value", "pointer", "says"),
    [
        ("note", "x", "", "The field 'note' is not known here; remove it."),
        ("items/1/weight", 2, "/items/1", "The field 'weight' is not known here; remove it."),
        ("title", {"ja": "題"}, "/title", "The field 'en' is missing; add it."),
        ("items/0/text", {"en": "Text"}, "/items/0/text", "The field 'ja' is missing; add it."),
        ("items/0/text/ja", "  ", "/items/0/text/ja", "must have the form"),
        ("items/0/options/0/points", "4", "/items/0/options/0/points", "must be a whole number"),
        ("items/0/options/0/points", 4.0, "/items/0/options/0/points", "must be a whole number"),
        ("items/0/options/0/points", True, "/items/0/options/0/points", "must be a whole number"),
        ("items/0/options/0/value", True, "/items/0/options/0/value", "must be text; put it in"),
        ("version", 1, "/version", "1 must be text; put it in quotes."),
        ("items/1/kind", "essay", "/items/1/kind", "'essay' must be one of: choice"),
        ("items/1/number", 1, "/items/1/number", "Number 1 stands where 2 is due"),
        ("items/1/name", "item_1", "/items/1/name", "'item_1' stands twice"),
        ("items/1/section", 2, "/items/1/section", "There is no section 2"),
        ("items/1/options/1/value", "done", "/items/1/options/1/value", "'done' stands twice"),
        ("items/1/kind", "text", "/items/1/options", "Options belong to choice and multiple"),
        ("items/1/kind", "multiple", "/scoring", "Only questionnaires of choices can be scored."),
        ("pages/0/last", 1, "/pages", "The pages end at item 1, the items at 2."),
        ("pages/0/first", 2, "/pages/0", "must begin with item 1"),
        ("pages/0/last", 3, "/pages", "The pages end at item 3, the items at 2."),
        ("scoring/most", 9, "/scoring/most", "The items reach 8; write that."),
        ("scoring/least", 0, "/scoring/least", "The items reach -2; write that."),
        ("scoring/parts", {"1": 7}, "/scoring/parts", "The sections can give {'1': 8}"),
        ("scoring/bands/1/least", 4, "/scoring/bands", "Bands go down"),
        ("scoring/unknown", "maybe", "/items/0/options", "The option 'maybe' is missing"),
        ("items/0/options/0", {"value": "done", "label": {"ja": "文", "en": "T"}},
         "/items/0/options/0/points", "Every option has points"),
        ("items/0/show_if", {"name": "item_2", "values": ["done"]}, "/items/0/show_if/name",
         "a choice that stands before it"),
        ("items/1/show_if", {"name": "item_1", "values": ["yes"]}, "/items/1/show_if/values",
         "'item_1' has no such option."),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_the_place_and_a_sentence(path, value, pointer, says):
    document = small()
    put(document, path, value)

    with pytest.raises(NotACatalogue) as refusal:
        reading.admit(document, source="small.yaml")

    told = [fault for fault in refusal.value.faults if fault.pointer == pointer]
    assert any(says in fault.detail for fault in told), str(refusal.value)
    assert all(fault.detail.endswith(".") for fault in refusal.value.faults)


def test_all_faults_are_told_at_once():
    document = small()
    put(document, "title", {"ja": "題"})
    put(document, "items/0/weight", 2)
    put(document, "items/1/kind", "essay")

    with pytest.raises(NotACatalogue) as refusal:
        reading.admit(document, source="small.yaml")

    assert {fault.pointer for fault in refusal.value.faults} == {
        "/title",
        "/items/0",
        "/items/1/kind",
    }


@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_what_is_no_document_at_all_is_refused(document):
    with pytest.raises(NotACatalogue, match="must be a group of named fields"):
        reading.admit(document, source="small.yaml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("key: a\nkey: b\n", "The key 'key' stands twice; keep one. (line 1"),
        ("title: {ja: a, yes: b}\n", "The key True must be text; put it in quotes."),
        ("title: {1: b}\n", "The key 1 must be text; put it in quotes."),
        ("title: [\n", "line 2"),
        ("key: !!python/object/apply:os.getcwd []\n", "could not determine a constructor"),
        ("items: [{options: [{value: yes}]}]\n", "True must be text; put it in quotes."),
        ("key: \x07\n", "broken characters"),
        ("{[a]: b}\n", "must be text; put it in quotes."),
    ],
)
def test_a_file_that_yaml_would_bend_is_refused(tmp_path, text, says):
    path = tmp_path / "small.yaml"
    path.write_text(text, "utf-8")

    with pytest.raises(NotACatalogue) as refusal:
        reading.read(path)

    assert says in str(refusal.value)


def test_a_file_of_another_encoding_is_refused(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_bytes("key: 質問".encode("cp932"))

    with pytest.raises(NotACatalogue, match="Save the file as UTF-8"):
        reading.read(path)
