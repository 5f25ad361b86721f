"""A certificate is named, checked by a person, kept up to date and taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from contractors.actors import SYSTEM, Actor
from events.models import Event
from suppliers import certifying, checking, registering
from suppliers.certificates import Scheme
from suppliers.checking import Check
from suppliers.errors import Archived, NothingToReconfirm, RenewalUnproven, WrongStatus
from suppliers.models import Certification, CertificationStep, State, Status, Supplier
from suppliers.normalising import Unreadable
from suppliers.writing import By
from tests.factories import CertificationFactory, EvidenceFactory, SupplierFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
TODAY = date(2026, 4, 1)
BY = By(Actor("api_key", "0"), NOW)
CONTRACTOR = Certification.Source.CONTRACTOR
ENDS = date(2027, 3, 31)


@pytest.fixture
def supplier():
    return SupplierFactory.create()


def declare(supplier, scheme=Scheme.PMARK, evidence=(), **fields):
    return certifying.declare(supplier, scheme, fields, evidence=evidence, source=CONTRACTOR, by=BY)


def document(supplier):
    return EvidenceFactory.create(contractor=supplier.contractor, supplier=supplier)


def events():
    return list(Event.objects.order_by("sequence").values_list("kind", flat=True))


def acts(row):
    return list(row.steps.order_by("pk").values_list("act", flat=True))


def is_due(supplier):
    supplier.refresh_from_db()
    return supplier.rating_due_at is not None


def test_what_is_declared_is_kept_in_the_schemes_own_form_and_owes_a_rating(supplier):
    shown = document(supplier)

    made = declare(supplier, evidence=[shown], number="第10-123456(5)号", valid_until=ENDS)

    row = Certification.objects.get()
    assert (row, row.number, row.state) == (made, "10123456(05)", State.DECLARED)
    assert [each.evidence for each in row.shown.all()] == [shown]
    assert events() == ["certification.declared"]
    assert acts(row) == ["declared"]
    assert is_due(supplier)
    assert row.watch_at == datetime(2026, 8, 2, 15, tzinfo=UTC)  # 240 days before, in Japan


def test_days_in_the_wrong_order_are_refused_and_nothing_is_kept(supplier):
    with pytest.raises(Unreadable, match="day of issue"):
        declare(supplier, issued_on=date(2026, 4, 2), valid_until=TODAY)

    assert not Certification.objects.exists()
    assert not Event.objects.exists()


def test_an_archived_supplier_is_read_only(supplier):
    row = declare(supplier)
    registering.archive(supplier, actor=SYSTEM, now=NOW)

    for act in (
        lambda: declare(supplier),
        lambda: certifying.change(row, {"note": "x"}, by=BY),
        lambda: certifying.withdraw(row, by=BY),
    ):
        with pytest.raises(Archived):
            act()


def test_a_person_verifies_against_a_document_and_who_did_is_kept(supplier):
    row, shown = declare(supplier, valid_until=ENDS), document(supplier)

    row = checking.verify(row, Check(covers=True, document=shown), by=BY)

    row = Certification.objects.get()
    assert (row.state, row.scope_covers, row.checked_document) == ("verified", "yes", shown)
    assert (row.verified_at, row.verified_by) == (NOW, BY.actor.plain())
    step = row.steps.latest("pk")
    assert (step.act, step.document, step.actor) == ("verified", shown, BY.actor.plain())
    assert step.detail == {"scope_covers": "yes", "points": None}
    assert events() == ["certification.declared", "certification.verified"]


def test_a_rejection_has_a_reason_and_is_final(supplier):
    row = declare(supplier)

    row = checking.reject(row, reason="番号が登録簿にありません。", by=BY)

    assert (row.state, row.watch_at) == (State.REJECTED, None)
    assert events()[-1] == "certification.rejected"
    for act in (
        lambda: checking.verify(row, Check(covers=True, note="x"), by=BY),
        lambda: checking.reject(row, reason="x", by=BY),
        lambda: certifying.change(row, {"note": "x"}, by=BY),
        lambda: certifying.withdraw(row, by=BY),
        lambda: certifying.renew(row, {}, source=CONTRACTOR, by=BY),
        lambda: certifying.reconfirm(row, by=BY),
    ):
        with pytest.raises(WrongStatus) as refusal:
            act()
        assert refusal.value.more["allowed"]
        assert "rejected" not in refusal.value.more["allowed"]


def test_what_has_ended_cannot_be_verified(supplier):
    row = declare(supplier, valid_until=date(2026, 3, 31))

    with pytest.raises(WrongStatus) as refusal:
        checking.verify(row, Check(covers=True, note="x"), by=BY)

    assert refusal.value.more == {"allowed": ["declared", "verified"]}
    assert "expired" in str(refusal.value)


def test_a_paper_that_says_something_else_must_be_checked_again(supplier):
    row = checking.verify(declare(supplier, valid_until=ENDS), Check(True, note="x"), by=BY)

    same = certifying.change(row, {"valid_until": ENDS}, by=BY)
    noted = certifying.change(row, {"note": "電話で確認"}, by=BY)
    changed = certifying.change(row, {"valid_until": date(2028, 3, 31)}, by=BY)

    assert (same.state, noted.state, changed.state) == ("verified", "verified", "declared")
    assert (changed.verified_at, changed.verified_by) == (None, None)
    assert acts(row) == ["declared", "verified", "changed", "changed"]
    assert changed.watch_at == datetime(2027, 8, 3, 15, tzinfo=UTC)
    last = Event.objects.latest("sequence")
    assert (last.kind, last.changed) == ("supplier.updated", ["certifications"])
    assert last.detail == {"certification": str(row.public_id), "act": "changed"}


def test_documents_are_replaced_as_a_list(supplier):
    first, second = document(supplier), document(supplier)
    row = declare(supplier, evidence=[first])

    certifying.change(row, {}, evidence=[second], by=BY)
    certifying.change(row, {}, evidence=[second], by=BY)

    assert [each.evidence for each in row.shown.all()] == [second]
    assert acts(row) == ["declared", "changed"]


def test_what_is_taken_back_stays_with_its_history(supplier):
    row = certifying.withdraw(declare(supplier, valid_until=ENDS), by=BY)

    assert (row.state, row.watch_at) == (State.WITHDRAWN, None)
    assert events() == ["certification.declared", "supplier.updated"]


def test_a_renewed_certificate_is_a_row_that_follows(supplier):
    old = checking.verify(
        declare(supplier, number="10123456(05)", valid_until=ENDS), Check(True, note="x"), by=BY
    )

    new = certifying.renew(old, {"valid_until": date(2029, 3, 31)}, source=CONTRACTOR, by=BY)

    assert (new.follows, new.state, new.scope_covers) == (old, State.DECLARED, "yes")
    assert (new.number, new.valid_until) == ("10123456(05)", date(2029, 3, 31))
    old.refresh_from_db()
    assert (old.state, old.valid_until) == (State.VERIFIED, ENDS)


def test_another_scope_must_be_judged_anew(supplier):
    old = checking.verify(declare(supplier, scope="本社"), Check(True, note="x"), by=BY)

    new = certifying.renew(old, {"scope": "全社"}, source=CONTRACTOR, by=BY)

    assert new.scope_covers == "unknown"


def filed(old, *, on=TODAY, evidence=None, by=BY):
    shown = [document(old.supplier)] if evidence is None else evidence
    return certifying.renew(old, {}, filed_on=on, evidence=shown, source=CONTRACTOR, by=by)


def test_a_filed_renewal_counts_for_120_days_after_the_old_end(supplier):
    new = filed(declare(supplier, valid_until=date(2026, 3, 31)))

    until = date(2026, 3, 31) + timedelta(days=120)
    assert (new.state, new.pending_until) == (State.RENEWAL_PENDING, until)
    assert new.status_on(until) is Status.RENEWAL_PENDING
    assert new.status_on(until + timedelta(1)) is Status.EXPIRED


def test_filing_again_lengthens_nothing(supplier):
    first = filed(declare(supplier, valid_until=date(2026, 3, 31)))
    later = By(BY.actor, NOW + timedelta(days=100))

    second = filed(first, on=later.today, by=later)

    assert second.pending_until == first.pending_until
    first.refresh_from_db()
    assert first.state == State.WITHDRAWN


@pytest.mark.parametrize("wrong", ["no document", "in future", "too late"])
def test_a_filing_that_proves_nothing_is_refused(supplier, wrong):
    last = date(2025, 11, 30) if wrong == "too late" else date(2026, 3, 31)
    old = declare(supplier, valid_until=last)

    with pytest.raises(RenewalUnproven):
        filed(
            old,
            on=TODAY + timedelta(1) if wrong == "in future" else TODAY,
            evidence=[] if wrong == "no document" else None,
        )


def test_the_new_certificate_takes_the_place_of_its_filing(supplier):
    old = declare(supplier, valid_until=date(2026, 3, 31))
    filing = filed(old)

    new = certifying.renew(old, {"valid_until": ENDS}, source=CONTRACTOR, by=BY)

    filing.refresh_from_db()
    assert (filing.state, new.state) == (State.WITHDRAWN, State.DECLARED)


def test_a_filing_has_no_days_of_its_own(supplier):
    filing = filed(declare(supplier, valid_until=date(2026, 3, 31)))

    with pytest.raises(WrongStatus):
        certifying.change(filing, {"valid_until": ENDS}, by=BY)


def test_a_declaration_is_reconfirmed_for_a_year(supplier):
    row = declare(supplier, Scheme.SECURITY_ACTION_2, number="40123456789")
    later = By(BY.actor, NOW + timedelta(days=300))
    assert row.reconfirm_on == date(2027, 4, 1)

    row = certifying.reconfirm(row, by=later)

    assert row.reconfirm_on == date(2028, 1, 26)
    assert row.watch_at == datetime(2028, 1, 25, 15, tzinfo=UTC)


def test_a_certificate_with_an_end_is_not_reconfirmed(supplier):
    with pytest.raises(NothingToReconfirm):
        certifying.reconfirm(declare(supplier), by=BY)


@pytest.mark.parametrize(
    ("field", "due"),
    [
        ({"exposure_system_access": True}, True),
        ({"exposure_confidential_information": False}, True),
        ({"handles_personal_data": True}, True),
        ({"exposure_note": "図面"}, False),
        ({"name": "別の名前"}, False),
        ({"handles_personal_data": False}, False),  # as it was
    ],
)
def test_what_a_rating_looks_at_makes_it_due(supplier, field, due):
    registering.update(supplier, field, actor=SYSTEM, now=NOW)

    assert is_due(supplier) is due


@pytest.mark.parametrize(
    ("broken", "truth"),
    [
        ({"issued_on": date(2026, 4, 2), "valid_until": TODAY}, "ends_after_it_began"),
        ({"state": "verified"}, "has_a_checker"),
        ({"state": "rejected"}, "rejection_reason_iff"),
        ({"rejection_reason": "x"}, "rejection_reason_iff"),
        ({"state": "renewal_pending"}, "pending_renewal_has"),
        ({"points": 601}, "checkers_points"),
        ({"state": "withdrawn", "watch_at": NOW}, "closed_certification_is_not_watched"),
        ({"letter": "expired"}, "letter_iff_due"),
    ],
)
def test_the_database_refuses_a_certification_that_cannot_be(broken, truth):
    row = CertificationFactory.create()

    with pytest.raises(IntegrityError, match=truth), transaction.atomic():
        Certification.objects.filter(pk=row.pk).update(**broken)


def test_an_act_costs_ten_queries(supplier, django_assert_num_queries):
    row = declare(supplier)
    with django_assert_num_queries(10):
        checking.verify(row, Check(True, note="x"), by=BY)
    assert Supplier.objects.get().rating_due_at == NOW
    assert CertificationStep.objects.count() == 2
