"""Small sheets of suppliers, and what happened to them."""

from django.utils import timezone

from events.models import Event
from suppliers.importing import beginning
from suppliers.models import Contact, Supplier
from tests.importing.sheets import csv, send

HEADING = ["取引先コード", "会社名", "メールアドレス"]


def of(api, *rows, heading=HEADING, kind="suppliers", **options):
    return send(api, csv(*rows, heading=heading), kind=kind, **options)


def happened():
    """What happened to suppliers: kind, and the names of what changed."""
    events = Event.objects.filter(kind__startswith="supplier.").order_by("sequence")
    return [(each.kind, each.changed) for each in events]


def turn(now=None):
    """What one worker does when the bell rings once."""
    now = now or timezone.now()
    for operation in beginning.claim(now=now):
        beginning.go_on(operation, now=now)
    return now


def stored():
    """All that suppliers and contacts say, but for when."""
    suppliers = Supplier.objects.order_by("pk").values()
    times = {"updated_at", "rating_due_at"}
    told = [{key: each[key] for key in each.keys() - times} for each in suppliers]
    return told, list(Contact.objects.order_by("pk").values())


def rename(api, supplier):
    address = f"/api/v1/suppliers/{supplier.public_id}/"
    tag = api.get(address)["ETag"]
    answer = api.patch(address, {"name": "別の名"}, "json", headers={"If-Match": tag})
    assert answer.status_code == 200


def refused(answer):
    assert answer.status_code == 409, answer.json()
    return answer.json()["code"]
