import copy

import pytest
import yaml

from ratings import policy
from ratings.policy import POLICIES, BadPolicy

STANDARD = yaml.safe_load((POLICIES / "tasuki-2026.1.yaml").read_text(encoding="utf-8"))


def at(raw, pointer):
    """The container and the last step of a pointer."""
    *steps, last = pointer.strip("/").split("/")
    for step in steps:
        raw = raw[int(step)] if isinstance(raw, list) else raw[step]
    return raw, int(last) if isinstance(raw, list) else last


def changed(pointer, value):
    raw = copy.deepcopy(STANDARD)
    container, last = at(raw, pointer)
    container[last] = value
    return raw


def without(pointer):
    raw = copy.deepcopy(STANDARD)
    container, last = at(raw, pointer)
    del container[last]
    return raw


BAD = [
    pytest.param(changed("person", 900), "", "99.00 points together", id="weights below 100"),
    pytest.param(changed("basics/0/points", 401), "", "100.01 points", id="weights above 100"),
    pytest.param(without("levels/C/3"), "/levels/C", "3 entries here where 4", id="missing cell"),
    pytest.param(without("levels/E"), "/levels", "Missing here: E", id="missing row"),
    pytest.param(changed("levels/A/0", "lowest"), "/levels/A/0", "lowest", id="unknown level"),
    pytest.param(
        changed("proof/certificates/isso", {}), "/proof/certificates", "isso", id="unknown scheme"
    ),
    pytest.param(without("items/7"), "/items", "24 entries here where 25", id="missing item"),
    pytest.param(changed("items/7/number", 26), "/items/7/number", "26", id="unknown item"),
    pytest.param(changed("items/7/number", 7), "/items/7/number", "second time", id="item twice"),
    pytest.param(changed("basics/4/item", 1), "/basics/4/item", "second time", id="basic twice"),
    pytest.param(
        changed(
            "items/0/points", {"done": 208, "partly": 104, "not_done": 0, "unknown": 0, "n": 1}
        ),
        "/items/0/points",
        "Not known here: n",
        id="unknown value",
    ),
    pytest.param(
        changed("items/0/points/partly", 209), "/items/0/points", "never bring less", id="order"
    ),
    pytest.param(
        changed("items/0/points/unknown", -1), "/items/0/points/unknown", "-1", id="negative"
    ),
    pytest.param(
        changed("items/0/points/unknown", 10), "/items/0/points", "honesty", id="unknown pays"
    ),
    pytest.param(
        changed("items/0/points/done", 208.0), "/items/0/points/done", "integer", id="fraction"
    ),
    pytest.param(changed("person", True), "/person", "integer", id="truth as points"),
    pytest.param(
        changed("grades/1/begins_at", 8000), "/grades/1/begins_at", "overlap", id="overlap"
    ),
    pytest.param(changed("grades/0/grade", "B"), "/grades", "in this order", id="grade twice"),
    pytest.param(changed("grades/4/begins_at", 1), "/grades/4/begins_at", "0.00", id="no grade"),
    pytest.param(
        changed("levels/D/3", "low"), "/levels/D/3", "never lower", id="exposure that helps"
    ),
    pytest.param(
        changed("levels/B/0", "medium"), "/levels/C/0", "lower level", id="worse grade helps"
    ),
    pytest.param(
        changed("proof/unchecked_most", 1900), "/proof/unchecked_most", "more than", id="cap"
    ),
    pytest.param(
        changed("proof/certificates/isms/points/document", 100),
        "/proof/certificates/isms/points/document",
        "less than the 2.00 of named",
        id="a document that costs",
    ),
    pytest.param(
        changed("confidence/stale_months", 6), "/confidence/stale_months", "fresh", id="months"
    ),
    pytest.param(
        changed("confidence/many_unknowns", 2), "/confidence/many_unknowns", "few", id="unknowns"
    ),
    pytest.param(without("version"), "", "Missing here: version", id="no version"),
    pytest.param([], "", "object", id="no mapping"),
    pytest.param(None, "", "object", id="empty"),
]


@pytest.mark.parametrize(("raw", "pointer", "says"), BAD)
def test_a_bad_policy_is_refused_with_a_pointer_and_a_sentence(raw, pointer, says):
    with pytest.raises(BadPolicy) as refusal:
        policy.load(raw)

    faults = refusal.value.faults
    assert any(fault.pointer == pointer and says in fault.detail for fault in faults)
    assert all(fault.detail.endswith(".") for fault in faults)


def test_all_that_is_wrong_is_told_at_once():
    raw = changed("person", 900)
    raw["grades"][1]["begins_at"] = 9000
    raw["basics"][1]["item"] = 1

    with pytest.raises(BadPolicy) as refusal:
        policy.load(raw)

    pointers = {fault.pointer for fault in refusal.value.faults}
    assert pointers == {"", "/grades/1/begins_at", "/basics/1/item"}


@pytest.mark.parametrize("content", [b"key: [", b"\xff\xfe", b"plain text"])
def test_a_file_that_is_no_policy_is_refused(tmp_path, content):
    path = tmp_path / "policy.yaml"
    path.write_bytes(content)

    with pytest.raises(BadPolicy):
        policy.read(path)


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_policy_of_ours_holds_and_is_named_like_its_file(path):
    read = policy.read(path)

    assert f"{read.key}-{read.version}" == path.stem


def test_the_digest_follows_the_content_alone():
    shuffled = dict(reversed(copy.deepcopy(STANDARD).items()))

    assert policy.load(shuffled).digest == policy.standard().digest
    assert policy.load(changed("version", "2026.2")).digest != policy.standard().digest
    # A published version never changes: a new weighing is a new file.
    assert policy.standard().digest == (
        "7db6d34765bfe5bca2a45d011cdc1d8a893dd557aac4d6049d36965c8e76b561"
    )
