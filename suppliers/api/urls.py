from rest_framework.routers import SimpleRouter

from suppliers.api.certification_views import (
    CertificationViewSet,
    SupplierCertificationViewSet,
)
from suppliers.api.evidence_views import EvidenceViewSet
from suppliers.api.import_views import ImportViewSet
from suppliers.api.undo_views import UndoViewSet
from suppliers.api.views import ContactViewSet, SupplierByCodeViewSet, SupplierViewSet

router = SimpleRouter(use_regex_path=False)
router.register("suppliers/by-code", SupplierByCodeViewSet, basename="supplier-by-code")
router.register("suppliers/<uuid:supplier_id>/contacts", ContactViewSet, basename="contact")
router.register("suppliers/<uuid:supplier_id>/evidence", EvidenceViewSet, basename="evidence")
router.register(
    "suppliers/<uuid:supplier_id>/certifications",
    SupplierCertificationViewSet,
    basename="supplier-certification",
)
router.register("imports", ImportViewSet, basename="import")
router.register("operations", UndoViewSet, basename="undo")
router.register("certifications", CertificationViewSet, basename="certification")
router.register("suppliers", SupplierViewSet)
urlpatterns = router.urls
