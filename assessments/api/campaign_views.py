from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import campaigning, counting, gauging, launching, lettering, rehearsing
from assessments.api.campaign_serializers import (
    CampaignChange,
    CampaignIn,
    CampaignOut,
    CampaignQuery,
    CampaignWholeOut,
    CancelCampaignIn,
    ChosenOut,
    LaunchPlanOut,
    MemberOut,
    MemberQuery,
    RehearsedOut,
    SuppliersIn,
)
from assessments.api.warning_serializers import CreateQuery, SendIn
from assessments.campaigning import Draft
from assessments.gauging import Gauged, Wish
from assessments.models import Assessment, Campaign, CampaignSupplier
from assessments.preparing import Confirmed
from contractors.api.scoping import OwnRowsViewSet
from contractors.models import Scope
from contractors.roles import ASKERS
from events.api.operation_serializers import OperationOut
from events.api.operation_views import accepted
from suppliers.models import Supplier


class CampaignViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OwnRowsViewSet[Campaign]):
    """Many suppliers asked the same at once: drafted, tried, launched, and taken back."""

    queryset = Campaign.objects.select_related("contractor", "questionnaire", "operation").defer(
        "questionnaire__content"
    )
    serializer_class = CampaignWholeOut
    read_scope = Scope.ASSESSMENTS_READ
    write_scope = Scope.ASSESSMENTS_WRITE
    roles = {
        "list": ASKERS,
        "retrieve": ASKERS,
        "create": ASKERS,
        "partial_update": ASKERS,
        "destroy": ASKERS,
        "suppliers": ASKERS,
        "add": ASKERS,
        "leave_out": ASKERS,
        "test": ASKERS,
        "launch": ASKERS,
        "cancel": ASKERS,
    }
    inputs = {
        "create": CampaignIn,
        "partial_update": CampaignChange,
        "add": SuppliersIn,
        "leave_out": SuppliersIn,
        "launch": SendIn,
        "cancel": CancelCampaignIn,
    }
    queries = {
        "list": CampaignQuery,
        "create": CreateQuery,
        "launch": CreateQuery,
        "suppliers": MemberQuery,
    }
    paged = ("list", "suppliers")
    by_person = ("test",)
    idempotency_required = ("launch",)

    @property
    def today(self) -> Any:
        """The day in Japan."""
        return timezone.localdate(self.now)

    def filter_queryset(self, queryset: Any) -> Any:
        named = {"status"} & self.query.keys()
        return queryset.filter(**{name: self.query[name] for name in named})

    @extend_schema(parameters=[CampaignQuery], responses=CampaignOut(many=True))
    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(
            CampaignOut(page, many=True, context=self._with(page)).data
        )

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.shown(self.get_object()))

    @extend_schema(
        request=CampaignIn,
        parameters=[CreateQuery],
        responses={200: CampaignWholeOut, 201: CampaignWholeOut},
    )
    def create(self, request: Request) -> Response:
        """A draft, with the suppliers as they are now. With `dry_run` the same is done and taken
        back: 200 with counts and warnings.
        """
        wanted = self.wanted()
        rows = wanted.pop("suppliers", {}).get("rows")
        campaign = campaigning.create(self.contractor, Draft(**wanted), rows, now=self.now)
        if not self.query["dry_run"]:
            return self.created(campaign)
        told = self.shown(campaign)
        self.question = None  # nothing happened that could happen twice
        transaction.set_rollback(True)
        return Response(told)

    @extend_schema(request=CampaignChange)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        """Of a draft alone; its suppliers have an address of their own."""
        return self.answer(campaigning.change(self.get_object(), self.wanted(), now=self.now))

    def destroy(self, request: Request, **kwargs: Any) -> Response:
        """Of a draft alone; what was launched is cancelled instead."""
        campaigning.remove(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[MemberQuery], responses=MemberOut(many=True))
    @action(detail=True)
    def suppliers(self, request: Request, **kwargs: Any) -> Response:
        """Whom the campaign is to ask, whom it asked, and who cannot be asked."""
        campaign = self.get_object()
        rows = CampaignSupplier.objects.of(self.contractor).filter(campaign=campaign)
        if "askable" in self.query:
            found = self._known(campaign, gauging.members(campaign)).exclude(reason="")
            named = {"supplier__in": found.values("pk")}
            rows = rows.exclude(**named) if self.query["askable"] else rows.filter(**named)
        page = self.paginate_queryset(rows.select_related("supplier"))
        context = self._of_members(campaign, [each.supplier_id for each in page])
        return self.get_paginated_response(MemberOut(page, many=True, context=context).data)

    @extend_schema(request=SuppliersIn, responses=ChosenOut)
    @suppliers.mapping.post
    def add(self, request: Request, **kwargs: Any) -> Response:
        """Who is in a draft already stays in it once."""
        return self._chosen(campaigning.add)

    @extend_schema(request=SuppliersIn, responses=ChosenOut)
    @action(detail=True, methods=["post"], url_path="suppliers/remove")
    def leave_out(self, request: Request, **kwargs: Any) -> Response:
        """Who is not in a draft is no error."""
        return self._chosen(campaigning.leave_out)

    @extend_schema(request=None, responses=RehearsedOut)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **kwargs: Any) -> Response:
        """Sends the invitation to the person of the key and to nobody else, marked as a test.

        It is written as to the first supplier that can be asked; its link opens no answers.
        `notice` is a text for the person's own mailbox: it announces the mail to the suppliers and
        tells how to know it. No service sends it.
        """
        campaign = self.get_object()
        rehearsing.rehearse(campaign, person=self.person, now=self.now)
        leaves_at = launching.first_mail_at(campaign, now=self.now)
        notice = lettering.notice(campaign.contractor, leaves_at=leaves_at)
        return Response(RehearsedOut({"sent_to": self.person.email, "notice": notice}).data)

    @extend_schema(
        request=SendIn,
        parameters=[CreateQuery],
        responses={200: LaunchPlanOut, 202: OperationOut},
    )
    @action(detail=True, methods=["post"])
    def launch(self, request: Request, **kwargs: Any) -> Response:
        """Asks all its suppliers: 202 with an operation. A second launch gives back the first one.

        No letter leaves within five minutes, nor outside the hours of business days. Promises and
        `serious` warnings need a key of a person, as for a single request. With `dry_run` 200 tells
        when letters would leave and who would be left out.
        """
        campaign, wanted = self.get_object(), self.wanted()
        if self.query["dry_run"]:
            self.question = None  # nothing happened that could happen twice
            return Response(LaunchPlanOut(launching.plan(campaign, now=self.now)).data)
        confirmed = Confirmed(self.key.user, wanted["confirmed_warnings"])
        return accepted(
            launching.launch(campaign, confirmed=confirmed, actor=self.actor, now=self.now)
        )

    @extend_schema(request=CancelCampaignIn)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **kwargs: Any) -> Response:
        """No letter of it leaves any more, and what is not answered is taken back.

        Until `undo_until` no supplier has heard of it, and none will.
        """
        campaign, wanted = self.get_object(), self.wanted()
        cancelled = campaigning.cancel(campaign, actor=self.actor, now=self.now, **wanted)
        return self.answer(cancelled)

    def shown(self, row: Campaign) -> Any:
        gauged = self._gauged(row) if row.status == Campaign.Status.DRAFT else None
        return CampaignWholeOut(row, context=self._with([row]) | {"gauged": gauged}).data

    def _with(self, campaigns: Sequence[Campaign]) -> dict[str, Any]:
        told = counting.counts(campaigns, today=self.today)
        return {**self.get_serializer_context(), "counts": told}

    def _gauged(self, campaign: Campaign) -> Gauged:
        return gauging.gauge(gauging.members(campaign), Wish.of(campaign), now=self.now)

    def _known(self, campaign: Campaign, rows: Any) -> Any:
        return gauging.known(rows, Wish.of(campaign), now=self.now)

    def _chosen(self, act: Any) -> Response:
        campaign = self.get_object()
        changed = act(campaign, self.wanted()["rows"], now=self.now)
        return Response(ChosenOut({"changed": changed, "total": campaign.members.count()}).data)

    def _of_members(self, campaign: Campaign, suppliers: Sequence[int]) -> dict[str, Any]:
        asked = Assessment.objects.filter(campaign=campaign, supplier__in=suppliers)
        requests = {
            each.supplier_id: each for each in asked.only("public_id", "status", "supplier")
        }
        left = [each for each in suppliers if each not in requests]
        rows = self._known(campaign, Supplier.objects.filter(pk__in=left)).exclude(reason="")
        reasons = dict(rows.values_list("pk", "reason"))
        return {**self.get_serializer_context(), "requests": requests, "reasons": reasons}
