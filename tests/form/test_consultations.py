"""Talks, questions and objections of a supplier: written on pages, kept, answered, agreed on."""

import pytest
from django.core import mail
from django.utils import timezone

from assessments import consulting, submitting
from assessments.models import Consultation, Mail, Message, Proposal, Status
from assessments.submitting import Responsible
from tests.factories import AnsweredFactory
from tests.form.browsing import Browser
from tests.form.conftest import come_in, inside, link_to
from tests.form.talking import OFFER, PERSON, WORDS, said
from tests.sending import carry

pytestmark = pytest.mark.django_db


def test_the_first_page_leads_into_talks_and_back(assessment, link):
    browser = Browser()
    browser.open(link)

    browser.press("talk")

    assert browser.page.address == f"/f/{assessment.public_id}/consultations/"
    assert f"/f/{assessment.public_id}/" in browser.page.links
    assert f"/f/{assessment.public_id}/consultations/new/talks" in browser.page.links


def test_talks_are_opened_with_their_topics_and_words(talks, thread, assessment):
    assert (thread.kind, thread.topics, thread.opened_by) == ("talks", ["cost", "time"], "supplier")
    assert thread.waiting_since
    assert thread.messages.get().text == WORDS.replace("\r\n", "\n")
    assert "送りました" in talks.page.text
    assert "費用の見込みが立ちません。" in talks.page.text
    assert "相談(費用、時期)" in talks.page.text
    assessment.refresh_from_db()
    assert assessment.status == Status.INVITED


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"text": WORDS}, ["#id_topics_1"]),
        ({"topics": ["cost"], "text": " "}, ["#id_text"]),
        ({}, ["#id_topics_1", "#id_text"]),
        ({"topics": ["cost"], "text": "長" * 2001}, ["#id_text"]),
        ({"topics": ["money"], "text": WORDS}, ["#id_topics_1"]),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(browser, at, typed, faults):
    browser.open(at("consultations/new/talks"))

    browser.press(**typed)

    assert browser.page.faults() == faults
    assert browser.page.title.startswith("エラー")
    assert browser.page.value("text") == typed.get("text", "")
    assert not Consultation.objects.exists()


def test_a_question_is_about_an_item_or_the_whole(browser, at):
    for item in ("6", ""):
        browser.open(at("consultations/new/question"))
        browser.press(item=item, text=f"対象は何ですか。{item}")

    numbers = Consultation.objects.order_by("pk").values_list("item_number", flat=True)
    assert list(numbers) == [6, None]


def test_a_page_of_questions_is_saved_before_a_question_is_asked(browser, at, assessment):
    browser.open(at("answers/1"))

    browser.press("ask", item_1="done")

    assert browser.page.address == at("consultations/new/question")
    assert assessment.answers.get().value == "done"


def test_a_second_click_says_nothing_twice(browser, at):
    for kind, fields in {
        "talks": {"topics": ["cost"], "text": [WORDS]},
        "question": {"item": ["3"], "text": [WORDS]},
    }.items():
        browser.open(at(f"consultations/new/{kind}"))
        typed = browser.page.fields | fields
        for _ in range(2):
            browser.page.address = at(f"consultations/new/{kind}")
            browser.send(typed)
        assert "送りました" in browser.page.text
    reply = browser.page.fields | {"text": ["追伸です。"]}
    for _ in range(2):
        browser.send(reply)

    assert Consultation.objects.count() == 2
    assert Message.objects.count() == 3


def test_the_same_words_are_said_again_once_the_other_side_spoke(talks, thread):
    talks.press(text="お願いします。")
    consulting.write(thread, "はい。", voice=PERSON, now=timezone.now())

    talks.press(text="お願いします。")

    assert Message.objects.filter(text="お願いします。").count() == 2


def test_other_talks_beside_open_ones_keep_what_was_typed(talks, at, assessment):
    other = inside(assessment)
    other.page = talks.page
    fields = talks.page.fields | {"topics": ["people"], "text": ["人手が足りません。"]}
    other.page.address = at("consultations/new/talks")
    other.client.cookies["csrf"] = talks.client.cookies["csrf"].value

    other.send(fields)

    assert other.page.status == 409
    assert other.page.value("text") == "人手が足りません。"
    assert "同じ用件で相談中です" in other.page.text
    assert Consultation.objects.count() == 1


def test_a_reply_of_the_contractor_stands_in_the_thread(talks, thread, assessment):
    consulting.write(thread, "ご事情を教えてください。", voice=PERSON, now=timezone.now())

    talks.open(talks.page.address)

    assert "ご事情を教えてください。" in talks.page.text
    assert assessment.contractor.name in talks.page.text


