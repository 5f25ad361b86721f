"""For all certificates and all days: what is over, rejected or taken back never counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from ratings import holding, policy, summing
from ratings.facts import Facts
from suppliers.certificates import Scheme
from suppliers.models import Certification, State, Status
from tests.factories import CertificationFactory, EvidenceFactory, SupplierFactory

pytestmark = pytest.mark.django_db

FIRST = date(2025, 10, 1)
DAYS = st.dates(FIRST, FIRST + timedelta(days=60))
NOW = datetime(2025, 10, 1, tzinfo=UTC)
SEEN = (Status.EXPIRED, Status.REJECTED, Status.WITHDRAWN)


@st.composite
def rows(draw):
    """What a row can be, as the database lets it be."""
    state = draw(st.sampled_from(State))
    pending = state is State.RENEWAL_PENDING
    return {
        "scheme": draw(st.sampled_from(Scheme)).value,
        "state": state,
        "edition": draw(st.sampled_from([None, "2013", "2022"])),
        "valid_until": draw(st.none() | DAYS),
        "scope_covers": draw(st.sampled_from(["yes", "partly", "no", "unknown"])),
        "points": draw(st.none() | st.integers(0, 600)),
        "renewal_filed_on": FIRST if pending else None,
        "pending_until": draw(DAYS) if pending else None,
    }


def total(held):
    facts = Facts(
        answers=dict.fromkeys(range(1, 26), "done"),
        person=True,
        handles_personal_data=True,
        exposure=(True, False, False),
        answered_on=FIRST,
        as_of=FIRST,
        certifications=tuple(held),
    )
    return summing.add_up(facts, policy.standard()).score


def over(fields, day):
    """Written apart from the code: the last day, and what closes a row."""
    if fields["state"] in {State.REJECTED, State.WITHDRAWN}:
        return True
    ends = [fields["pending_until"] or fields["valid_until"] or date.max]
    if (fields["scheme"], fields["edition"]) == ("isms", "2013") and not fields["pending_until"]:
        ends.append(date(2025, 10, 30))
    return min(ends) < day


@effort(max_examples=150)
@given(st.lists(rows(), max_size=4), DAYS)
def test_what_is_over_rejected_or_taken_back_never_counts(given_rows, day):
    supplier = SupplierFactory.create()
    for fields in given_rows:
        made = {"contractor": supplier.contractor, "supplier": supplier, "created_at": NOW}
        CertificationFactory.create(**made, **fields)

    held = holding.held([supplier], day=day)[supplier.pk]

    living = [fields for fields in given_rows if not over(fields, day)]
    counted = [one for one in held if one.status not in SEEN]
    assert len(counted) == len(living)
    assert sorted(one.scheme for one in counted) == sorted(each["scheme"] for each in living)
    assert total(held) == total(counted)


@effort(max_examples=150)
@given(rows(), DAYS)
def test_the_query_and_the_row_say_the_same_of_every_day(fields, day):
    row = CertificationFactory.create(created_at=NOW, **fields)

    found = Certification.objects.as_of(day).get(pk=row.pk)

    assert found.status == row.status_on(day)
    assert found.ends_on == row.last_day()
    assert (found.status == Status.EXPIRED) <= (found.ends_on is not None)


def test_a_document_that_was_removed_is_no_proof_any_more():
    row = CertificationFactory.create(scheme="isms", created_at=NOW)
    shown = EvidenceFactory.create(contractor=row.contractor, supplier=row.supplier)
    row.shown.create(contractor=row.contractor, evidence=shown)
    [before] = holding.held([row.supplier], day=FIRST)[row.supplier_id]
    type(shown).objects.update(removed_at=NOW)

    [after] = holding.held([row.supplier], day=FIRST)[row.supplier_id]

    assert replace(before, has_document=False) == after
