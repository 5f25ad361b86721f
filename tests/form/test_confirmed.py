"""The responsible person: a link, a code, all answers, and one of two buttons."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.models import Assessment, Confirmation, Entry, Status
from events.models import Event
from suppliers.models import Evidence
from tests.factories import EvidenceFactory
from tests.form.browsing import Browser
from tests.form.confirmations import (
    ENDS,
    ICHIRO,
    ask,
    at,
    link_in,
)
from tests.form.conftest import link_to, send_mails

pytestmark = pytest.mark.django_db


def test_the_responsible_person_reads_all_answers_and_hands_them_in(asker, asked, president):
    assert "責任者の確認を待っています" in asker.page.text
    assert "ichiro@yamada.example" in asker.page.text
    assert mail.outbox[-1].to == [ICHIRO["email"]]
    assert president.page.text.count("実施している") >= 25
    assert not re.search(r"\d点", president.page.text)

    president.press(confirmed="yes")

    assessment = Assessment.objects.get()
    submission = assessment.submissions.get()
    assert president.page.status == 200
    assert submission.receipt in president.page.text
    assert (submission.responsible.name, submission.responsible.title) == ("山田一郎", "社長")
    event = Event.objects.get(kind="assessment.submitted")
    assert event.actor["id"] == str(submission.responsible.public_id)
    assert set(send_mails()) == {assessment.contact.email, ICHIRO["email"]}
    assert asker.open(asker.page.address).address == at(assessment, "receipt")


def test_it_comes_back_with_a_note_and_may_be_asked_again(asker, asked, president):
    president.press("return", note="質問3は<b>一部</b>です。")

    assert (president.page.status, president.page.title.split(" - ")[0]) == (
        200, "回答者に戻しました",
    )  # fmt: skip
    page = asker.open(at(asked.assessment))
    assert "山田一郎様が回答を見て" in page.text
    assert "質問3は<b>一部</b>です。" in page.text
    asker.open(at(asked.assessment, "answers/1"))
    asker.press(item_3="partly", comment_3="")
    asker.open(at(asked.assessment, "submit"))
    asker.press("ask", **ICHIRO)
    assert Confirmation.objects.asked().count() == 1
    assert "/c/" in send_mails()[ICHIRO["email"]].body
    assert "山田一郎様が回答を見て" not in asker.open(at(asked.assessment)).text


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(link_to_confirm, method):
    browser = Browser()
    for _ in range(20):
        getattr(browser.client, method)(link_to_confirm)

    assert Confirmation.objects.get().state == "asked"
    assert not Entry.objects.filter(confirmation__isnull=False).exists()
    assert "answers" not in browser.client.session.get("entries", {})


def test_the_link_alone_shows_no_answer_and_no_name(link_to_confirm, asked):
    page = Browser().open(link_to_confirm)

    assert page.status == 200
    for hidden in ("実施している", "山田一郎", asked.assessment.contact.name, ICHIRO["email"]):
        assert hidden not in page.text


def test_the_link_opens_none_of_the_pages_of_who_answers(link_to_confirm, asked, president):
    token = link_to_confirm.removeprefix("/c/")

    assert Browser().open(f"/r/{token}").status == 404
    assert president.open(at(asked.assessment)).address.endswith("/code")
    assert president.open(at(asked.assessment, "answers/1")).address.endswith("/code")


def test_a_link_of_who_answers_confirms_nothing(asked, answered):
    token = link_to(answered).removeprefix("/r/")

    assert Browser().open(f"/c/{token}").status == 404


def test_a_wrong_code_opens_nothing(link_to_confirm, mailed_code):
    browser = Browser()
    browser.open(link_to_confirm)
    code = mailed_code(browser.press)

    browser.press(code=f"{(int(code) + 1) % 10**6:06}")

    assert browser.page.address == link_to_confirm
    assert "実施している" not in browser.page.text


def test_who_only_knows_the_address_within_learns_nothing(asked):
    address = f"/confirmations/{asked.public_id}"

    there, nowhere = (
        Browser().open(address),
        Browser().open(f"/confirmations/{asked.person_id:032}"),
    )
    assert (there.status, nowhere.status) == (404, 404)
    assert there.html == nowhere.html


def test_a_double_click_hands_in_once(president):
    fields = president.page.fields | {"confirmed": ["yes"], "action": ["next"]}
    address = president.page.address

    president.send(fields)
    president.page.address = address
    president.send(fields)

    assert president.page.status == 200
    assert Assessment.objects.get().submissions.count() == 1
    assert Event.objects.filter(kind="assessment.submitted").count() == 1


def test_without_the_tick_nothing_is_handed_in(president):
    president.press(note="あとで")

    assert president.page.faults() == ["#id_confirmed"]
    assert president.page.value("note") == "あとで"
    assert Confirmation.objects.get().state == "asked"


def test_a_note_that_is_too_long_comes_back(president):
    president.press("return", note="長" * 1001)

    assert president.page.faults() == ["#id_note"]
    assert president.page.value("note") == "長" * 1001
    assert Confirmation.objects.get().state == "asked"


@pytest.mark.parametrize("end", ENDS)
def test_what_is_over_is_told_to_who_was_in_and_to_nobody_else(
    asked, link_to_confirm, president, end
):
    end(Confirmation.objects.select_related("assessment__contact").get())

    president.press(confirmed="yes")

    assert president.page.status == 410
    assert "終わっています" in president.page.title
    assert not asked.assessment.submissions.exists()
    stranger = Browser().open(link_to_confirm)
    assert (stranger.status, stranger.html) == (404, Browser().open("/c/never-was").html)


def test_a_late_confirmation_says_so_and_is_taken(asked, president):
    Assessment.objects.update(due_on=timezone.localdate() - timedelta(days=40))
    Assessment.objects.update(status=Status.EXPIRED, remind_at=None)

    page = president.open(president.page.address)
    assert "期限を過ぎました" in page.text
    president.press(confirmed="yes")

    assert Assessment.objects.get().submissions.count() == 1


def test_a_document_that_went_meanwhile_is_told_instead_of_confirmed(answered, mailed_code):
    file = EvidenceFactory.create(supplier=answered.supplier, contractor=answered.contractor)
    answered.evidence.create(contractor=answered.contractor, number=1, evidence=file)
    ask(answered)
    browser = Browser()
    browser.open(link_in(send_mails()[ICHIRO["email"]]))
    code = mailed_code(browser.press)
    browser.press(code=code)
    Evidence.objects.update(removed_at=timezone.now())

    browser.press(confirmed="yes")

    assert browser.page.status == 409
    assert "回答の一部が変わりました" in browser.page.text
    assert "next" not in [each["value"] for each in browser.page.buttons]
    assert not answered.submissions.exists()


def test_a_lost_session_asks_for_a_code_and_keeps_the_note(president, mailed_code):
    president.lose_session()
    Entry.objects.update(opened_at=timezone.now() - timedelta(minutes=2))

    code = mailed_code(lambda: president.press("return", note="質問3は一部です。"))
    assert president.page.value("note") == "質問3は一部です。"
    assert "実施している" not in president.page.text
    president.press("return", code=code)

    assert Confirmation.objects.get().note == "質問3は一部です。"


def test_another_language_and_a_lost_token_keep_the_note(president):
    president.page.fields |= {"note": ["あとで"]}
    president.speak("en")
    assert (president.page.language, president.page.value("note")) == ("en", "あとで")
    president.page.fields["csrfmiddlewaretoken"] = ["x"]

    president.press("return")

    assert president.page.status == 403
    assert president.page.value("note") == "あとで"