def test_a_letter_tells_of_a_reply_once_and_says_none_of_it(talks, thread, assessment):
    for words in ("一つ目の返事", "二つ目の返事"):
        consulting.write(thread, words, voice=PERSON, now=timezone.now())

    [owed] = Mail.objects.select_related("contact").claim(now=timezone.now(), limit=10)
    carry([owed], now=timezone.now())

    [letter] = mail.outbox
    assert "お返事" in letter.subject
    assert letter.to == [assessment.contact.email]
    assert "/r/" in letter.body
    assert "つ目の返事" not in letter.body
    assert "返事があります" in talks.open(f"/f/{assessment.public_id}/").text


def test_what_the_supplier_says_itself_is_not_mailed_to_it(talks):
    assert not Mail.objects.exists()


def test_words_for_a_thread_that_ended_meanwhile_open_a_new_one(talks, thread):
    consulting.close(thread, "承知しました。", voice=PERSON, now=timezone.now())

    talks.press(text="もう一点あります。")
    kept = talks.page
    talks.page.address = kept.address.replace(str(thread.public_id), "new/talks")
    talks.send(kept.fields)

    assert (kept.status, kept.value("text")) == (409, "もう一点あります。")
    fresh = Consultation.objects.get(state="open")
    assert (fresh.topics, fresh.messages.get().text) == (["cost", "time"], "もう一点あります。")


def test_the_supplier_ends_a_thread_with_or_without_words(talks, thread):
    talks.press("close", text="解決しました。")
    talks.open(talks.page.address)

    thread.refresh_from_db()
    assert thread.state == "closed"
    assert "解決しました。" in talks.page.text
    assert "合意なしで終了しました" in talks.page.text


def test_who_got_a_result_objects_to_it(answered):
    person = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    submitting.submit(answered, responsible=person, now=timezone.now())
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/result")
    [way] = [link for link in browser.page.links if link.endswith("/new/objection")]
    browser.open(way)

    browser.press(text="ISMSは有効です。")

    assert Consultation.objects.get().kind == "objection"
    assert said("consultation.objected") == 1


def test_before_there_is_a_result_nobody_objects_and_afterwards_nobody_asks(browser, at, answered):
    page = browser.open(at("consultations/new/objection"))
    assert page.address == at("consultations/")

    person = Responsible(name="山田太郎", title="社長", email="yamada@yamada.example")
    late = inside(answered)
    late.open(f"/f/{answered.public_id}/consultations/new/question")
    submitting.submit(answered, responsible=person, now=timezone.now())
    late.press(text="いまさらですが。")

    assert (late.page.status, late.page.value("text")) == (409, "いまさらですが。")
    assert not Consultation.objects.exists()


def test_threads_of_others_do_not_exist(talks, thread):
    other = AnsweredFactory.create()
    browser = inside(other)

    for path in ("", "/propose"):
        page = browser.open(f"/f/{other.public_id}/consultations/{thread.public_id}{path}")
        assert page.status == 404
    assert browser.open(f"/f/{other.public_id}/consultations/new/party").status == 404


@pytest.mark.parametrize("where", ["", "/propose", "/answer", "/new"])
def test_a_browser_outside_sees_nothing_and_loses_nothing(where, offered, thread, assessment):
    assessment.answers.create(
        contractor=assessment.contractor, number=1, value="done", answered_at=timezone.now()
    )
    paths = {
        "": f"/f/{assessment.public_id}/consultations/{thread.public_id}",
        "/propose": f"/f/{assessment.public_id}/consultations/{thread.public_id}/propose",
        "/answer": offered.page.address,
        "/new": f"/f/{assessment.public_id}/consultations/new/question",
    }
    offered.open(paths[where])
    name = "measure" if where == "/propose" else "text"
    offered.lose_session()

    offered.press(**{name: "書きかけの内容", "decision": "agree"})

    assert offered.page.value(name) == "書きかけの内容"
    assert "確認コード" in offered.page.text
    assert OFFER.measure not in offered.page.text
    assert "費用の見込みが立ちません" not in offered.page.text
    assert not Proposal.objects.filter(state="agreed").exists()


def test_the_other_language_and_lost_cookies_keep_what_was_typed(talks):
    talks.page.fields["text"] = ["書きかけの内容"]
    page = talks.speak("en")
    assert (page.language, page.value("text")) == ("en", "書きかけの内容")

    talks.lose_cookies()
    page = talks.press()

    assert (page.status, page.value("text")) == (403, "書きかけの内容")
    assert "費用の見込みが立ちません" not in page.text


def test_a_thread_of_many_words_takes_as_many_queries_as_one(
    talks, thread, assessment, django_assert_max_num_queries
):
    for number in range(20):
        consulting.write(thread, f"{number}件目", voice=PERSON, now=timezone.now())

    with django_assert_max_num_queries(9):
        talks.open(talks.page.address)


def test_a_returning_browser_finds_its_threads_in_the_list(talks, assessment):
    browser = come_in(assessment)

    browser.open(f"/f/{assessment.public_id}/consultations/")

    assert talks.page.address in browser.page.links
    assert "返事待ち" in browser.page.text
    assert link_to(assessment) not in browser.page.html
