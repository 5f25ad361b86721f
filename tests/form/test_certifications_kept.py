"""S6 under two people, lost sessions and hostile input: nothing is overwritten, nothing lost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Submission
from suppliers.models import Certification, State
from tests.factories import CertificationFactory
from tests.form.certificates import ADD, LIST, of
from tests.form.conftest import assert_typed, come_in, inside, wide

pytestmark = pytest.mark.django_db


def test_pressing_twice_names_it_once(browser, at):
    page = browser.open(at(ADD + "pmark"))
    for _ in range(2):
        browser.page = page
        browser.press(number=wide("10123456(05)"), valid_until="R9.3")

    assert Certification.objects.count() == 1


def test_two_browsers_on_one_certificate_the_second_is_told(assessment, at, named):
    row = named()
    first, second = come_in(assessment), inside(assessment)
    for each in (first, second):
        each.open(at(of(row)))
    first.press(number="10123456(06)")

    page = second.press(number="10123456(07)", note="後の補足")

    assert page.status == 409
    assert "10123456(06)" in page.text
    assert page.value("number") == "10123456(07)"
    row.refresh_from_db()
    assert row.number == "10123456(06)"
    second.press()
    row.refresh_from_db()
    assert (row.number, row.note) == ("10123456(07)", "後の補足")


def test_two_browsers_on_one_choice_the_second_is_asked(assessment, at):
    first, second = come_in(assessment), come_in(assessment)
    for each in (first, second):
        each.open(at(LIST))
    first.press(isms="none")

    page = second.press(isms="unknown", pmark="none")

    assert page.faults() == ["#isms_1"]
    assert "ほかの人が先に「取得していない」を選びました" in page.text
    assessment.refresh_from_db()
    assert assessment.holdings == {"isms": "none", "pmark": "none"}
    second.press()
    assessment.refresh_from_db()
    assert assessment.holdings["isms"] == "unknown"


def test_the_overview_and_the_check_tell_how_far_it_is(browser, at, assessment):
    assert "認証・宣言 未回答" in browser.open(at()).text
    browser.open(at(LIST))
    browser.press("pause", isms="unknown")
    assert "認証・宣言 回答中" in browser.page.text
    browser.open(at(LIST))
    browser.press(security_action="security_action_1", pmark="none", scs="none", other="none")

    assert "認証・宣言 回答済み" in browser.open(at()).text
    check = browser.open(at("check"))
    assert "SECURITY ACTION 一つ星" in check.text
    place = next(each for each in check.links if f"/{LIST}?from=check#certification_" in each)
    browser.open(place)
    assert browser.press().address == at("check")


def test_what_was_chosen_is_frozen_with_the_answers(answered):
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/{LIST}")
    browser.press(isms="none", scs="unknown")
    browser.open(f"/f/{answered.public_id}/submit")
    browser.press(name="山田", title="社長", email="y@y.example", confirmed="yes")

    assert Submission.objects.get().content["holdings"] == {"isms": "none", "scs": "unknown"}
    assert browser.open(f"/f/{answered.public_id}/{ADD}isms").address.endswith("/receipt")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (LIST, {"isms": "unknown", "declaration_id": "41234567890"}),
        (ADD + "isms", {"number": "A-1", "scope": "本社\r\n工場", "valid_until": "R9.3"}),
    ],
)
def test_lost_tokens_sessions_and_languages_keep_the_input(browser, at, name, typed, mailed_code):
    browser.open(at(name))
    browser.page.fields["csrfmiddlewaretoken"] = ["x" * 64]
    page = browser.press(**typed)
    assert page.status == 403
    assert_typed(page, typed)

    assert_typed(browser.speak("en"), typed)
    assert_typed(browser.speak("ja"), typed)
    browser.lose_session()
    mailed_code(browser.press)

    assert_typed(browser.page, typed)
    assert not Certification.objects.exists()


def test_a_lost_session_shows_nothing_that_is_stored(browser, at, named, mailed_code):
    row = named(number="10123456(05)", note="内緒の補足")
    page = browser.open(at(LIST))
    browser.lose_session()
    browser.page = page
    mailed_code(lambda: browser.press(isms="none"))

    assert "10123456" not in browser.page.html
    browser.page.address = at(of(row))
    assert "内緒の補足" not in browser.press().html


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (LIST, {"isms": "pmark"}),
        (LIST, {"isms": "a\x00b"}),
        (LIST, {"security_action": "security_action_1", "declaration_id": "1\x002"}),
        (LIST, {"iso": "x"}),
        (ADD + "isms", {"number": "a\x00b"}),
        (ADD + "isms", {"scope": "a\x1bb"}),
    ],
)
def test_what_no_browser_sends_is_refused_and_nothing_is_kept(browser, at, name, changes):
    browser.open(at(name))

    assert browser.press(**changes).status == 400
    assert not Certification.objects.exists()


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 90, "あ" * 101, "😀" * 101], ids=["salute", "kana", "emoji"]
)
def test_what_grows_when_it_is_made_narrow_is_told(browser, at, text):
    browser.open(at(ADD + "isms"))
    assert browser.press(number=text, edition=text).faults() == ["#id_number", "#id_edition"]
    browser.open(at(LIST))
    page = browser.press(security_action="security_action_1", declaration_id=text)

    assert page.faults() == ["#security_action_1"]
    assert page.value("declaration_id") == text


@pytest.mark.parametrize(
    "query", ["", "?of=x", "?group=x", "?renews=x", "?renews=" + "0" * 32, "?of=%00"]
)
def test_an_odd_address_is_not_found(browser, at, query):
    assert browser.open(at(f"{LIST}/add{query}")).status == 404


def test_another_supplier_s_certificate_is_not_found(browser, at):
    theirs = CertificationFactory.create()

    for action in ("", "/remove"):
        assert browser.open(at(of(theirs, action))).status == 404
    assert browser.open(at(f"{LIST}/add?renews={theirs.public_id}")).status == 404
    row = Certification.objects.get()
    assert row.state == State.DECLARED


def test_a_declaration_is_confirmed_after_a_year(browser, at, named):
    row = named(scheme="security_action_1", number="41234567890", reconfirm_on=date(2026, 1, 1))
    assert "宣言から1年が過ぎました。" in browser.open(at(LIST)).text

    browser.open(at(of(row)))
    browser.press("reconfirm")

    row.refresh_from_db()
    assert row.reconfirm_on > timezone.localdate()


def test_an_end_before_the_beginning_is_a_fault_of_the_day(browser, at, named):
    row = named(issued_on=date(2026, 4, 1))
    browser.open(at(of(row)))

    page = browser.press(valid_until="2025-04-01")

    assert page.faults() == ["#id_valid_until"]
    assert page.value("valid_until") == "2025-04-01"


@pytest.mark.parametrize("name", ["", LIST, "check"])
def test_a_page_takes_as_many_queries_with_many_certificates(assessment, at, named, name):
    browser = inside(assessment)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert browser.open(at(name)).status == 200
        counts.append(len(caught))
        for scheme in ("isms", "pmark", "tisax", "soc2"):
            named(scheme=scheme)

    few, many = counts
    assert many <= few + 1  # their documents, once there is a certificate
