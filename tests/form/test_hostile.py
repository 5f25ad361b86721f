"""What no browser sends: refused in words, never a crash."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.models import Answer, Assessment
from tests.factories import AnsweredFactory, AssessmentFactory
from tests.form.conftest import inside, link_to

pytestmark = pytest.mark.django_db
PAGES = ("answers/1", "answers/4", "company", "check", "submit", "code")
REFUSED = {400, 404, 413}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "body",
    [
        b"item_1=%00&comment_1=%00&item_3=%00&name=%00&code=%00&version=%00",
        b"item_1=done&comment_1=%ED%A0%80&item_6=%ED%A0%80&name=%ED%A0%80",
        b"item_1=\xff\xfe&comment_1=\x00&name=\x00",
        b"item_99=done&unknown=1",
        b"version_1=-1&item_1=done&version=1e9&version_2=99999999999999999999",
        b"keep_1=other&stored_1=x&item_1=done&item_1=partly&item_7=a&item_7=b",
        b"action=next&action=pause&from=%3Cscript%3E&language=xx",
        b"&".join(b"field_%d=1" % number for number in range(900)),
        b"{}",
        b"",
    ],
)
def test_a_strange_body_is_no_crash(name, body):
    answered = AnsweredFactory.create()
    browser = inside(answered)

    response = browser.client.post(
        f"/f/{answered.public_id}/{name}", body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code in {403, *REFUSED, 302, 200}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("answers/1", {"item_1": "done", "comment_1": "a\x00b"}),
        ("answers/1", {"item_1": "\x00"}),
        ("answers/1", {"item_1": ["done", "partly"]}),
        ("answers/1", {"item_99": "done"}),
        ("answers/1", {"admin": "1"}),
        ("company", {"item_6": "a\x00b"}),
        ("company", {"item_7": "everybody"}),
        ("company", {"item_99": "1"}),
        ("submit", {"name": "a\x00b"}),
        ("submit", {"email": "a\x00@b.example"}),
    ],
)
def test_what_a_page_does_not_have_is_refused_and_the_page_stays(name, changes):
    answered = AnsweredFactory.create()
    browser = inside(answered)
    browser.open(f"/f/{answered.public_id}/{name}")

    page = browser.press(**changes)

    assert page.status == 400
    assert page.names
    assert "\x00" not in "".join(Answer.objects.values_list("comment", flat=True))


def test_a_note_with_nul_is_refused_when_declining(link):
    from tests.form.browsing import Browser

    browser = Browser()
    browser.open(link + "/decline")

    assert browser.press(reason="other", note="a\x00b").status == 400
    assert browser.press(reason="because").status == 400


@pytest.mark.parametrize("name", [*PAGES, ""])
def test_ten_megabytes_are_refused_everywhere(answered, name):
    browser = inside(answered)
    body = b"comment_1=" + b"a" * 10_000_000

    response = browser.client.post(
        f"/f/{answered.public_id}/{name}", body, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 413
    assert "大きすぎる" in response.content.decode()


@pytest.mark.parametrize("number", ["0", "5", "-1", "1.5", "x", "9" * 30, "9" * 5000])
def test_a_page_that_does_not_exist_is_not_found(answered, number):
    browser = inside(answered)

    assert browser.client.get(f"/f/{answered.public_id}/answers/{number}").status_code == 404


@pytest.mark.parametrize(
    "token", ["%00", "a%00b", "%ED%A0%80", "a" * 5000, "..", "%2e%2e%2f", "'--"]
)
def test_a_strange_token_is_not_found(client, token):
    assert client.get(f"/r/{token}").status_code == 404


def test_an_address_may_ask_for_odd_things(answered):
    browser = inside(answered)

    for query in (
        "left=99999999999999",
        "left=-1",
        "left=x",
        "left=%D9%A1",
        "saved=%00",
        "from=%00",
    ):
        assert browser.client.get(f"/f/{answered.public_id}/answers/1?{query}").status_code == 200


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)


@settings(max_examples=25)
@given(value=st.sampled_from(["done", "partly", "", "other"]) | TEXTS, comment=TEXTS)
def test_whatever_is_typed_is_stored_or_shown_again(db, value, comment):
    assessment = AssessmentFactory.create()
    browser = inside(assessment)
    browser.open(f"/f/{assessment.public_id}/answers/1")

    page = browser.press(item_1=value, comment_1=comment)

    kept = Answer.objects.filter(assessment=assessment, number=1).first()
    written = comment.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert page.status in {200, 400}
    if page.status == 200 and "エラー" not in page.title:
        assert (kept.value, kept.comment) == (value.strip(), written) if kept else not written
    else:
        assert Assessment.objects.filter(pk=assessment.pk, answers=None).exists()


def test_markup_in_names_and_texts_stays_text(db):
    bad = "<script>alert(1)</script>\"'"
    assessment = AssessmentFactory.create(
        message=bad,
        contractor__name=bad[:60],
        requirements={"reasons": [bad], "effect_if_not_met": bad},
    )
    browser = inside(assessment)

    for path in (link_to(assessment), f"/f/{assessment.public_id}/answers/1"):
        page = browser.open(path)
        assert "<script>" not in page.html
    browser.press(comment_1=bad)
    assert "<script>" not in browser.open(f"/f/{assessment.public_id}/check").html
