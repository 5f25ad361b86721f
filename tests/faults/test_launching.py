"""Workers die in the middle of a launch: every supplier is asked once, and none twice."""

from django.db.models import Count
from django.utils import timezone

from assessments import launching
from assessments.models import Assessment, Mail, Occasion, Series
from assessments.preparing import NOTHING
from contractors.actors import SYSTEM
from events.models import Event
from tests.factories import CampaignFactory

SUPPLIERS = 2_000
RING = "assessments.launch"
KILLS = 2


def test_workers_killed_in_the_middle_of_a_launch_ask_every_supplier_once(
    survived, contractor, monkeypatch
):
    monkeypatch.setattr(launching, "CHUNK", 100)  # so that there is a middle
    campaign = CampaignFactory.create(contractor=contractor, suppliers=SUPPLIERS)
    operation = launching.launch(campaign, confirmed=NOTHING, actor=SYSTEM, now=timezone.now())

    counts = survived(operation, RING, kills=KILLS)

    assert counts == {"asked": SUPPLIERS}
    assert Assessment.objects.count() == Mail.objects.count() == SUPPLIERS
    assert Occasion.objects.filter(kind="invitation").count() == SUPPLIERS
    assert Series.objects.get().last == SUPPLIERS
    numbers = list(Assessment.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, SUPPLIERS + 1))
    sequences = list(Event.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, 2 * SUPPLIERS + 2))
    asked = Event.objects.filter(kind="assessment.invited").values("subject_id")
    assert not asked.annotate(rows=Count("pk")).filter(rows__gt=1).exists()
