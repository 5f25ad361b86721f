"""A query that is built once gives what a queryset gives, whatever it is asked with."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from contractors.prepared import Prepared, Underived
from suppliers.models import Supplier
from tests.factories import ContractorFactory, SupplierFactory


def named(*, contractor: int, code: str = "A"):
    return Supplier.objects.filter(contractor=contractor, code=code).values("code", "tags")


def test_each_call_is_answered_by_its_own_parameters(db):
    prepared = Prepared(named, contractor=int)
    one, two = ContractorFactory.create_batch(2)
    SupplierFactory.create(contractor=one, code="A", tags=["x"])

    found = [prepared.rows(contractor=contractor.pk) for contractor in (one, two, one)]

    assert found == [[{"code": "A", "tags": ["x"]}], [], [{"code": "A", "tags": ["x"]}]]


def test_values_are_converted_as_a_queryset_converts_them(contractor):
    SupplierFactory.create(contractor=contractor, external_ids={"sap": "7"})

    def build(*, contractor: int):
        rows = Supplier.objects.filter(contractor=contractor).annotate(same=F("external_ids"))
        return rows.values("public_id", "external_ids", "created_at", "same")

    assert Prepared(build, contractor=int).rows(contractor=contractor.pk) == list(
        build(contractor=contractor.pk)
    )


def test_a_parameter_that_is_computed_from_another_is_refused(contractor):
    def build(*, day: date):
        return Supplier.objects.filter(standing_as_of__date=day - timedelta(days=1)).values("pk")

    with pytest.raises(Underived):
        Prepared(build, day=date).rows(day=date(2026, 4, 1))
