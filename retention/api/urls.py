from django.urls import path
from rest_framework.routers import SimpleRouter

from retention.api.request_views import PersonRequestViewSet
from retention.api.views import RetentionViewSet

router = SimpleRouter(use_regex_path=False)
router.register("retention/requests", PersonRequestViewSet, basename="person-request")
urlpatterns = [
    *router.urls,
    path("retention/", RetentionViewSet.as_view({"get": "retrieve"}), name="retention"),
]
