"""S6: what a supplier holds, one certificate a page, doubts as warnings and not as refusals."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.models import Status
from suppliers import checking
from suppliers.checking import Check
from suppliers.models import Certification, Evidence, State
from suppliers.writing import By
from tests.evidence import making
from tests.form.certificates import ADD, LIST, a_file, of
from tests.form.conftest import assert_typed, wide

pytestmark = pytest.mark.django_db


def test_a_declaration_is_named_on_the_page_itself(browser, at, assessment):
    browser.open(at(LIST))

    page = browser.press(security_action="security_action_2", declaration_id=wide("61234567890"))

    row = Certification.objects.get()
    assert (row.scheme, row.number, row.source) == ("security_action_2", "61234567890", "supplier")
    assert row.steps.get().actor == assessment.supplier_actor().plain()
    assert page.address == at("company")
    listed = browser.open(at(LIST)).text
    assert "SECURITY ACTION" in listed
    assert "けたです" not in listed  # its first digit is not judged
    assessment.refresh_from_db()
    assert assessment.status == Status.STARTED


def test_what_is_held_leads_to_a_page_for_each(browser, at):
    browser.open(at(LIST))

    assert browser.press(isms="isms", pmark="pmark", scs="unknown").address == at(f"{LIST}/add")
    assert "ISMS" in browser.page.title
    browser.press(
        number="JQA-IM0001",
        body="日本品質保証機構",
        scope="本社\r\n第二工場",
        edition="JIS Q 27001:2023",
        valid_until="令和9年３月",
        note="更新の予定あり",
    )
    assert "プライバシーマーク" in browser.page.title
    page = browser.press(number=wide("10123456(05)"), valid_until="2030.4.1")

    assert page.address == at(LIST)
    isms, pmark = Certification.objects.order_by("pk")
    assert (isms.edition, isms.valid_until) == ("2022", date(2027, 3, 31))
    assert isms.scope == "本社\n第二工場"
    assert (pmark.number, pmark.valid_until) == ("10123456(05)", date(2030, 4, 1))
    assert {"JQA-IM0001", "10123456(05)", "2027年3月31日"} <= set(page.text.split())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2027-03-31", date(2027, 3, 31)),
        ("２０２７年３月", date(2027, 3, 31)),
        ("R9.3.31", date(2027, 3, 31)),
        ("令和元年12月1日", date(2019, 12, 1)),
        ("2028/2", date(2028, 2, 29)),
        ("20270331", date(2027, 3, 31)),
        ("31 March 2027", date(2027, 3, 31)),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(browser, at, typed, expected):
    browser.open(at(ADD + "pmark"))

    browser.press(valid_until=typed)

    assert Certification.objects.get().valid_until == expected


@pytest.mark.parametrize("typed", ["いつか", "2027-02-30", "27/3/31", "1900-01-01", "令和99年"])
def test_a_day_that_cannot_be_read_keeps_all_that_was_typed_and_sent(browser, at, typed):
    browser.open(at(ADD + "isms"))
    fields = {"number": "A-1", "body": "機関", "scope": "一行\r\n二行", "note": "補足"}

    page = browser.press(valid_until=typed, file=a_file(), **fields)

    assert page.status == 200
    assert page.title.startswith("エラー:")
    assert page.faults() == ["#id_valid_until"]
    assert_typed(page, fields | {"valid_until": typed})
    assert not Certification.objects.exists()
    assert page.value("document") == str(Evidence.objects.get().public_id)
    browser.press(valid_until="2030-01-01")
    assert Certification.objects.get().evidence.get().name == "登録証.pdf"


def test_an_ended_certificate_is_a_warning_and_no_error(browser, at):
    browser.open(at(ADD + "pmark"))

    page = browser.press(number="10123456(05)", valid_until="R6.3")

    assert page.address == at(LIST)
    warning = "有効期限が過ぎています。更新中なら、その旨を補足に書いてください。"
    assert warning in page.text
    assert "エラー" not in page.title


def test_odd_numbers_are_warnings(browser, at, named):
    named(scheme="security_action_1", number="123")
    named(scheme="pmark", number="ABC")
    named(scheme="isms", edition="2013")

    page = browser.open(at(LIST))

    assert "11けたです" in page.text
    assert "8けたです" in page.text
    assert "2013年版は" in page.text


def test_words_tell_declarations_from_what_is_obtained(browser, at):
    text = browser.open(at(LIST)).text

    assert "一つ星を宣言している" in text
    assert "取得している" in text
    assert "認定" not in text
    assert "星を取得" not in text


def test_what_was_checked_is_shown_and_cannot_be_changed(browser, at, named, assessment):
    row = named(number="10123456(05)")
    by = By(assessment.supplier_actor(), timezone.now())
    page = browser.open(at(of(row)))
    checking.verify(row, Check(covers=True, note="見ました"), by=by)

    changed = browser.press(number="99999999(01)", note="書きかけ")
    assert changed.status == 409
    assert changed.value("note") == "書きかけ"
    assert browser.open(at(of(row))).address == at(LIST)
    listed = browser.page
    assert f"{assessment.contractor.name}が確認済みです。" in listed.text
    assert at(of(row)) not in listed.links
    browser.page = page
    browser.page.address = at(of(row, "/remove"))
    browser.press()
    row.refresh_from_db()
    assert (row.state, row.number) == (State.VERIFIED, "10123456(05)")


def test_a_checked_one_is_renewed_by_a_new_one(browser, at, named):
    old = named(state=State.VERIFIED, valid_until=date(2026, 1, 31))
    listed = browser.open(at(LIST))
    link = next(each for each in listed.links if "renews=" in each)

    browser.open(link)
    assert browser.page.value("number") == "10123456(05)"
    browser.press(number="10123456(06)", valid_until="2030-01-31")

    new = Certification.objects.exclude(pk=old.pk).get()
    assert (new.follows, new.number, new.state) == (old, "10123456(06)", "declared")


def test_a_rejected_one_tells_its_reason(browser, at, named):
    named(state=State.REJECTED)

    page = browser.open(at(LIST))

    assert "理由:番号が違います。" in page.text
    assert "もう1件追加" in page.text


def test_a_certificate_is_changed_with_its_documents(browser, at):
    browser.open(at(ADD + "isms"))
    browser.press(number="A-1", file=[a_file("一.pdf"), a_file("二.pdf", making.pdf(2))])
    row = Certification.objects.get()
    first, second = row.evidence.order_by("pk")

    page = browser.open(at(of(row)))
    assert page.fields["document"] == [str(first.public_id), str(second.public_id)]
    browser.press(
        number="A-2", document=str(second.public_id), file=a_file("三.pdf", making.pdf(3))
    )

    row.refresh_from_db()
    assert row.number == "A-2"
    names = row.evidence.order_by("pk").values_list("name", flat=True)
    assert list(names) == ["二.pdf", "三.pdf"]


def test_an_earlier_document_is_chosen_instead_of_sent(browser, at):
    browser.open(at(ADD + "isms"))
    browser.press(file=a_file())
    earlier = str(Evidence.objects.get().public_id)

    browser.open(at(ADD + "pmark"))
    browser.press(earlier=earlier)

    assert Certification.objects.get(scheme="pmark").evidence.get().name == "登録証.pdf"
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"MZ", b"%PDF-1.7 broken"])
def test_a_file_that_is_not_taken_keeps_the_page(browser, at, content):
    browser.open(at(ADD + "isms"))

    page = browser.press(number="A-1", file=a_file("証.pdf", content))

    assert page.faults() == ["#file"]
    assert page.value("number") == "A-1"
    assert "「証.pdf」:" in page.text
    assert not Certification.objects.exists()


def test_removing_asks_once_and_the_question_stands_again(browser, at, named, assessment):
    browser.open(at(LIST))
    browser.press(security_action="security_action_1")
    row = Certification.objects.get()

    page = browser.open(at(of(row, "/remove")))
    row.refresh_from_db()
    assert row.state == State.DECLARED
    assert "この登録を削除しますか" in page.text
    listed = browser.press()

    row.refresh_from_db()
    assert row.state == State.WITHDRAWN
    assert listed.address == at(LIST)
    assert "削除しました。" in listed.text
    assert listed.value("security_action") == ""
    assert browser.open(at(of(row, "/remove"))).status == 404


def test_another_one_is_chosen_from_a_list(browser, at):
    browser.open(at(f"{LIST}/add?group=other"))
    assert browser.press(number="X").faults() == ["#id_scheme"]
    assert browser.page.value("number") == "X"

    browser.press(scheme="tisax")

    assert Certification.objects.get().scheme == "tisax"
    browser.open(at(f"{LIST}/add?group=other"))
    assert browser.press(scheme="pmark").status == 400
