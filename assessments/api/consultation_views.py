from typing import Any, Final

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import consulting, telling
from assessments.api.consultation_serializers import (
    AgreeIn,
    CloseIn,
    ConsultationOut,
    MessageIn,
    ProposalIn,
    RefuseIn,
    TalksIn,
    matter,
)
from assessments.locking import with_related
from assessments.models import Assessment, Consultation, Message, Proposal, Side
from assessments.speaking import Terms, Voice
from contractors.api.rendering import UTCRenderer
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import OwnedQuerySet, Scope
from contractors.roles import ASKERS

PDF: Final = "application/pdf"
SAVED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class PrintRenderer(UTCRenderer):
    """For callers that ask for a PDF alone; a problem is JSON all the same."""

    media_type = PDF


class ConsultationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Consultation]
):
    """Talks about one request, and the supplier's questions, wishes for time and objections."""

    queryset = Consultation.objects.select_related("assessment").prefetch_related(
        Prefetch("messages", Message.objects.order_by("pk")),
        Prefetch("proposals", Proposal.objects.order_by("pk")),
    )
    serializer_class = ConsultationOut
    read_scope = Scope.ASSESSMENTS_READ
    write_scope = Scope.ASSESSMENTS_WRITE
    roles = {
        "list": ASKERS,
        "retrieve": ASKERS,
        "newest": ASKERS,
        "open": ASKERS,
        "messages": ASKERS,
        "proposals": ASKERS,
        "agree": ASKERS,
        "refuse": ASKERS,
        "close": ASKERS,
        "agreement": ASKERS,
    }
    inputs = {
        "open": TalksIn,
        "messages": MessageIn,
        "proposals": ProposalIn,
        "agree": AgreeIn,
        "refuse": RefuseIn,
        "close": CloseIn,
    }
    by_person = ("agree", "refuse", "close")
    owner = "assessment"

    @property
    def voice(self) -> Voice:
        return Voice(Side.CONTRACTOR, self.actor)

    def assessment(self) -> Assessment:
        """404 where it is another tenant's: a foreign row looks like a missing one."""
        rows = with_related(Assessment.objects.of(self.contractor))
        return generics.get_object_or_404(rows, public_id=self.kwargs["assessment_id"])

    def get_queryset(self) -> OwnedQuerySet[Consultation]:
        return super().get_queryset().filter(assessment=self.assessment())

    def get_object(self) -> Consultation:
        """An act may insist on the version that was read: with `If-Match`, another is 412."""
        thread = self.found()
        acts = self.request.method == "POST" and "If-Match" in self.request.headers
        return self.unchanged(thread) if acts else thread

    @extend_schema(operation_id="assessments_consultation")
    def newest(self, request: Request, **kwargs: Any) -> Response:
        """The newest thread. 404 while there is none."""
        thread = self.get_queryset().order_by("-pk").first()
        if thread is None:
            raise Http404
        return Response(self.shown(thread))

    @extend_schema(
        request=TalksIn, responses={201: ConsultationOut}, operation_id="assessments_consult"
    )
    def open(self, request: Request, **kwargs: Any) -> Response:
        """Opens talks with the supplier. One is open at a time; reminders wait meanwhile."""
        row, asked = self.assessment(), matter(self.wanted())
        thread = consulting.start(row, asked, voice=self.voice, now=self.now)
        address = reverse("consultation-detail", args=[row.public_id, thread.public_id])
        return self.answer(thread, 201, Location=address)

    @extend_schema(request=MessageIn, responses={201: ConsultationOut})
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, **kwargs: Any) -> Response:
        """Writes to the supplier. By a key that is bound to a person it is the answer waited for.

        What a system writes is kept as well, and the supplier still waits.
        """
        thread, text = self.get_object(), self.wanted()["text"]
        consulting.write(thread, text, voice=self.voice, now=self.now)
        return self.answer(thread, 201)

    @extend_schema(request=ProposalIn, responses={201: ConsultationOut})
    @action(detail=True, methods=["post"])
    def proposals(self, request: Request, **kwargs: Any) -> Response:
        """Proposes something. It takes the place of the contractor's open proposal."""
        thread, terms = self.get_object(), Terms(**self.wanted())
        consulting.propose(thread, terms, voice=self.voice, now=self.now)
        return self.answer(thread, 201)

    @extend_schema(request=AgreeIn, responses=ConsultationOut)
    @action(detail=True, methods=["post"], url_path="proposals/<uuid:proposal_id>/agree")
    def agree(self, request: Request, **kwargs: Any) -> Response:
        """Agrees to what the supplier proposed: it is frozen, and the talks end.

        Needs a key that is bound to a person, who answers for it. Refused with `stale` if that
        proposal is not open any more, with `wrong-status` if the talks have ended meanwhile.
        """
        thread, text = self.get_object(), self.wanted().get("text", "")
        consulting.agree(self._proposal(thread), text, voice=self.voice, now=self.now)
        return self.answer(thread)

    @extend_schema(request=RefuseIn, responses=ConsultationOut)
    @action(detail=True, methods=["post"], url_path="proposals/<uuid:proposal_id>/refuse")
    def refuse(self, request: Request, **kwargs: Any) -> Response:
        """Says no to what the supplier proposed, and why; the talks go on.

        Needs a key that is bound to a person, who answers for it.
        """
        thread, why = self.get_object(), self.wanted()["explanation"]
        consulting.refuse(self._proposal(thread), why, voice=self.voice, now=self.now)
        return self.answer(thread)

    @extend_schema(request=CloseIn, responses=ConsultationOut)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **kwargs: Any) -> Response:
        """Ends a thread without an agreement; whoever waits for an answer gets one with it.

        Needs a key that is bound to a person, who answers for it.
        """
        thread, text = self.get_object(), self.wanted().get("text", "")
        consulting.close(thread, text, voice=self.voice, now=self.now)
        return self.answer(thread)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def agreement(self, request: Request, **kwargs: Any) -> HttpResponse:
        """What both sides agreed on, to print, in Japanese: the same bytes every time.

        404 while there is no agreement, 410 once its retention has ended.
        """
        printed = telling.agreement(self.get_object())
        if printed is None:
            raise Http404
        headers = {"Content-Disposition": 'attachment; filename="agreement.pdf"'}
        return HttpResponse(printed, PDF, headers=headers | SAVED)

    def _proposal(self, thread: Consultation) -> Proposal:
        found: Proposal = generics.get_object_or_404(
            thread.proposals.all(), public_id=self.kwargs["proposal_id"]
        )
        found.consultation = thread
        return found
