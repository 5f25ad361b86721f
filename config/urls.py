from django.urls import include, path

from config import health, metrics, openapi, problems

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("problems/<slug:code>", problems.page, name="problem"),
    path("api/v1/openapi.json", openapi.document, name="openapi"),
    path("api/docs/", openapi.docs, name="docs"),
    path("api/v1/", include("contractors.api.urls")),
    path("api/v1/", include("suppliers.api.urls")),
    path("api/v1/", include("questionnaires.api.urls")),
    path("api/v1/", include("events.api.urls")),
    path("api/v1/", include("ratings.api.urls")),
    path("api/v1/", include("assessments.api.urls")),
    path("api/v1/", include("retention.api.urls")),
    path("", include("assessments.form.urls")),
]
# Pages for people; below /api/ the middleware turns them into problems.
handler400 = "assessments.form.failing.bad_request"
handler403 = "assessments.form.failing.permission_denied"
handler404 = "assessments.form.failing.not_found"
handler500 = "assessments.form.failing.server_error"
