from django.urls import path

from retention.api.views import RetentionViewSet

urlpatterns = [
    path("retention/", RetentionViewSet.as_view({"get": "retrieve"}), name="retention"),
]
