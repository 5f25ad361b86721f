"""Workers die in the middle of an import: every row is done, and none twice."""

from django.db.models import Count
from django.utils import timezone

from contractors.actors import SYSTEM
from events import operating
from events.models import Event, Operation
from events.operating import CHUNK, Order
from suppliers.models import Certification, CertificationStep, Supplier
from tests.factories import SupplierFactory
from tests.faults.processes import until

ROWS = 20 * CHUNK
RING = "suppliers.import_rows"
KILLS = 5


def begun(contractor):
    Supplier.objects.bulk_create(
        SupplierFactory.build(contractor=contractor, code=f"S{n:05}") for n in range(ROWS)
    )
    rows = [
        {
            "row": n + 2,
            "values": {"supplier": f"S{n:05}", "scheme": "pmark", "number": f"{10_000_000 + n}"},
            "errors": [],
        }
        for n in range(ROWS)
    ]
    order = Order(contractor, "import.certifications", False, SYSTEM)
    return operating.begin(order, rows, now=timezone.now())


def test_workers_killed_in_the_middle_of_an_import_do_every_row_once(service, doorbell, contractor):
    operation = begun(contractor)

    def done():
        operation.refresh_from_db()
        return operation.done

    for _ in range(KILLS):
        before = done()
        worker = service.worker()
        doorbell.ring(RING)
        until(lambda before=before: done() > before, "another chunk is done")
        worker.kill()
        worker.end()
        # Its lease is over: as if five minutes had passed.
        Operation.objects.filter(closed_at=None).update(due_at=timezone.now())
    assert 0 < done() < ROWS
    service.worker()
    doorbell.ring(RING)
    until(lambda: done() == ROWS, "the last worker does the rest")

    assert (operation.status, operation.done) == ("succeeded", ROWS)
    assert operation.attempt > KILLS
    assert operation.counts == {"created": ROWS}
    assert Certification.objects.count() == CertificationStep.objects.count() == ROWS
    assert Event.objects.filter(kind="certification.declared").count() == ROWS
    doubled = Certification.objects.values("supplier").annotate(rows=Count("pk"))
    assert not doubled.filter(rows__gt=1).exists()
