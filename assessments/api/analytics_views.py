from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import telling
from assessments.analysing import comparing
from assessments.analysing.crosstab import crosstab
from assessments.analysing.portfolio import portfolio
from assessments.api.analytics_serializers import (
    BenchmarkQuery,
    BenchmarksOut,
    CrosstabOut,
    CrosstabQuery,
    PortfolioOut,
    PortfolioQuery,
)
from assessments.models import Submission, Tally
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import EVERYBODY
from ratings import survey
from suppliers import days


class PortfolioViewSet(OwnRowsViewSet[Tally]):
    """All own suppliers that are not archived in one view: where they stand and how they answer."""

    queryset = Tally.objects.all()
    read_scope = Scope.RATINGS_READ
    roles = {"retrieve": EVERYBODY}
    queries = {"retrieve": PortfolioQuery}
    paged = ()

    @extend_schema(responses=PortfolioOut, operation_id="analytics_portfolio")
    def retrieve(self, request: Request) -> Response:
        told = portfolio(self.contractor, self.query, today=days.in_japan(self.now))
        return Response(PortfolioOut(told).data)


class CrosstabViewSet(OwnRowsViewSet[Tally]):
    """Groups of own suppliers against what happened to them: an association, never a cause.

    Counts of fewer than five, or of all but fewer than five, are withheld, and so many others that
    no total gives them away.
    """

    queryset = Tally.objects.all()
    read_scope = Scope.RATINGS_READ
    roles = {"retrieve": EVERYBODY}
    queries = {"retrieve": CrosstabQuery}
    paged = ()

    @extend_schema(responses=CrosstabOut, operation_id="analytics_crosstab")
    def retrieve(self, request: Request) -> Response:
        told = crosstab(self.contractor, **self.query, today=days.in_japan(self.now))
        return Response(CrosstabOut(told).data)


class BenchmarkViewSet(OwnRowsViewSet[Tally]):
    """Figures of IPA's survey with source, base and warnings, and own answers beside them."""

    queryset = Tally.objects.all()
    read_scope = Scope.RATINGS_READ
    roles = {"retrieve": EVERYBODY}
    queries = {"retrieve": BenchmarkQuery}
    paged = ()

    @extend_schema(responses=BenchmarksOut, operation_id="benchmarks_retrieve")
    def retrieve(self, request: Request) -> Response:
        figures = [
            figure
            for figure in survey.ipa().figures
            if self.query.get("item", figure.item) == figure.item
            and self.query.get("kind", figure.kind) == figure.kind
        ]
        told = {"survey": survey.ipa(), "figures": figures, "own": self._own()}
        return Response(BenchmarksOut(told).data)

    def _own(self) -> dict[str, Any] | None:
        if not {"supplier", "assessment"} & self.query.keys():
            return None
        submission = self._submission()
        self.refuse_closed(submission.assessment.readers() if submission else EVERYBODY)
        if submission is None or submission.rating is None:
            return None  # nothing that the survey's figures are about
        return comparing.beside(submission, actor=self.actor, now=self.now)

    def _submission(self) -> Submission | None:
        if "supplier" in self.query:
            return comparing.newest(self.query["supplier"])
        return telling.newest(self.query["assessment"])
