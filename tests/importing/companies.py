"""Small sheets of suppliers, and what happened to them."""

from django.utils import timezone

from events.models import Event
from suppliers.importing import beginning
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
