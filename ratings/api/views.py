from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from contractors.api.paging import Paging
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS
from ratings import supposing, telling
from ratings.api import opening
from ratings.api.advice_serializers import AdvisedRatingOut, SupposedRatingOut
from ratings.api.inputs import RatingQuery, WhatIfIn
from ratings.api.serializers import RatingOut, RatingWithoutAnswersOut
from ratings.api.standing_serializers import (
    AdvisedStandingOut,
    PastRatingOut,
    StandingOut,
    StandingWithHistoryOut,
)
from ratings.models import Rating
from ratings.supposing import Incomplete
from suppliers.models import Supplier

FILTERS = {
    "supplier": "supplier__public_id",
    "level": "level",
    "grade": "grade",
    "cause": "cause",
    "updated_since": "created_at__gte",
}


class RatingViewSet(OwnRowsViewSet[Rating]):
    """Every rating that was made, and those that would be. None ever changes."""

    queryset = Rating.objects.all()
    serializer_class = RatingOut
    read_scope = Scope.RATINGS_READ
    scopes = {"what_if": Scope.RATINGS_READ}
    roles = {"list": ASKERS, "retrieve": ASKERS, "what_if": ASKERS}
    queries = {"list": RatingQuery}
    inputs = {"what_if": WhatIfIn}

    def filter_queryset(self, queryset: Any) -> Any:
        wanted = {FILTERS[name]: value for name, value in self.query.items() if name in FILTERS}
        return telling.whole(queryset.filter(**wanted))

    @extend_schema(parameters=[RatingQuery], responses=RatingOut(many=True))
    def list(self, request: Request) -> Response:
        """The newest first. Where answers are not open to the caller: no item, and nothing that

        tells one.
        """
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        seen = opening.opened(self.key, page)
        shown = [RatingOut if row.pk in seen else RatingWithoutAnswersOut for row in page]
        told = [each(row).data for each, row in zip(shown, page, strict=True)]
        return self.get_paginated_response(told)

    @extend_schema(responses=AdvisedRatingOut)
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.shown(self.get_object()))

    def shown(self, row: Rating) -> Any:
        seen = opening.opened(self.key, [row])
        return (AdvisedRatingOut if seen else RatingWithoutAnswersOut)(row).data

    @extend_schema(request=WhatIfIn, responses=SupposedRatingOut)
    @action(detail=False, methods=["post"], url_path="what-if")
    def what_if(self, request: Request) -> Response:
        """The rating that answers or changes would give. Nothing is stored.

        On a supplier's own answers it needs `answers:read`.
        """
        wanted = self.wanted()
        if wanted["supplier"]:
            seen = opening.wholly_opened(self.key, [wanted["supplier"].pk])
            self.refuse_closed(frozenset({self.key.reads_as()} if seen else ()))
        try:
            supposed = supposing.suppose(**wanted, now=self.now)
        except Incomplete as gaps:
            sentence = _("Give all 25 answers, or none. Missing: %(items)s.")
            told = sentence % {"items": ", ".join(map(str, gaps.numbers))}
            raise ValidationError({"answers": [ErrorDetail(told, "incomplete")]}) from gaps
        return Response(SupposedRatingOut(supposed).data)


class StandingViewSet(OwnRowsViewSet[Supplier]):
    """How a supplier stands today, and every rating that led there."""

    queryset = Supplier.objects.all()
    serializer_class = StandingWithHistoryOut
    read_scope = Scope.RATINGS_READ
    roles = {"retrieve": ASKERS}
    queries = {"retrieve": Paging}

    @extend_schema(responses=StandingWithHistoryOut)
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        """`history` is paged: `page_size` and `cursor` are about it, the newest first."""
        supplier = self.get_object()
        seen = opening.wholly_opened(self.key, [supplier.pk])
        shown = AdvisedStandingOut if seen else StandingOut
        told = shown(telling.stand(supplier, now=self.now)).data
        past = Rating.objects.of(self.contractor).filter(supplier=supplier)
        page = self.paginate_queryset(telling.whole(past).defer("inputs", "result"))
        history = self.get_paginated_response(PastRatingOut(page, many=True).data)
        links = {"Link": history["Link"]} if history.has_header("Link") else None
        return Response({**told, "history": history.data}, headers=links)
