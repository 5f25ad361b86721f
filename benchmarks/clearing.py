"""May an order be placed: against a view of the service that only knows who asks."""

from benchmarks import answered, timing
from benchmarks.laboratory import Laboratory, Site
from benchmarks.reporting import Line
from benchmarks.wsgi import AUTHENTICATED
from suppliers.models import Supplier

AIM = 1.5


def measure(lab: Laboratory) -> list[Line]:
    site = lab.large
    with site.database.used():
        answered.fill(site)
    path = address(site)
    found = timing.medians(
        lab.plan.rounds,
        {"clearance": site.fetching(path), "floor": site.fetching(AUTHENTICATED)},
    )
    name = f"clearance among {site.database.size.suppliers:,} suppliers"
    return [Line(name, found["clearance"], "authenticated view", found["floor"], AIM)]


def address(site: Site) -> str:
    """The clearance of one of its suppliers."""
    with site.database.used():
        supplier = Supplier.objects.of(site.made.contractor).earliest("pk")
    return f"/api/v1/suppliers/{supplier.public_id}/clearance/"
