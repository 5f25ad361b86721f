from django.urls import path
from rest_framework.routers import SimpleRouter

from ratings.api.views import RatingViewSet, StandingViewSet

router = SimpleRouter(use_regex_path=False)
router.register("ratings", RatingViewSet)
urlpatterns = [
    path(
        "suppliers/<uuid:public_id>/standing/",
        StandingViewSet.as_view({"get": "retrieve"}),
        name="standing",
    ),
    *router.urls,
]
