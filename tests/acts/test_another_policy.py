"""A policy that changed makes all of a contractor due; the ratings before stay as they were."""

import pytest

from ratings import rerating
from ratings.models import Rating
from tests.acts.test_lapsing import AFTER, rate
from tests.acts.test_rerating import supplier_in

pytestmark = pytest.mark.django_db


def test_another_policy_rates_all_of_a_contractor_again():
    mine, other = supplier_in(), supplier_in()
    unrated = supplier_in(mine.contractor)
    for each in (mine, other):
        rate(each)
    Rating.objects.bulk_create([_under_another_policy(mine)])

    assert rerating.owe(mine.contractor, now=AFTER) == 1
    assert rerating.rerate(now=AFTER) == 1

    unrated.refresh_from_db()
    assert unrated.rating_due_at is None
    assert Rating.objects.latest("pk").cause == "policy"
    assert Rating.objects.filter(supplier=other).count() == 1


def _under_another_policy(supplier):
    row = Rating.objects.get(supplier=supplier)
    row.pk, row.public_id, row.policy_digest = None, supplier.contractor.public_id, "another"
    return row
