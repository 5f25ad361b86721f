"""The owner row first: every act on a supplier's rows holds the supplier before it looks."""

from suppliers.models import Certification, Supplier


def lock(supplier: Supplier) -> Supplier:
    """The row as it is now, held until the transaction ends."""
    rows = Supplier.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("contractor").get(pk=supplier.pk)


def lock_certification(certification: Certification) -> Certification:
    """The certification as it is now, its supplier held and complete."""
    supplier = lock(Supplier(pk=certification.supplier_id))
    row = Certification.objects.get(pk=certification.pk)
    row.supplier, row.contractor = supplier, supplier.contractor
    return row
