from django.urls import path
from rest_framework.routers import SimpleRouter

from contractors.api.user_views import UserViewSet
from contractors.api.views import ApiKeyViewSet, ContractorViewSet

router = SimpleRouter(use_regex_path=False)
router.register("api-keys", ApiKeyViewSet)
router.register("users", UserViewSet)
urlpatterns = [
    path(
        "contractor/",
        ContractorViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="contractor",
    ),
    *router.urls,
]
