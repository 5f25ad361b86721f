"""A policy that changed makes all of a contractor due; the ratings before stay as they were."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ratings import rerating
from ratings.models import Rating
from tests.acts.test_lapsing import rate
from tests.acts.test_rerating import supplier_in

pytestmark = pytest.mark.django_db


@pytest.mark.invents_ratings
def test_another_policy_rates_all_of_a_contractor_again(capsys):
    mine, other = supplier_in(), supplier_in()
    unrated = supplier_in(mine.contractor)
    for each in (mine, other):
        rate(each, now=timezone.now())
    Rating.objects.bulk_create([_under_another_policy(mine)])

    call_command("ratings_rerate", "--contractor", str(mine.contractor.public_id))
    assert capsys.readouterr().out == "Due now: 1\n"
    assert rerating.rerate(now=timezone.now()) == 1

    unrated.refresh_from_db()
    assert unrated.rating_due_at is None
    assert Rating.objects.latest("pk").cause == "policy"
    assert Rating.objects.filter(supplier=other).count() == 1


def _under_another_policy(supplier):
    row = Rating.objects.get(supplier=supplier)
    row.pk, row.public_id, row.policy_digest = None, supplier.contractor.public_id, "another"
    return row


@pytest.mark.parametrize("given", ["x", "00000000-0000-7000-8000-000000000000"])
def test_a_contractor_that_is_not_there_is_refused(given):
    with pytest.raises(CommandError, match="There is no contractor"):
        call_command("ratings_rerate", "--contractor", given)
