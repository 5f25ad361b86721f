"""One certificate instead of all answers: who may hand it in, and what becomes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, Submission, Tally
from events.models import Event
from tests.factories import AssessmentFactory
from tests.form.browsing import Browser
from tests.form.conftest import come_in, inside, link_to, valid_isms

PERSON = {"name": "山田花子", "title": "社長", "email": "hanako@yamada.example", "confirmed": "yes"}


pytestmark = pytest.mark.django_db


def posted(assessment, row, **changes):
    browser = inside(assessment)
    browser.open(f"/f/{assessment.public_id}/certificate")
    return browser, browser.press(certification=str(row.public_id), **(PERSON | changes))


def post_by_hand(browser, assessment, fields):
    """What no page of this browser offers any more."""
    browser.client.handler.enforce_csrf_checks = False
    return browser.client.post(f"/f/{assessment.public_id}/certificate", fields)


def test_the_first_page_offers_it_and_leads_there(assessment):
    valid_isms(assessment)
    browser = Browser()
    page = browser.open(link_to(assessment))
    assert "次のどれかがあれば、回答に代えられます:ISMS" in page.text
    assert "認証だけで回答する" in page.text

    page = browser.press("certificate")

    assert page.address == f"/f/{assessment.public_id}/certificate"
    assert "IS 500001" in page.text
    assert Assessment.objects.get().status == "invited"


def test_a_certificate_is_handed_in_once_however_often_it_is_pressed(assessment):
    row = valid_isms(assessment)
    browser, page = posted(assessment, row)

    assert page.address.endswith("/receipt")
    assert "IS 500001" in page.text
    again = post_by_hand(browser, assessment, {})
    assert again.url.endswith("/receipt")
    [submission] = Submission.objects.all()
    assert submission.certification == row
    assert submission.content["certificate"]["number"] == "IS 500001"
    assert (submission.content["answers"], submission.content["profile"]) == ([], {})
    assert (submission.rating.grade, submission.rating.answered) == ("B", False)
    assert str(submission.rating.score) == "70.00"
    kinds = Event.objects.order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["assessment.started", "assessment.submitted", "rating.changed"]
    assert not Tally.objects.exists()


def test_there_is_no_advice_on_answers_that_were_not_given(assessment):
    assessment.contractor.shares_results = True
    assessment.contractor.save(update_fields=["shares_results"])
    browser, page = posted(assessment, valid_isms(assessment))

    assert not any(link.endswith("/result") for link in page.links)
    assert browser.open(f"/f/{assessment.public_id}/result").status == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": timezone.localdate() - timedelta(days=1)},
        {"scope_covers": "no"},
        {"scheme": "pmark", "number": "10123456(05)", "edition": None},
        {"state": "declared", "scope_covers": "unknown"},  # and no document
        {"state": "withdrawn"},
    ],
)
def test_what_does_not_stand_in_is_not_offered_and_not_taken(assessment, fields):
    row = valid_isms(assessment, **fields)
    browser = inside(assessment)
    page = browser.open(f"/f/{assessment.public_id}/certificate")
    assert "IS 500001" not in page.text
    assert f"/f/{assessment.public_id}/certifications" in page.links

    page = post_by_hand(browser, assessment, PERSON | {"certification": str(row.public_id)})

    assert page.status_code == 200
    assert not Submission.objects.exists()


def test_anothers_certificate_is_not_taken(assessment):
    valid_isms(assessment)
    other = valid_isms(AssessmentFactory.create())

    _browser, page = posted(assessment, other)

    assert page.title.startswith("エラー:")
    assert "表示されている認証から選んでください" in page.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize("missing", ["certification", "name", "email", "confirmed"])
def test_what_is_missing_is_told_and_the_rest_is_kept(assessment, missing):
    row = valid_isms(assessment)
    browser = inside(assessment)
    browser.open(f"/f/{assessment.public_id}/certificate")

    page = browser.press(**(PERSON | {"certification": str(row.public_id), missing: None}))

    assert len(page.faults()) == 1
    for name, value in PERSON.items():
        if name not in {missing, "confirmed"}:
            assert page.value(name) == value
    assert not Submission.objects.exists()


def test_a_lost_session_keeps_what_was_typed_and_shows_no_certificate(assessment):
    row = valid_isms(assessment)
    browser = inside(assessment)
    browser.open(f"/f/{assessment.public_id}/certificate")
    del browser.client.cookies["session"]

    page = browser.press(certification=str(row.public_id), **PERSON)

    assert page.value("name") == PERSON["name"]
    assert page.value("certification") == str(row.public_id)
    assert "IS 500001" not in page.text
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "equivalents", [[], [{"scheme": "isms", "replaces": "evidence"}]], ids=["none", "evidence"]
)
def test_a_request_that_wants_answers_offers_nothing_else(equivalents):
    assessment = AssessmentFactory.create(requirements={"equivalents": equivalents})
    valid_isms(assessment)
    browser = come_in(assessment)

    assert "認証だけで回答する" not in browser.open(link_to(assessment)).text
    assert browser.open(f"/f/{assessment.public_id}/certificate").status == 404


def test_an_own_list_counts_instead_of_the_usual_one():
    wanted = [{"scheme": "pmark", "replaces": "answers"}]
    assessment = AssessmentFactory.create(requirements={"equivalents": wanted})
    valid_isms(assessment)
    row = valid_isms(assessment, scheme="pmark", number="10123456(05)", edition=None)

    page = inside(assessment).open(f"/f/{assessment.public_id}/certificate")

    assert "IS 500001" not in page.text
    assert row.number in page.text
