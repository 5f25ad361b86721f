from rest_framework.routers import SimpleRouter

from questionnaires.api.views import QuestionnaireViewSet

router = SimpleRouter(use_regex_path=False)
router.register("questionnaires", QuestionnaireViewSet)
urlpatterns = router.urls
