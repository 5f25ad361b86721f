import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import parsing, reading, validating
from questionnaires.validating import Wrong, check, clean, missing

IPA, PROFILE = (parsing.parse(reading.read(path)) for path in reading.files())


def number_of(name):
    return PROFILE.named(name).number


def codes(checked):
    return [(problem.number, problem.code) for problem in checked.problems]


def test_good_answers_are_kept_and_gaps_are_no_problem_before_the_end():
    checked = check(IPA, {1: "done", 4: "unknown", 5: ""})

    assert checked.values == {1: "done", 4: "unknown"}
    assert checked.problems == ()


def test_gaps_are_problems_at_the_end_in_the_items_order():
    checked = check(IPA, dict.fromkeys(range(1, 24), "done"), complete=True)

    assert codes(checked) == [(24, "missing"), (25, "missing")]


def test_a_wrong_value_is_told_once_and_not_as_a_gap_too():
    checked = check(IPA, dict.fromkeys(range(1, 26), "done") | {4: "maybe"}, complete=True)

    assert codes(checked) == [(4, "not-an-option")]
    assert 4 not in checked.values


def test_items_of_another_page_are_not_taken():
    checked = check(IPA, {1: "done", 6: "done"}, items=IPA.pages[0].items)

    assert checked.values == {1: "done"}
    assert codes(checked) == [(6, "unknown-item")]


@given(st.dictionaries(st.integers(1, 25), st.text()))
def test_whatever_is_given_is_kept_as_an_option_or_is_a_problem(given_values):
    checked = check(IPA, given_values)

    assert all(IPA.item(number).option(value) for number, value in checked.values.items())
    blank = {number for number, value in given_values.items() if not value.strip()}
    told = {problem.number for problem in checked.problems}
    assert set(given_values) - blank <= set(checked.values) | told


@pytest.mark.parametrize("values", [{}, {"security_person": "nobody"}])
def test_a_name_is_asked_only_where_somebody_is_in_charge(values):
    given_values = {number_of(name): value for name, value in values.items()}

    asked = {item.name for item in missing(PROFILE, given_values)}

    assert "security_person_name" not in asked


@pytest.mark.parametrize("value", ["dedicated", "part_time"])
def test_somebody_in_charge_has_a_name(value):
    checked = check(PROFILE, {number_of("security_person"): value}, complete=True)

    assert codes(checked) == [(number_of("security_person_name"), "missing")]


def test_only_the_person_in_charge_is_required():
    checked = check(PROFILE, {number_of("security_person"): "nobody"}, complete=True)

    assert checked.problems == ()


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [("3", 3), ("３", 3), (" 1,2００ ", 1200), ("１　２", 12), ("", None), ("  ", None)],
)
def test_numbers_are_read_however_wide_they_are_written(given_value, kept):
    assert clean(PROFILE.named("sites"), given_value) == kept


@pytest.mark.parametrize(
    ("given_value", "code"),
    [
        ("三", "not-a-number"),
        ("-1", "not-a-number"),
        ("1.5", "not-a-number"),
        ("1" * 400, "not-a-number"),
        ("0", "out-of-range"),
        ("10000", "out-of-range"),
    ],
)
def test_what_is_no_number_of_sites_is_refused(given_value, code):
    with pytest.raises(Wrong) as refusal:
        clean(PROFILE.named("sites"), given_value)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        ("03-1234-5678", "03-1234-5678"),
        ("０３－１２３４－５６７８", "03-1234-5678"),
        ("03ー1234ー5678", "03-1234-5678"),
        ("03ｰ1234ｰ5678", "03-1234-5678"),
        ("03‐1234–5678", "03-1234-5678"),
        ("03−1234—5678", "03-1234-5678"),
        ("(03) 1234 5678", "03-1234-5678"),
        ("03(1234)5678", "03-1234-5678"),
        ("０９０　１２３４　５６７８", "090-1234-5678"),
        ("0312345678", "0312345678"),
        ("+81-3-1234-5678", "+81-3-1234-5678"),
        ("＋８１ ３ １２３４ ５６７８", "+81-3-1234-5678"),
    ],
)
def test_telephone_numbers_are_read_however_they_are_written(given_value, kept):
    assert clean(PROFILE.named("emergency_phone"), given_value) == kept


@pytest.mark.parametrize("given_value", ["1234", "代表", "03-1234-567", "+0312345678", "0" * 12])
def test_what_is_no_telephone_number_is_refused(given_value):
    with pytest.raises(Wrong, match="not-a-telephone"):
        clean(PROFILE.named("emergency_phone"), given_value)


@given(st.from_regex(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}", fullmatch=True))
def test_a_clean_telephone_number_stays_clean(spelled):
    item = PROFILE.named("emergency_phone")
    try:
        once = clean(item, spelled)
    except Wrong:
        return

    assert clean(item, once) == once


def test_several_choices_stand_in_the_options_order_each_once():
    kept = clean(PROFILE.named("business_risks"), ["supply", "leak", "supply", ""])

    assert kept == ["leak", "supply"]


@pytest.mark.parametrize(
    ("name", "given_value", "code"),
    [
        ("business_risks", ["leak", "none"], "alone"),
        ("business_risks", ["leak", "war"], "not-an-option"),
        ("education", ["regular", "none"], "several"),
        ("education", "yes", "not-an-option"),
        ("security_person_name", "あ" * 101, "too-long"),
        ("subcontractors", "あ" * 501, "too-long"),
        ("security_person_name", "山田\n太郎", "unreadable"),
    ],
)
def test_each_kind_refuses_what_it_cannot_keep(name, given_value, code):
    checked = check(PROFILE, {number_of(name): given_value})

    assert codes(checked) == [(number_of(name), code)]


def test_lines_keep_their_lines_with_one_kind_of_end():
    kept = clean(PROFILE.named("subcontractors"), " 株式会社ア\r\n有限会社イ\rウ商店\n")

    assert kept == "株式会社ア\n有限会社イ\nウ商店"


def test_names_stay_as_they_were_typed():
    assert clean(PROFILE.named("security_person_name"), "　𠮷田　ﾊﾅｺ ") == "𠮷田　ﾊﾅｺ"


@given(
    st.sampled_from(PROFILE.items),
    st.sampled_from("\x00\x07\x1b\x7f\x85\u2028\u202e\u2066\ud800\udfff"),
)
def test_no_item_takes_what_cannot_be_shown(item, odd):
    with pytest.raises(Wrong):
        clean(item, f"a{odd}b")


@given(st.text(), st.integers(1, 50))
def test_a_text_is_kept_whole_or_refused_and_stays_as_kept(given_value, most):
    try:
        once = validating.text(given_value, most=most)
    except Wrong:
        return

    assert len(once) <= most
    assert validating.text(once, most=most) == once


def test_what_is_about_a_person_and_what_was_not_asked_is_never_frozen():
    values = {
        number_of("security_person"): "part_time",
        number_of("security_person_name"): "山田 花子",
        number_of("security_person_title"): "総務課長",
        number_of("emergency_phone"): "03-1234-5678",
        number_of("spending"): "0",
        number_of("incident"): "no",
        number_of("incident_kinds"): ["malware"],
    }

    frozen = PROFILE.to_freeze(values)

    assert frozen == {"security_person": "part_time", "spending": "0", "incident": "no"}


def test_spending_and_damage_are_shown_to_nobody():
    frozen = {"spending": "0", "incident_damage": "0", "incident": "yes"}

    assert PROFILE.to_show(frozen) == {"incident": "yes"}
