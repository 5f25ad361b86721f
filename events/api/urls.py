from rest_framework.routers import SimpleRouter

from events.api.operation_views import OperationViewSet
from events.api.views import DeliveryViewSet, EndpointViewSet, EventViewSet

router = SimpleRouter(use_regex_path=False)
router.register("events", EventViewSet)
router.register("operations", OperationViewSet)
router.register("webhooks/<uuid:endpoint_id>/deliveries", DeliveryViewSet, basename="delivery")
router.register("webhooks", EndpointViewSet, basename="webhook")
urlpatterns = router.urls
