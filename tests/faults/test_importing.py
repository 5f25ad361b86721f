"""Workers die in the middle of an import: every row is done, and none twice."""

from django.db.models import Count
from django.utils import timezone

from contractors.actors import SYSTEM
from events import operating
from events.models import Event
from events.operating import CHUNK, Order
from suppliers.importing import undoing
from suppliers.models import Certification, CertificationStep, Contact, ImportChange, Supplier
from suppliers.writing import By
from tests.factories import SupplierFactory

ROWS = 20 * CHUNK
MANY = 10_000
RING = "suppliers.import_rows"


def begun(contractor, kind, values):
    rows = [{"row": n + 2, "values": each, "errors": []} for n, each in enumerate(values)]
    order = Order(contractor, f"import.{kind}", False, SYSTEM)
    return operating.begin(order, rows, now=timezone.now())


def doubled(rows, *names):
    return rows.values(*names).annotate(rows=Count("pk")).filter(rows__gt=1).count()


def test_workers_killed_in_the_middle_of_an_import_do_every_row_once(survived, contractor):
    Supplier.objects.bulk_create(
        SupplierFactory.build(contractor=contractor, code=f"S{n:05}") for n in range(ROWS)
    )
    values = [
        {"supplier": f"S{n:05}", "scheme": "pmark", "number": f"{10_000_000 + n}"}
        for n in range(ROWS)
    ]

    counts = survived(begun(contractor, "certifications", values), RING)

    assert counts == {"created": ROWS}
    assert Certification.objects.count() == CertificationStep.objects.count() == ROWS
    assert Event.objects.filter(kind="certification.declared").count() == ROWS
    assert not doubled(Certification.objects, "supplier")


def test_of_ten_thousand_suppliers_none_is_lost_and_none_doubled_by_kills(survived, contractor):
    values = [
        {"code": f"S{n:05}", "name": f"会社{n}", "contact_email": f"s{n}@x.example"}
        for n in range(MANY)
    ]
    operation = begun(contractor, "suppliers", values)

    counts = survived(operation, RING)

    created = Event.objects.filter(kind="supplier.created")
    assert counts == {"created": MANY}
    assert Supplier.objects.count() == Contact.objects.count() == created.count() == MANY
    assert set(Supplier.objects.values_list("code", flat=True)) == {each["code"] for each in values}
    assert not doubled(Contact.objects, "supplier")
    assert not doubled(created, "subject_id")

    undo = undoing.begin(operation, only_good_rows=False, by=By(SYSTEM, timezone.now()))
    counts = survived(undo, RING)

    removed = Event.objects.filter(kind="supplier.removed")
    assert counts == {"removed": MANY}
    assert not Supplier.objects.exists()
    assert not Contact.objects.exists()
    assert not ImportChange.objects.exists()
    assert removed.count() == MANY
    assert not doubled(removed, "subject_id")
