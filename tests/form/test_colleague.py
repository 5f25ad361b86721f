"""What a colleague reads, writes and gives back: the questions asked, and nothing else."""

import pytest
from django.test import Client
from django.utils import timezone

from assessments import answering, confirming, delegating, submitting
from assessments.answering import Given
from assessments.models import Answer, Delegation, DelegationLink, Status
from assessments.submitting import Responsible
from events.models import Event
from tests.form.browsing import Browser
from tests.form.conftest import inside, link_of

pytestmark = pytest.mark.django_db


def at(assessment):
    return f"/f/{assessment.public_id}/colleagues/"


def test_a_colleague_sees_nothing_else_of_the_request(delegation, colleague):
    assessment = delegation.assessment
    Answer.objects.create(
        contractor=assessment.contractor, assessment=assessment, number=4, value="done",
        comment="ほかの人の回答", answered_at=timezone.now(),
    )  # fmt: skip
    pages = ("", "answers/1", "company", "certifications", "check", "submit", "consultations/",
             "colleagues/", "extension", "handover", "result", "receipt")  # fmt: skip

    seen = colleague.open(f"/delegations/{delegation.public_id}/")

    assert "ほかの人の回答" not in seen.html
    assert str(assessment.public_id) not in seen.html
    assert delegation.asked_by.email not in seen.html
    for name in pages:
        page = colleague.open(f"/f/{assessment.public_id}/{name}")
        assert page.address.endswith("/code") or page.status == 404, name


def test_a_colleague_writes_only_the_questions_asked(delegation, colleague):
    colleague.press("pause", item_3="done", item_4="done", version_4="0")

    assert colleague.page.status == 400
    assert list(Answer.objects.values_list("number", flat=True)) == [3]


def test_a_colleague_cannot_be_led_to_hand_in(delegation, colleague):
    colleague.page.address = f"/f/{delegation.assessment.public_id}/submit"

    colleague.press(name="鈴木", title="社長", email="a@b.example", confirmed="yes")

    delegation.assessment.refresh_from_db()
    assert delegation.assessment.status == Status.INVITED


def test_an_answer_of_somebody_else_meanwhile_is_shown_and_chosen(delegation, colleague):
    now = timezone.now()
    answering.answer(delegation.assessment, {3: Given("done", "先に")}, now=now)

    colleague.press(item_3="partly", item_6="done")

    assert colleague.page.faults() == ["#keep_3_stored"]
    assert "先に" in colleague.page.text
    assert Delegation.objects.running().exists()
    colleague.press(keep_3="given")
    assert colleague.page.address == "/given-back"
    assert Answer.objects.get(number=3).value == "partly"


def test_a_colleague_who_cannot_answer_says_so(delegation):
    browser = Browser()
    browser.open(link_of(delegation))
    browser.press("decline")
    assert browser.page.address == f"/delegations/{delegation.public_id}/decline"
    assert Delegation.objects.running().exists()

    for _ in range(2):
        browser.page.address = f"/delegations/{delegation.public_id}/decline"
        browser.page.fields = browser.page.fields or {
            "csrfmiddlewaretoken": [browser.client.cookies["csrf"].value]
        }
        browser.press()
        assert browser.page.address == "/given-back"

    assert "回答できない" in inside(delegation.assessment).open(at(delegation.assessment)).text
    assert Event.objects.filter(kind="assessment.delegation_ended").count() == 1


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(delegation, method):
    link, client = link_of(delegation), Client()

    for _ in range(20):
        assert getattr(client, method)(link).status_code == 200

    delegation.refresh_from_db()
    assert (delegation.saved_at, delegation.ended_at) == (None, None)
    assert not Event.objects.exists()


def test_a_dead_link_says_what_a_link_that_never_was_says(delegation):
    link = link_of(delegation)
    delegating.take_back(delegation, now=timezone.now())

    dead, never = Client().get(link), Client().get("/q/never")

    assert (dead.status_code, dead.content) == (404, never.content)
    assert Client().post(link).status_code == never.status_code == 404


def test_a_link_of_a_colleague_is_none_to_the_request_nor_the_other_way(delegation):
    token = link_of(delegation).removeprefix("/q/")

    assert Client().get(f"/r/{token}").status_code == 404
    assert DelegationLink.objects.get().digest != token


def test_what_was_typed_into_what_is_handed_in_is_not_kept(colleague, delegation):
    asked = delegation.assessment
    answer_everything(asked)
    person = Responsible("山田", "代表", "y@yamada.example")
    submitting.submit(asked, responsible=person, now=timezone.now())

    colleague.press(item_3="partly")

    assert colleague.page.status == 410
    assert Answer.objects.get(number=3).value == "done"


@pytest.mark.parametrize("lose", ["lose_session", "lose_cookies"])
def test_a_colleague_whose_session_is_lost_keeps_what_was_typed(delegation, colleague, lose):
    link = link_of(delegation)
    getattr(colleague, lose)()

    colleague.press(item_3="done", comment_3="書きかけ")

    assert colleague.page.status == 403
    assert (colleague.page.value("item_3"), colleague.page.value("comment_3")) == (
        "done",
        "書きかけ",
    )
    assert not Answer.objects.exists()
    typed, address = colleague.page.fields, colleague.page.address
    colleague.open(link)
    colleague.press()
    colleague.page.address = address
    colleague.send(typed | {"csrfmiddlewaretoken": colleague.page.fields["csrfmiddlewaretoken"],
                            "action": ["next"]})  # fmt: skip
    assert colleague.page.address == "/given-back"
    assert Answer.objects.get().comment == "書きかけ"


def test_while_the_answers_are_confirmed_a_colleague_waits_and_loses_nothing(delegation, colleague):
    person = Responsible("山田", "代表", "y@yamada.example")
    asked = delegation.assessment
    answer_everything(asked)
    confirming.ask(asked, person, now=timezone.now())

    colleague.press(item_3="partly", comment_3="書きかけ")

    assert colleague.page.status == 409
    assert colleague.page.value("comment_3") == "書きかけ"
    assert not Answer.objects.filter(value="partly").exists()


def answer_everything(asked):
    answering.fill_profile(asked, {7: "part_time", 8: "山田"}, version=0, now=timezone.now())
    given = {number: Given("done") for number in range(1, 26)}
    answering.answer(asked, given, now=timezone.now())
