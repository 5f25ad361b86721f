"""Mails stop by one click in the mail program or on the page, and by nothing less."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from assessments import owing
from assessments.models import Mail, Occasion
from events.models import Event
from suppliers.models import Contact
from tests.factories import ContactFactory
from tests.form.browsing import Browser
from tests.sending import carry

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(assessment):
    """As the header of the invitation names it."""
    now = timezone.now()
    owing.owe(assessment, assessment.contact, Occasion.Kind.INVITATION, now=now)
    [owed] = Mail.objects.select_related("contact").claim(now=now)
    carry([owed], now=now)
    headers = mail.outbox[-1].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return headers["List-Unsubscribe"].strip("<>")


def path(address):
    return "/o/" + address.partition("/o/")[2]


def status():
    return Contact.objects.get().status


def test_the_button_of_a_mail_program_stops_the_mails_once(address):
    program = Client(enforce_csrf_checks=True)

    answers = [program.post(path(address), {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "これ以上お送りしません" in answers[0].content.decode()
    assert status() == Contact.Status.OPTED_OUT
    [event] = Event.objects.filter(kind="supplier.updated")
    assert (event.changed, event.detail["status"]) == (["contacts"], "opted_out")


def test_opening_the_page_changes_nothing_and_its_button_acts(address):
    browser = Browser()
    browser.open(path(address))
    before = status()

    browser.press()

    assert (before, status()) == (Contact.Status.ACTIVE, Contact.Status.OPTED_OUT)
    assert "これ以上お送りしません" in browser.page.text


def test_they_stop_at_every_supplier_where_the_address_stands_and_with_no_other_contractor(
    assessment, address
):
    stopped = assessment.contact
    beside = ContactFactory.create(
        contractor=stopped.contractor, email=stopped.email.upper(), status="bounced"
    )
    another = ContactFactory.create(email=stopped.email)

    Client().post(path(address), {"List-Unsubscribe": "One-Click"})

    statuses = dict(Contact.objects.values_list("pk", "status"))
    assert statuses == {stopped.pk: "opted_out", beside.pk: "opted_out", another.pk: "active"}
    events = Event.objects.filter(kind="supplier.updated")
    assert {event.subject_id for event in events} == {
        stopped.supplier.public_id,
        beside.supplier.public_id,
    }


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_what_scanners_of_mail_do_changes_nothing(address, method):
    for _ in range(20):
        getattr(Client(HTTP_USER_AGENT="SafeLinks scanner"), method)(path(address))

    assert status() == Contact.Status.ACTIVE
    assert not Event.objects.filter(kind="supplier.updated").exists()


def test_an_address_with_one_wrong_letter_leads_nowhere(address):
    wrong = path(address)[:-1] + ("a" if address[-1] != "a" else "b")

    assert Client().post(wrong).status_code == 404
    assert status() == Contact.Status.ACTIVE


def test_who_opted_out_stays_so_wherever_the_address_is_entered_anew(assessment, address, api_of):
    Client().post(path(address), {"List-Unsubscribe": "One-Click"})
    api, email = api_of(assessment.contractor), assessment.contact.email.upper()

    made = api.post(
        "/api/v1/suppliers/", {"code": "N", "name": "新", "contacts": [{"email": email}]}
    )
    other = ContactFactory.create(contractor=assessment.contractor)
    place = f"/api/v1/suppliers/{other.supplier.public_id}/contacts/"
    moved = api.patch(f"{place}{other.public_id}/", {"email": email})
    again = ContactFactory.create(contractor=assessment.contractor)
    added = api.post(f"/api/v1/suppliers/{again.supplier.public_id}/contacts/", {"email": email})

    assert (made.status_code, moved.status_code, added.status_code) == (201, 200, 201)
    assert Contact.objects.get(supplier__code="N").status == "opted_out"
    assert moved.json()["status"] == added.json()["status"] == "opted_out"


def test_a_mailbox_that_did_not_exist_is_tried_again_under_its_right_address(contractor, api_of):
    contact = ContactFactory.create(contractor=contractor, status="bounced")
    place = f"/api/v1/suppliers/{contact.supplier.public_id}/contacts/{contact.public_id}/"
    api = api_of(contractor)

    same = api.patch(place, {"email": contact.email.upper()}).json()["status"]
    right = api.patch(place, {"email": "right@example.com"}).json()["status"]

    assert (same, right) == ("bounced", "active")
