from rest_framework import mixins

from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import EVERYBODY
from questionnaires.api.serializers import QuestionnaireOut, QuestionnaireRowOut
from questionnaires.models import Questionnaire


class QuestionnaireViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Questionnaire]
):
    """What can be asked: the official questionnaires and the contractor's own."""

    queryset = Questionnaire.objects.all()
    read_scope = Scope.ASSESSMENTS_READ
    roles = {"list": EVERYBODY, "retrieve": EVERYBODY}

    def get_queryset(self) -> OwnedQuerySet[Questionnaire]:
        rows = super().get_queryset()
        return rows.defer("content") if self.action == "list" else rows

    def get_serializer_class(self) -> type[QuestionnaireRowOut]:
        return QuestionnaireRowOut if self.action == "list" else QuestionnaireOut
