"""The contractor puts another contact of the supplier in charge of a request."""

import pytest
from django.utils import timezone

from assessments import entering, inviting
from assessments.models import Assessment, Entry, Link, Mail, Occasion, Status
from contractors.models import Scope
from events.models import Event
from suppliers.models import Contact
from tests.factories import AnsweredFactory, AssessmentFactory, ContactFactory, ContractorFactory

pytestmark = pytest.mark.django_db


def changes():
    return Event.objects.filter(kind="assessment.contact_changed")


@pytest.fixture
def asked(contractor):
    return AnsweredFactory.create(contractor=contractor)


@pytest.fixture
def colleague(asked):
    return colleague_of(asked)


def colleague_of(assessment, **fields):
    return ContactFactory.create(
        supplier=assessment.supplier, contractor=assessment.contractor, **fields
    )


def change(api, assessment, contact):
    address = f"/api/v1/assessments/{assessment.public_id}/change-contact/"
    return api.post(address, {"contact": str(getattr(contact, "public_id", contact))})


def assert_nothing_happened(assessment):
    assert Assessment.objects.get(pk=assessment.pk).contact_id == assessment.contact_id
    assert not changes().exists()
    assert not Mail.objects.exists()


def test_another_contact_is_in_charge_told_and_written_down(api, asked, colleague):
    answer = change(api, asked, colleague)

    assert answer.status_code == 200
    assert answer.json()["contact"] == str(colleague.public_id)
    assert answer.json()["progress"]["answered"] == 25
    assert answer["ETag"] == api.get(f"/api/v1/assessments/{asked.public_id}/")["ETag"]
    [event] = changes()
    assert (event.changed, event.detail) == (["contact"], {})
    assert [mail.contact for mail in Mail.objects.all()] == [colleague]
    assert Occasion.objects.get().kind == Occasion.Kind.HANDED_OVER


def test_links_and_browsers_of_the_former_contact_end(api, asked, colleague):
    token = inviting.issue_link(asked, now=timezone.now()).rpartition("/")[2]
    entry = Entry.objects.create(
        contractor=asked.contractor,
        assessment=asked,
        opened_at=timezone.now(),
        confirmed_at=timezone.now(),
    )

    change(api, asked, colleague)

    assert inviting.find(token) is None
    assert not entering.is_in(asked, entry.pk)
    assert not Link.objects.filter(revoked_at=None).exists()


def test_the_same_click_twice_changes_once(api, asked, colleague):
    first, again = (change(api, asked, colleague) for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 409)
    assert again.json()["code"] == "same-contact"
    assert changes().count() == Mail.objects.count() == 1


@pytest.mark.parametrize("status", [Contact.Status.OPTED_OUT, Contact.Status.BOUNCED])
def test_a_contact_that_cannot_be_written_to_is_refused(api, asked, status):
    answer = change(api, asked, colleague_of(asked, status=status))

    assert (answer.status_code, answer.json()["code"]) == (409, "no-contact")
    assert_nothing_happened(asked)


def test_nobody_of_an_archived_supplier_is_put_in_charge(api, asked, colleague):
    type(asked.supplier).objects.update(status="archived")

    answer = change(api, asked, colleague)

    assert (answer.status_code, answer.json()["code"]) == (409, "no-contact")
    assert_nothing_happened(asked)


def test_a_contact_of_another_supplier_or_tenant_does_not_exist(api, asked, contractor):
    strangers = [ContactFactory.create(contractor=contractor), ContactFactory.create()]

    answers = [change(api, asked, each) for each in (*strangers, asked.public_id)]

    told = [
        (each["pointer"], each["code"]) for answer in answers for each in answer.json()["errors"]
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert told == [("/contact", "does-not-exist")] * 3
    assert_nothing_happened(asked)


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {"invited", "started", "returned", "expired"})
)
def test_what_takes_no_answers_keeps_its_contact(api, contractor, status):
    other = AssessmentFactory.create(contractor=contractor, status=status)

    answer = change(api, other, colleague_of(other))

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-status")
    assert answer.json()["allowed"] == ["expired", "invited", "returned", "started"]
    assert_nothing_happened(other)


def test_another_tenants_request_looks_missing(api):
    other = AssessmentFactory.create(contractor=ContractorFactory.create())

    assert change(api, other, colleague_of(other)).status_code == 404


def test_reading_is_not_enough_to_change_the_contact(api_of, contractor, asked, colleague):
    reader = api_of(contractor, Scope.ASSESSMENTS_READ)

    assert change(reader, asked, colleague).status_code == 403
