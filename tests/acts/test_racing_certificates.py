"""Acts on a certificate at the same moment end as if one had come after the other."""

from datetime import UTC, date, datetime

import pytest

from contractors.actors import SYSTEM
from events.models import Event
from ratings import rerating
from ratings.models import Rating
from suppliers import certifying, checking, lapsing, registering
from suppliers.checking import Check
from suppliers.errors import WrongStatus
from suppliers.models import Certification, State, Supplier
from suppliers.writing import By
from tests.acts.test_lapsing import rate
from tests.factories import CertificationFactory, ContractorFactory, SupplierFactory
from tests.racing import race, together

pytestmark = pytest.mark.usefixtures("committed")

NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)
BY = By(SYSTEM, NOW)


def kinds():
    return sorted(Event.objects.values_list("kind", flat=True))


def verify(row):
    try:
        return checking.verify(row, Check(covers=True, note="登録簿で確認"), by=BY)
    except WrongStatus as refusal:
        return refusal


def reject(row):
    try:
        return checking.reject(row, reason="番号が違います。", by=BY)
    except WrongStatus as refusal:
        return refusal


@pytest.mark.parametrize("attempt", range(4))
def test_of_verify_and_reject_at_the_same_moment_one_wins(attempt):
    row = CertificationFactory.create()

    verified, rejected = race(lambda: verify(row), lambda: reject(row))

    refused = [each for each in (verified, rejected) if isinstance(each, WrongStatus)]
    assert len(refused) == 1
    row.refresh_from_db()
    won = State.REJECTED if refused == [verified] else State.VERIFIED
    assert row.state == won
    assert kinds() == [f"certification.{won}"]
    assert row.steps.count() == 1


def test_clocks_at_the_same_moment_tell_each_end_once():
    contractor = ContractorFactory.create()
    for _ in range(40):
        supplier = SupplierFactory.create(contractor=contractor)
        CertificationFactory.create(
            contractor=contractor, supplier=supplier, watch_at=NOW, valid_until=date(2026, 3, 31)
        )

    done = together(lambda: sum(iter(lambda: lapsing.watch(now=NOW, limit=5), 0)))

    assert sum(done) == 40
    assert kinds() == ["certification.expired"] * 40
    assert Supplier.objects.filter(rating_due_at=NOW).count() == 40


def test_acts_the_clock_and_the_rating_at_the_same_moment_never_cross():
    row = CertificationFactory.create(
        scheme="isms", state=State.VERIFIED, scope_covers="yes", watch_at=NOW,
        valid_until=date(2026, 3, 31),
    )  # fmt: skip
    rate(row.supplier)
    Supplier.objects.update(rating_due_at=NOW)

    race(
        lambda: lapsing.watch(now=NOW),
        lambda: certifying.change(row, {"note": "x"}, by=BY),
        lambda: registering.update(row.supplier, {"tags": ["x"]}, actor=SYSTEM, now=NOW),
        lambda: rerating.rerate(now=NOW),
    )
    Supplier.objects.update(rating_due_at=NOW)
    together(lambda: rerating.rerate(now=NOW))

    assert Certification.objects.get().watch_at is None
    assert Rating.objects.count() == 2
    supplier = Supplier.objects.get()
    assert supplier.standing_grade == "B"
    assert supplier.rating_due_at > NOW
