"""Every view sees its caller's rows only, in one transaction that ends with the answer."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.db import models, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from contractors import keys
from contractors.actors import Actor
from contractors.api import reading, replaying, uploading, versions
from contractors.api.problems import AnswersClosed, InsufficientScope, LengthRequired, PersonNeeded
from contractors.api.reading import Clearable as Clearable
from contractors.api.reading import Lines as Lines
from contractors.api.reading import OwnRowField as OwnRowField
from contractors.api.reading import Strict as Strict
from contractors.api.rendering import UTCRenderer
from contractors.models import ApiKey, Contractor, OwnedQuerySet, Scope, User
from contractors.remembering import Question
from contractors.roles import ADMINS, Roles

M = TypeVar("M", bound=models.Model)

WITH_BODY = {"POST", "PUT", "PATCH"}


class OwnRowsViewSet(GenericViewSet[M]):
    """Base of every view of the API: by attributes it says what it lets in; the rest is refused.

    `self.query` holds the checked query parameters, `self.wanted()` the checked body.
    """

    read_scope: ClassVar[Scope | None] = None
    write_scope: ClassVar[Scope | None] = None
    scopes: ClassVar[Mapping[str, Scope]] = {}  # by action, where it differs from the two above
    # By action, who may call it, beside keys of systems; what no class of the view names: admins.
    roles: ClassVar[Mapping[str, Roles]] = {}
    inputs: ClassVar[Mapping[str, type[Strict]]] = {}  # the body by action; others take none
    queries: ClassVar[Mapping[str, type[Strict]]] = {}  # query parameters by action
    paged: ClassVar[Collection[str]] = ("list",)
    idempotency_required: ClassVar[Collection[str]] = ()  # actions that need an Idempotency-Key
    by_person: ClassVar[Collection[str]] = ()  # actions that a person must answer for
    most_bytes: ClassVar[int | None] = None  # of a form, where the view's parser takes forms
    owner: ClassVar[str | None] = None  # the relation whose row acts lock first; None: the row
    unconditional: ClassVar[Collection[str]] = ()  # actions that do not need the If-Match they take
    blind: ClassVar[bool] = True  # whether `If-Match: *` will do

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    lookup_field = "public_id"
    lookup_value_converter = "uuid"
    metadata_class = None
    query: dict[str, Any]
    now: datetime
    question: Question | None = None

    @property
    def key(self) -> ApiKey:
        assert isinstance(self.request.auth, ApiKey)
        return self.request.auth

    @property
    def contractor(self) -> Contractor:
        return self.key.contractor

    @property
    def actor(self) -> Actor:
        return self.key.actor()

    @property
    def person(self) -> User:
        """Who answers for what the key does; 403 where nobody does."""
        if self.key.user is None:
            raise PersonNeeded
        return self.key.user

    def scope_needed(self) -> Scope | None:
        reading_only = self.request.method in replaying.SAFE
        usual = self.read_scope if reading_only else self.write_scope
        return self.scopes.get(self.action, usual)

    def roles_allowed(self) -> Roles:
        """What the view, or the first of its bases, declares for this action."""
        for each in type(self).__mro__:
            if self.action in (declared := vars(each).get("roles", {})):
                return frozenset(declared[self.action])
        return ADMINS

    def refuse_closed(self, readers: Roles) -> None:
        """403 where answers are not open to the caller: `readers` is to whom they are."""
        if not self.key.allows(Scope.ANSWERS_READ):
            raise InsufficientScope(Scope.ANSWERS_READ)
        if not self.key.reads(readers):
            raise AnswersClosed(readers, self.key.reads_as())

    def get_queryset(self) -> OwnedQuerySet[M]:
        rows = super().get_queryset()
        assert isinstance(rows, OwnedQuerySet)
        return rows.of(self.contractor)

    def wanted(self) -> dict[str, Any]:
        """The body as this action's serializer in `inputs` understands it, or 400."""
        body = self._reader(self.inputs[self.action])
        body.is_valid(raise_exception=True)
        assert isinstance(body.validated_data, dict)
        return body.validated_data

    def get_object(self) -> M:
        """The row of this address. Before a change it is held, and still what the caller saw."""
        row = self.found()
        if self.request.method not in versions.CONDITIONAL:
            return row
        return self.unchanged(row)

    def found(self) -> M:
        """The row of this address as it is now, or 404."""
        return super().get_object()

    def unchanged(self, row: M) -> M:
        """The row, held until the transaction ends, if it is what `If-Match` says; else 412."""
        tags = versions.seen(self.request, blind=self.blind)
        owner = getattr(row, self.owner) if self.owner else row
        rows = type(owner)._base_manager.select_for_update(no_key=True)
        rows.filter(pk=owner.pk).values("pk").first()
        row = self.found()  # by a statement of its own: one that waited would join what was before
        versions.check(tags, self._tag(self.shown(row)))
        return row

    def shown(self, row: M) -> Any:
        """What a GET of this row tells."""
        return self.get_serializer(row).data

    def answer(self, row: M, status: int = 200, **headers: str) -> Response:
        """What a GET of this row will give, with its ETag: read anew, as the database keeps it."""
        told = self.shown(self._anew(row))
        return Response(told, status, headers={"ETag": self._tag(told), **headers})

    def created(self, row: M) -> Response:
        """201 with the new row and where it is."""
        address = f"{self.request.path}{getattr(row, self.lookup_field)}/"
        return self.answer(row, 201, Location=address)

    def shown_once(self, row: M, told: Any) -> Response:
        """201 with more than a GET of the new row will ever give, and the ETag of the latter."""
        return Response(told, 201, headers={"ETag": self._tag(self.shown(self._anew(row)))})

    def paginate_queryset(self, queryset: Any) -> list[Any]:
        """The page of these rows, which may be another model's: those below a row."""
        page = super().paginate_queryset(queryset)
        assert page is not None
        return page

    def readers(self) -> list[type[Strict]]:
        """What reads the query parameters of this action."""
        classes = [self.queries[self.action]] if self.action in self.queries else []
        if self.action in self.paged and self.paginator is not None:
            classes.append(self.paginator.reads)  # type: ignore[attr-defined]  # our own pagers
        return classes

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        with transaction.atomic():
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()  # A lazy row read after the transaction may be another state.
                response = self._versioned(request, response)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif self.question:
                replaying.keep(self.question, response, now=self.now)
        self._note_use(request)
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action not in self.action_map.values():
            return  # no handler for this method: 405 follows
        if self.action in self.by_person:
            _ = self.person  # before a body is read or an answer is repeated
        if any(isinstance(each, str) and reading.is_odd(each) for each in kwargs.values()):
            raise Http404
        _read_whole(request, self.most_bytes)
        required = self.action in self.idempotency_required
        self.question = replaying.look_up(request, required=required, now=self.now)
        context = self.get_serializer_context()
        readers = [reader(context=context) for reader in self.readers()]
        self.query = reading.parameters(request.query_params, readers)
        if request.method in WITH_BODY:
            self._refuse_bad_body(request)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, replaying.Answered):
            return exc.again()
        return super().handle_exception(exc)

    def _versioned(self, request: HttpRequest, response: Response) -> HttpResponseBase:
        """What is read of a single thing carries its tag; lists and refusals have none."""
        alone = request.method in replaying.SAFE and self.action not in {"list", *self.paged}
        if response.status_code == 200 and alone:
            return versions.told(request, response)
        return response

    def _anew(self, row: M) -> M:
        return self.filter_queryset(self.get_queryset()).get(pk=row.pk)

    def _tag(self, told: Any) -> str:
        """The tag of the bytes that this caller would be given."""
        renderer, media_type = UTCRenderer(), self.request.accepted_media_type
        return versions.tag(renderer.render(told, media_type, self.get_renderer_context()))

    def _refuse_bad_body(self, request: Request) -> None:
        """Whatever row it is about: syntax first, and no field where none is read."""
        body = request.data
        if body and self.action not in self.inputs:
            self._reader(Strict).is_valid(raise_exception=True)

    def _reader(self, reader: type[Strict]) -> Strict:
        partial = self.request.method == "PATCH"
        context = self.get_serializer_context()
        return reader(data=self.request.data, partial=partial, context=context)

    def _note_use(self, request: HttpRequest) -> None:
        # After the transaction: within it, calls with the same key would wait for each other.
        key = getattr(request, "auth", None)
        if isinstance(key, ApiKey):
            keys.note_use(key, now=self.now)


def _read_whole(request: Request, most_bytes: int | None) -> None:
    """Refuse a body that is too large before a byte of it is read, and one of unknown length."""
    if request.method in WITH_BODY and "Transfer-Encoding" in request.headers:
        raise LengthRequired
    if most_bytes is None or not uploading.is_form(request):
        _ = request.body  # parsers read from here; on their own they would read without a limit
    elif uploading.length(request) > most_bytes:
        raise RequestDataTooBig
