"""What is known of each scheme, and what is said about a certificate that looks odd."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings import policy, wording
from suppliers import certificates, doubting
from suppliers.certificates import BY_CHECKER, SECURITY_ACTION, Printed, Scheme, Step
from suppliers.normalising import Unreadable
from suppliers.registries import REGISTRIES

TODAY = date(2026, 4, 1)
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
NARROW = "10123456(05)"
PMARKS = [
    NARROW, NARROW.translate(WIDE), "10123456(05)".replace("(", "("), "10123456(5)",
    "第10123456(05)号", "第10123456(05)号".translate(WIDE), "10-123456(05)", "10-123456-(05)",
    "10 123456 (05)", "10ー123456(05)", "No.10123456(05)", "#10123456(05)", " 10123456(05) ",
    "第 10123456 (05) 号",
]  # fmt: skip
DECLARED = [
    "40123456789", "40123456789".translate(WIDE), "4012-3456-789", "4012 3456 789",
    "No.40123456789", "40123456789号", "401-2345-6789", " 40123456789",
]  # fmt: skip
GOOD_ISMS = Printed(
    Scheme.ISMS, "IS 123456", "JQA", "本社と工場", "2022", "ISMS-AC",
    date(2025, 4, 1), date(2028, 3, 31),
)  # fmt: skip


def codes(printed, *, shown=True, **more):
    found = doubting.doubts(printed, shown=shown, today=TODAY, **more)
    return [each.code for each in found]


@pytest.mark.parametrize("text", PMARKS)
def test_a_privacy_marks_number_is_read_however_it_is_written(text):
    assert certificates.number(Scheme.PMARK, text) == NARROW


@pytest.mark.parametrize("text", DECLARED)
def test_a_declarations_number_is_read_however_it_is_written(text):
    assert certificates.number(Scheme.SECURITY_ACTION_2, text) == "40123456789"


def test_the_grant_count_may_be_missing():
    assert certificates.number(Scheme.PMARK, "10123456") == "10123456"
    assert codes(Printed(Scheme.PMARK, "10123456", valid_until=date(2027, 1, 1))) == []


@pytest.mark.parametrize("text", ["A820123(02)", "1012345", "ABC", "10123456(005)", "101234567"])
def test_another_number_stays_as_it_is_and_is_doubted(text):
    kept = certificates.number(Scheme.PMARK, text)

    assert kept == text
    assert "number-format" in codes(Printed(Scheme.PMARK, kept))


@pytest.mark.parametrize("text", ["30123456789", "4012345678", "501234567890", "abc"])
def test_a_declarations_number_is_a_hint_only(text):
    kept = certificates.number(Scheme.SECURITY_ACTION_1, text)

    assert "number-format" in codes(Printed(Scheme.SECURITY_ACTION_1, kept))


@pytest.mark.parametrize("number", ["40123456789", "50123456789"])
def test_numbers_of_before_and_after_april_2026_are_fine(number):
    assert codes(Printed(Scheme.SECURITY_ACTION_1, number), shown=False) == []


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("2022", "2022"),
        ("ISO/IEC 27001:2022", "2022"),
        ("JIS Q 27001:2023", "2022"),
        ("ISO/IEC 27001:2022(JIS Q 27001:2023)", "2022"),
        ("ISO/IEC 27001:2013", "2013"),
        ("JIS Q 27001:2014", "2013"),
        ("2013".translate(WIDE), "2013"),
        ("JIS Q 27001:2006", "2005"),
        ("2031", "2031"),
        ("第三版", "第三版"),
        ("", None),
        (None, None),
    ],
)
def test_editions_are_those_of_the_international_standard(text, edition):
    assert certificates.edition(Scheme.ISMS, text) == edition


def test_a_complete_certificate_raises_no_doubt():
    assert codes(GOOD_ISMS) == []


def test_of_an_isms_the_body_scope_edition_and_accreditation_are_asked():
    assert codes(Printed(Scheme.ISMS), shown=False) == [
        "body-missing", "scope-missing", "edition-missing", "accreditation-missing",
        "valid-until-missing", "document-missing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "more", "code"),
    [
        (Printed(Scheme.ISMS, edition="2013", valid_until=date(2027, 1, 1)), {}, "edition-void"),
        (Printed(Scheme.ISMS, edition="2031"), {}, "edition-unknown"),
        (Printed(Scheme.PMARK, issued_on=date(2026, 4, 2)), {}, "issued-in-future"),
        (Printed(Scheme.PMARK, valid_until=date(2026, 3, 31)), {}, "expired"),
        (Printed(Scheme.PMARK), {"pending_until": date(2026, 3, 31)}, "expired"),
        (Printed(Scheme.SECURITY_ACTION_1), {}, "number-missing"),
        (Printed(Scheme.SECURITY_ACTION_1, valid_until=TODAY), {}, "valid-until-unusual"),
        (Printed(Scheme.SECURITY_ACTION_1), {"reconfirm_on": TODAY}, "reconfirmation-due"),
        (Printed(Scheme.OTASUKETAI), {}, "body-missing"),
        (Printed(Scheme.SOC2), {"shown": False}, "document-missing"),
        (
            Printed(Scheme.PMARK, issued_on=date(2025, 4, 1), valid_until=date(2027, 4, 2)),
            {},
            "span-unusual",
        ),
    ],
)
def test_what_is_odd_is_a_warning(printed, more, code):
    assert code in codes(printed, **more)


@pytest.mark.parametrize(("scheme", "years"), certificates.USUAL_YEARS.items())
def test_the_usual_validity_is_no_doubt_to_the_day(scheme, years):
    issued = date(2026, 1, 15)
    usual = Printed(scheme, issued_on=issued, valid_until=issued.replace(year=2026 + years))

    assert "span-unusual" not in codes(usual)


@given(st.dates(), st.dates())
def test_an_end_before_the_beginning_is_refused(issued_on, valid_until):
    if issued_on <= valid_until:
        certificates.check_span(issued_on, valid_until)
    else:
        with pytest.raises(Unreadable) as refusal:
            certificates.check_span(issued_on, valid_until)
        assert refusal.value.code == "before-issued"


@pytest.mark.parametrize("printed_end", [None, date(2025, 9, 30), date(2027, 3, 31)])
def test_the_edition_of_2013_ended_whatever_is_printed(printed_end):
    printed = Printed(Scheme.ISMS, edition="2013", valid_until=printed_end)

    assert certificates.ends_on(printed) == min(printed_end or date.max, date(2025, 10, 30))


@given(st.sampled_from(Scheme), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_a_certificate_is_foretold_twice_and_ends_the_day_after(scheme, last):
    found = certificates.steps(scheme, last, None)

    early = (240, 135) if scheme is Scheme.PMARK else (90, 14)
    assert found == [
        *((last - timedelta(days), Step.EXPIRING) for days in early),
        (last + timedelta(1), Step.EXPIRED),
    ]


def test_a_declaration_is_asked_about_yearly():
    found = certificates.steps(Scheme.SECURITY_ACTION_2, None, date(2028, 2, 29))

    assert found[:2] == [
        (date(2028, 2, 29), Step.RECONFIRM),
        (date(2029, 2, 28), Step.RECONFIRM),
    ]


def test_what_is_said_here_is_what_the_policy_and_the_rating_know():
    proof = policy.standard().proof

    assert [scheme.value for scheme in Scheme] == list(wording.SCHEMES)
    others = set(wording.SCHEMES) - set(proof.certificates) - set(proof.declarations)
    assert {scheme.value for scheme in BY_CHECKER} == others
    assert proof.by_checker_most == certificates.MOST_POINTS
    assert {scheme.value for scheme in SECURITY_ACTION} <= set(proof.declarations)


def test_registries_are_named_in_both_languages_and_reached_safely():
    assert set(REGISTRIES) <= {scheme.value for scheme in Scheme}
    assert {"isms", "pmark", "security_action_1"} <= set(REGISTRIES)
    for registry in REGISTRIES.values():
        assert registry.name.keys() == {"ja", "en"}
        assert registry.url.startswith("https://")
