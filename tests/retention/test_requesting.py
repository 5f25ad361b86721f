"""A person asks that what is kept of them be corrected or erased, and it is done or explained."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contractors.roles import Role
from events.models import Event
from retention import erasing
from retention.models import Erasure, PersonRequest
from suppliers import days
from suppliers.models import Contact
from tests.factories import ContactFactory, ContractorFactory

PATH = "/api/v1/retention/requests/"
WORDS = "私の名前と電話番号を消してください。"


@pytest.fixture
def contact(contractor):
    return ContactFactory.create(contractor=contractor, name="山田花子", phone="03-1234-5678")


def ask(api, contact, kind="erasure", **more):
    wanted = {"contact": str(contact.public_id), "kind": kind, "wanted": WORDS} | more
    return api.post(PATH, wanted)


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.django_db
def test_a_request_is_due_thirty_days_after_it_was_received(api, contact):
    answer = ask(api, contact, received_on="2026-11-01")

    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["due_on"], told["wanted"]) == ("open", "2026-12-01", WORDS)
    assert api.get(answer["Location"]).json() == told


@pytest.mark.django_db
def test_a_correction_is_written_with_the_request(api, contact):
    asked = ask(api, contact, "correction").json()

    answer = api.post(f"{PATH}{asked['id']}/complete/", {"name": "山田華子", "phone": ""})

    assert (answer.status_code, answer.json()["state"]) == (200, "done")
    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("山田華子", "")
    assert kinds()[-2:] == ["supplier.updated", "person_request.granted"]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "body"), [("correction", {}), ("erasure", {"name": "山田"})])
def test_a_body_that_does_not_fit_the_kind_changes_nothing(api, contact, kind, body):
    asked = ask(api, contact, kind).json()

    answer = api.post(f"{PATH}{asked['id']}/complete/", body)

    assert answer.status_code == 400
    assert api.get(f"{PATH}{asked['id']}/").json() == asked


@pytest.mark.django_db
def test_a_refusal_is_explained_and_final(api, contact):
    asked = ask(api, contact).json()
    path = f"{PATH}{asked['id']}/"

    assert api.post(f"{path}refuse/", {"reason": ""}).status_code == 400
    told = api.post(f"{path}refuse/", {"reason": "法律により保存する義務があります。"})
    again = api.post(f"{path}complete/", {})

    assert told.json()["state"] == "refused"
    assert (again.status_code, again.json()["code"]) == (409, "wrong-status")
    assert again.json()["allowed"] == ["open"]
    contact.refresh_from_db()
    assert contact.status == Contact.Status.ACTIVE


@pytest.mark.usefixtures("committed")
def test_a_granted_erasure_stops_mail_at_once_and_is_done_by_the_eraser(api, contact):
    other = ask(api, contact, "correction").json()
    asked = ask(api, contact).json()
    path = f"{PATH}{asked['id']}/"

    granted = api.post(f"{path}complete/", {})

    assert granted.json()["state"] == "erasing"
    contact.refresh_from_db()
    assert (contact.status, contact.erased_at) == (Contact.Status.OPTED_OUT, None)
    assert api.post(f"{path}complete/", {}).status_code == 409

    assert erasing.erase_granted(now=timezone.now()) == 1
    assert erasing.erase_granted(now=timezone.now()) == 0

    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("", "")
    for each in (asked, other):
        told = api.get(f"{PATH}{each['id']}/").json()
        assert (told["state"], told["wanted"]) == ("done", "erased")
    assert Erasure.objects.get().subject_id == contact.public_id
    assert ask(api, contact).status_code == 400
    detail = str(list(Event.objects.values_list("detail", flat=True)))
    assert WORDS not in detail
    assert "山田" not in detail


@pytest.mark.django_db
def test_what_waits_past_its_day_is_listed_apart(api, contact):
    today = days.in_japan(timezone.now())
    late = ask(api, contact, received_on=str(today - timedelta(days=31))).json()
    fresh = ask(api, contact).json()

    def listed(query):
        return [each["id"] for each in api.get(PATH + query).json()["results"]]

    assert listed("?overdue=true") == [late["id"]]
    assert listed("?overdue=false") == [fresh["id"]]
    assert listed("?state=open") == [fresh["id"], late["id"]]


@pytest.mark.django_db
def test_a_person_of_another_contractor_does_not_exist(api, contact):
    stranger = ContactFactory.create(contractor=ContractorFactory.create())

    assert ask(api, stranger).status_code == 400
    assert not PersonRequest.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.ADMIN, 201), (Role.SECURITY, 201), (Role.BUYER, 403), (Role.VIEWER, 403)],
)
def test_security_and_admins_alone_decide(api_of, contractor, contact, role, status):
    assert ask(api_of(contractor, role=role), contact).status_code == status
