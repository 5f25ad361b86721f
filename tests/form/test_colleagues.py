"""A colleague is asked for some answers by mail, and reads and writes these questions alone."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from assessments.models import Answer, Delegation, Mail
from suppliers.models import Contact
from tests.factories import AssessmentFactory, ContactFactory, DelegationFactory
from tests.form.browsing import Browser, Page
from tests.form.conftest import come_in, inside
from tests.sending import carry

pytestmark = pytest.mark.django_db

HANAKO = {
    "name": "鈴木花子",
    "email": "hanako@yamada.example",
    "question": ["3", "6"],
    "text": "倉庫のことをお願いします。",
}


def at(assessment, name=""):
    return f"/f/{assessment.public_id}/colleagues/{name}"


def send_mails():
    now, sent = timezone.now(), len(mail.outbox)
    carry(Mail.objects.select_related("contact").claim(now=now), now=now)
    return mail.outbox[sent:]


def link_in(letter):
    return "/q/" + re.search(r"/q/(\S+)", letter.body).group(1)


@pytest.fixture
def page(assessment):
    """A browser where a colleague is asked."""
    browser = come_in(assessment)
    [way] = [link for link in browser.page.links if link.endswith("/colleagues/")]
    browser.open(way)
    browser.open(at(assessment, "new"))
    return browser


def test_a_colleague_is_asked_answers_and_gives_back(page, assessment):
    page.press(**HANAKO)
    assert not Delegation.objects.exists()
    shown = page.page.text
    page.press()
    assert page.page.address == at(assessment)
    assert "未着手" in page.page.text
    [letter] = send_mails()
    unlinked = re.sub(r"http\S+/q/\S+", "(ここに、この方専用のリンクが入ります)", letter.body)
    assert " ".join(unlinked.split()) in shown
    assert letter.subject in shown

    other = Browser()
    first = other.open(link_in(letter))
    assert "山田太郎さんから、質問2問" in first.text
    assert HANAKO["text"] in first.text
    other.press()
    assert {name for name in other.page.names if name.startswith("item_")} == {"item_3", "item_6"}
    other.press("pause", item_3="done", comment_3="先月から")
    assert "保存しました" in other.page.text
    assert "回答中" in page.open(at(assessment)).text
    other.press(item_6="partly")
    assert other.page.address == "/given-back"

    listed = page.open(at(assessment)).text
    assert "回答済み" in listed
    assert "2問のうち2問" in listed
    assert page.page.buttons == []
    stored = Answer.objects.order_by("number").values_list("number", "value", "comment")
    assert list(stored) == [(3, "done", "先月から"), (6, "partly", "")]
    assert other.open(link_in(letter)).status == 404


def test_a_part_is_all_of_its_questions(page, assessment):
    page.press(name="鈴木", email="hanako@yamada.example", part=["1"], question=["6"])
    page.press()

    assert Delegation.objects.get().numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "changed",
    [{"text": "別の言葉"}, {"question": ["3"]}, {"email": "jiro@yamada.example", "name": "次郎"}],
)
def test_a_letter_that_was_changed_is_shown_before_it_leaves(page, changed):
    page.press(**HANAKO)

    page.press(**changed)

    # The address stands in no letter, but whom it greets does.
    assert not Delegation.objects.exists()
    page.press()
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"name": ""}, ["#id_name"]),
        ({"email": ""}, ["#id_email"]),
        ({"email": "hanako"}, ["#id_email"]),
        ({"question": []}, ["#id_part_1"]),
        ({"text": "長" * 201}, ["#id_text"]),
        ({"name": "長" * 101}, ["#id_name"]),
        ({"name": "鈴木\x00"}, ["#id_name"]),
    ],
)
def test_what_cannot_be_comes_back_as_it_was_typed(page, typed, faults):
    given = HANAKO | typed

    page.press(**given)

    assert page.page.faults() == faults
    assert page.page.title.startswith("エラー")
    for name in ("name", "email", "text"):
        assert page.page.value(name) == given[name]
    assert page.page.fields.get("question", []) == given["question"]


@pytest.mark.parametrize("strange", [{"question": ["99"]}, {"part": ["x"]}, {"part": ["-1"]}])
def test_questions_that_are_not_there_are_refused(page, strange):
    page.press(**HANAKO | strange)

    assert page.page.status == 400
    assert not Delegation.objects.exists()


def test_whom_nobody_may_write_to_is_refused_with_a_sentence(page, assessment):
    ContactFactory.create(
        contractor=assessment.contractor, email=HANAKO["email"], status=Contact.Status.OPTED_OUT
    )

    page.press(**HANAKO)

    assert page.page.faults() == ["#id_email"]
    assert "お送りできません" in page.page.text or "送れません" in page.page.text


def test_too_many_are_refused_and_nothing_typed_is_lost(page, assessment):
    DelegationFactory.create_batch(5, assessment=assessment)

    page.press(**HANAKO)

    assert page.page.status == 429
    assert page.page.value("name") == HANAKO["name"]


def test_a_second_click_sends_one_letter(page):
    page.press(**HANAKO)
    fields, address = page.page.fields | {"action": ["next"]}, page.page.address

    for _ in range(2):
        page.page.address = address
        page.send(fields)

    assert page.page.status == 200
    assert Mail.objects.count() == Delegation.objects.count() == 1


def test_a_lost_session_keeps_what_was_typed_and_shows_no_letter(page):
    page.press(**HANAKO)
    page.lose_session()

    page.press()

    assert page.page.value("name") == HANAKO["name"]
    assert "次のメールを送ります" not in page.page.text
    assert not Delegation.objects.exists()


def test_another_language_keeps_what_was_typed(page):
    page.page.fields |= {"name": ["鈴木"], "question": ["3", "6"]}

    page.speak("en")

    assert page.page.value("name") == "鈴木"
    assert page.page.fields["question"] == ["3", "6"]
    assert page.page.language == "en"


def test_taking_back_closes_the_link_and_keeps_the_answers(delegation, colleague):
    colleague.press("pause", item_3="done")
    asker = inside(delegation.assessment)
    asker.open(at(delegation.assessment))

    for _ in range(2):
        asker.press(str(delegation.public_id))
        asker.page.fields = asker.page.fields or {}

    assert "取り消し" in asker.page.text
    assert Answer.objects.get().value == "done"
    colleague.press(item_6="done")
    assert colleague.page.status == 410
    assert Answer.objects.count() == 1


def test_another_requests_delegation_is_not_taken_back(delegation, assessment):
    asker = inside(assessment)
    DelegationFactory.create(assessment=assessment)
    asker.open(at(assessment))

    asker.press(str(delegation.public_id))

    assert Delegation.objects.running().count() == 2


def test_who_only_knows_the_address_sees_no_colleague(delegation):
    stranger = Browser()

    for name in ("", "new"):
        assert stranger.open(at(delegation.assessment, name)).address.endswith("/code")
    assert stranger.open(f"/delegations/{delegation.public_id}/").status == 404
    assert stranger.open(f"/delegations/{delegation.public_id}/decline").status == 404


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(django_assert_max_num_queries):
    one, many = AssessmentFactory.create(), AssessmentFactory.create()
    DelegationFactory.create(assessment=one)
    DelegationFactory.create_batch(20, assessment=many)
    for each in (one, many):
        browser = inside(each)
        with django_assert_max_num_queries(8):
            assert isinstance(browser.open(at(each)), Page)
