"""After the code one is where the letter or the address led, and nowhere else."""

import pytest

from tests.form.browsing import Browser
from tests.form.conftest import ask_back, link_to

pytestmark = pytest.mark.django_db


def go_in(browser, mailed_code):
    code = mailed_code(browser.press)
    assert browser.page.address.endswith("/code")
    return browser.press(code=code)


@pytest.mark.parametrize(
    "name", ["", "answers/2", "company", "consultations/", "consultations/new/question?item=3"]
)
def test_the_code_leads_to_the_page_that_was_wanted(answered, mailed_code, name):
    browser = Browser()
    browser.open(f"/f/{answered.public_id}/{name}")

    page = go_in(browser, mailed_code)

    assert page.address == f"/f/{answered.public_id}/{name.partition('?')[0]}"
    if "item" in name:
        assert page.value("item") == "3"


def test_the_link_of_a_letter_leads_to_talks_over_the_code(answered, mailed_code):
    browser = Browser()
    browser.open(link_to(answered))

    code = mailed_code(lambda: browser.press("talk"))

    assert browser.press(code=code).address == f"/f/{answered.public_id}/consultations/"


def test_the_link_of_a_letter_leads_to_the_questions_over_the_code(answered, mailed_code):
    ask_back(answered)
    browser = Browser()
    browser.open(link_to(answered))

    code = mailed_code(browser.press)

    assert browser.press(code=code).address == f"/f/{answered.public_id}/clarification"


def test_a_wrong_code_and_the_other_language_keep_the_way(answered, mailed_code):
    browser = Browser()
    browser.open(f"/f/{answered.public_id}/consultations/")
    code = mailed_code(browser.press)

    browser.press(code="12")
    browser.send({**browser.page.fields, "language": ["en"]})

    assert browser.page.language == "en"
    assert browser.press(code=code).address == f"/f/{answered.public_id}/consultations/"


@pytest.mark.parametrize(
    "to",
    [
        "https://other.example/",
        "//other.example/f/",
        "https://other.example/f/{own}/",
        "//other.example/f/{own}/",
        "/declined",
        "/api/docs/",
        "/f/019aa000-0000-7000-8000-000000000000/",
        "\\\\other.example",
        "javascript:alert(1)",
        "http://[",
        "",
    ],
)
def test_no_other_place_is_led_to(answered, mailed_code, to):
    browser = Browser()
    browser.open(f"/f/{answered.public_id}/code")
    code = mailed_code(browser.press)

    page = browser.press(code=code, to=to.replace("{own}", str(answered.public_id)))

    assert page.address == f"/f/{answered.public_id}/"
