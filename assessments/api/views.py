from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import asking, telling
from assessments.api.answer_serializers import AnswersOut, HandedEvidenceOut
from assessments.api.deadline_views import DeadlineActions
from assessments.api.handover_views import HandoverActions
from assessments.api.review_views import ReviewActions
from assessments.api.serializers import (
    AssessmentIn,
    AssessmentOut,
    AssessmentQuery,
    CancelIn,
    SubmissionOut,
)
from assessments.api.sharing_views import SharingActions
from assessments.api.warning_serializers import CreateQuery, ForewarnedOut, SendIn, warnings
from assessments.asking import Wish
from assessments.models import Assessment, Submission
from assessments.preparing import Confirmed
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS
from ratings.api.advice_serializers import AdvisedRatingOut
from ratings.api.serializers import RatingWithoutAnswersOut


class AssessmentViewSet(
    DeadlineActions,
    HandoverActions,
    ReviewActions,
    SharingActions,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    OwnRowsViewSet[Assessment],
):
    """Requests to suppliers: asked, sent, taken back, and what was answered."""

    queryset = Assessment.objects.all()
    serializer_class = AssessmentOut
    read_scope = Scope.ASSESSMENTS_READ
    write_scope = Scope.ASSESSMENTS_WRITE
    scopes = {
        "rating": Scope.RATINGS_READ,
        "answers": Scope.ANSWERS_READ,
        "evidence": Scope.ANSWERS_READ,
        **ReviewActions.scopes,
    }
    roles = {  # whose answers a request opens to whom, the request says itself
        "list": ASKERS,
        "retrieve": ASKERS,
        "create": ASKERS,
        "send": ASKERS,
        "cancel": ASKERS,
        "submissions": ASKERS,
        "rating": ASKERS,
        "answers": ASKERS,
        "evidence": ASKERS,
    }
    inputs = {
        "create": AssessmentIn,
        "send": SendIn,
        "cancel": CancelIn,
        **DeadlineActions.inputs,
        **HandoverActions.inputs,
        **ReviewActions.inputs,
        **SharingActions.inputs,
    }
    by_person = ReviewActions.by_person
    queries = {"list": AssessmentQuery, "create": CreateQuery}
    paged = ("list", "submissions", "clarifications")
    idempotency_required = ("send",)
    blind = False  # answers are never written over unseen

    @property
    def today(self) -> Any:
        """The day in Japan."""
        return timezone.localdate(self.now)

    def filter_queryset(self, queryset: Any) -> Any:
        rows = telling.whole(queryset)
        if "status" in self.query:
            rows = rows.filter(status=self.query["status"])
        if "supplier" in self.query:
            rows = rows.filter(supplier__public_id=self.query["supplier"])
        if "campaign" in self.query:
            rows = rows.filter(campaign__public_id=self.query["campaign"])
        return rows

    @extend_schema(parameters=[AssessmentQuery])
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        assert page is not None
        return self.get_paginated_response(self._told(page))

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.shown(self.get_object()))

    @extend_schema(
        request=AssessmentIn,
        parameters=[CreateQuery],
        responses={200: ForewarnedOut, 201: AssessmentOut},
    )
    def create(self, request: Request) -> Response:
        """Asks one supplier. With `dry_run` the same is done and taken back: 200 with warnings.

        Warnings hinder a draft never, and sending only where they are `serious`: then a key of a
        person names their codes in `confirmed_warnings` (else 409 `warnings-unconfirmed`).
        Promises need a key of a person, too (else 403 `person-needed`).
        """
        wanted, dry = self.wanted(), self.query["dry_run"]
        send, codes = wanted.pop("send"), wanted.pop("confirmed_warnings")
        confirmed = None if dry else Confirmed(self.key.user, codes)
        assessment = asking.ask(
            self.contractor,
            Wish(**wanted),
            send=send,
            confirmed=confirmed,
            actor=self.actor,
            now=self.now,
        )
        if dry:
            told = {"warnings": warnings(assessment)}
            self.question = None  # nothing happened that could happen twice
            transaction.set_rollback(True)
            return Response(told)
        return self.created(assessment)

    @extend_schema(request=SendIn)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, **kwargs: Any) -> Response:
        """Sends a draft; who sends it stands for its warnings and promises, as on `create`."""
        row, codes = self.get_object(), self.wanted()["confirmed_warnings"]
        confirmed = Confirmed(self.key.user, codes)
        sent = asking.send(row, confirmed=confirmed, actor=self.actor, now=self.now)
        return self.answer(sent)

    @extend_schema(request=CancelIn)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        reason = self.wanted().get("reason", "")
        assessment = asking.cancel(self.get_object(), reason=reason, actor=self.actor, now=self.now)
        return self.answer(assessment)

    @extend_schema(responses=AdvisedRatingOut)
    @action(detail=True)
    def rating(self, request: Request, **kwargs: Any) -> Response:
        """Every hundredth of a point of the newest submission. 404 while there is none."""
        submission = self._newest()
        rated = submission.rating
        if rated is None:
            raise Http404
        seen = self.key.reads(submission.assessment.readers())
        shown = AdvisedRatingOut if seen else RatingWithoutAnswersOut
        return Response(shown(rated).data)

    @extend_schema(responses=AnswersOut)
    @action(detail=True)
    def answers(self, request: Request, **kwargs: Any) -> Response:
        """What was handed in last; who reads it is written down. 404 while there is nothing."""
        submission = self._newest_opened()
        told = telling.read_answers(submission, actor=self.actor, now=self.now)
        return Response(AnswersOut(told).data)

    @extend_schema(responses=HandedEvidenceOut)
    @action(detail=True)
    def evidence(self, request: Request, **kwargs: Any) -> Response:
        """The files that were handed in last, by item; who reads is written down.

        They are downloaded where the supplier's files are. 404 while nothing was handed in.
        """
        submission = self._newest_opened()
        shown = telling.read_evidence(submission, actor=self.actor, now=self.now)
        told = {"submission": submission.public_id, "evidence": shown}
        return Response(HandedEvidenceOut(told).data)

    @extend_schema(responses=SubmissionOut(many=True))
    @action(detail=True)
    def submissions(self, request: Request, **kwargs: Any) -> Response:
        """Every snapshot that was handed in, the newest first."""
        page = self.paginate_queryset(telling.handed_in(self.get_object()))
        context = self.get_serializer_context()
        return self.get_paginated_response(SubmissionOut(page, many=True, context=context).data)

    def get_serializer_context(self) -> dict[str, Any]:
        seen = hasattr(self, "request") and self.key.allows(Scope.RATINGS_READ)
        return {**super().get_serializer_context(), "ratings": seen}

    def _newest(self) -> Submission:
        submission = telling.newest(self.get_object())
        if submission is None:
            raise Http404
        return submission

    def _newest_opened(self) -> Submission:
        """403 where the request does not open its answers to the caller."""
        submission = self._newest()
        self.refuse_closed(submission.assessment.readers())
        return submission

    def shown(self, row: Assessment) -> Any:
        [told] = self._told([row])
        return told

    def _told(self, assessments: Sequence[Assessment]) -> Any:
        context = {
            **self.get_serializer_context(),
            "histories": telling.histories(assessments),
            "answered": telling.answered(assessments),
            "talks": telling.talks(assessments),
        }
        return AssessmentOut(assessments, many=True, context=context).data
