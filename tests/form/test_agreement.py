"""What both sides agreed on is a file that the supplier keeps, the same as the contractor's."""

import pytest
from django.utils import timezone

from assessments import consulting, printing, submitting
from assessments.models import Consultation, Status
from assessments.submitting import Responsible
from tests.factories import AnsweredFactory, ConsultationFactory, ProposalFactory
from tests.form.browsing import Browser
from tests.form.conftest import inside
from tests.form.talking import PERSON

pytestmark = pytest.mark.django_db
PERSON_IN_CHARGE = Responsible("山田花子", "社長", "hanako@yamada.example")


@pytest.fixture
def thread(assessment):
    """Talks in which the contractor's person agreed to what the supplier proposed."""
    thread = ConsultationFactory.create(assessment=assessment)
    proposal = ProposalFactory.create(consultation=thread, side="supplier")
    return consulting.agree(proposal, voice=PERSON, now=timezone.now())


@pytest.fixture
def address(thread, at):
    return at(f"consultations/{thread.public_id}/agreement.pdf")


def test_the_file_has_the_bytes_that_the_contractor_gets_and_is_kept_by_no_cache(
    assessment, thread, address
):
    answer = inside(assessment).client.get(address)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content == printing.agreement(thread.result, thread.digest)
    assert answer["Content-Disposition"] == 'attachment; filename="agreement.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert (answer["X-Robots-Tag"], answer["X-Content-Type-Options"]) == ("noindex", "nosniff")


def test_the_overview_the_receipt_and_the_thread_lead_to_it(assessment, thread, address, at):
    browser = inside(assessment)

    for page in ("", f"consultations/{thread.public_id}"):
        assert address in browser.open(at(page)).links, page


def test_the_receipt_leads_to_it():
    assessment = AnsweredFactory.create()
    thread = ConsultationFactory.create(assessment=assessment)
    proposal = ProposalFactory.create(consultation=thread, side="supplier")
    consulting.agree(proposal, voice=PERSON, now=timezone.now())
    submitting.submit(assessment, responsible=PERSON_IN_CHARGE, now=timezone.now())

    receipt = inside(assessment).open(f"/f/{assessment.public_id}/receipt")

    way = f"/f/{assessment.public_id}/consultations/{thread.public_id}/agreement.pdf"
    assert way in receipt.links


def test_a_browser_that_is_not_in_is_asked_for_a_code(address):
    answer = Browser().client.get(address)

    assert answer.status_code == 302
    assert "/code?" in answer.url


def test_there_is_no_file_where_nothing_was_agreed_on(assessment, at):
    thread = ConsultationFactory.create(assessment=assessment)

    answer = inside(assessment).client.get(at(f"consultations/{thread.public_id}/agreement.pdf"))

    assert answer.status_code == 404
    assert "agreement.pdf" not in inside(assessment).open(at()).html


def test_an_agreement_of_another_request_looks_missing(thread):
    other = AnsweredFactory.create(status=Status.STARTED)

    answer = inside(other).client.get(
        f"/f/{other.public_id}/consultations/{thread.public_id}/agreement.pdf"
    )

    assert answer.status_code == 404


def test_what_was_closed_without_an_agreement_leaves_no_file(assessment, at):
    thread = ConsultationFactory.create(assessment=assessment)
    consulting.close(thread, "またの機会に。", voice=PERSON, now=timezone.now())

    page = inside(assessment).open(at(f"consultations/{thread.public_id}"))

    assert Consultation.objects.get().state == "closed"
    assert "agreement.pdf" not in page.html
