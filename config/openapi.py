"""The OpenAPI 3.1 document, made from what the views declare, and its readable page."""

import json
from copy import deepcopy
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiParameter
from rest_framework.serializers import BaseSerializer

from config.problems import MEDIA_TYPE
from contractors.api import acting
from contractors.api.paging import MOST
from contractors.api.reading import Strict
from contractors.api.scoping import OwnRowsViewSet
from contractors.api.versions import CONDITIONAL

TEXT: Final = {"type": "string"}
PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. `type` opens a page that explains `code`, which never changes.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "instance": {"type": "string", "description": "The request's id, as in X-Request-Id."},
        "code": TEXT,
        "errors": {
            "type": "array",
            "description": "All wrong fields at once, each by its JSON pointer (RFC 6901).",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": TEXT, "code": TEXT, "detail": TEXT},
            },
        },
    },
}
IDEMPOTENCY_KEY: Final = (
    "Repeating the same request with the same key has no second effect and gets the same answer"
    " for 7 days. 1 to 255 visible ASCII characters, quoted or bare."
)
ACTING_USER: Final = (
    "The id of the person on whose behalf a system calls: it is recorded, and its role counts."
)
ETAG: Final = "The version that was told (RFC 9110, strong)."
IF_NONE_MATCH: Final = "The ETag of what you have: 304 while that is what there is."
IF_MATCH: Final = "The ETag of what you read: 412 if it is another by now."
PROBLEM_ANSWER: Final = {"$ref": "#/components/responses/Problem"}


def _header(name: str, told: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, "header", required=required, description=told)


class Described(AutoSchema):
    """Reads inputs, outputs, query parameters and headers off the declarations of our views."""

    view: OwnRowsViewSet[Any]  # type: ignore[override]  # every view is ours

    def get_request_serializer(self) -> Any:
        return self.view.inputs.get(self.view.action)

    def get_response_serializers(self) -> Any:
        return self.view.get_serializer_class()

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = [reader() for reader in self.view.readers()]
        parameters.append(_header(acting.HEADER, ACTING_USER))
        if self.method in {"POST", "PATCH"}:
            required = self.view.action in self.view.idempotency_required
            parameters.append(_header("Idempotency-Key", IDEMPOTENCY_KEY, required=required))
        if self._reads_one():
            parameters.append(_header("If-None-Match", IF_NONE_MATCH))
        if self.method in CONDITIONAL:
            required = self.view.action not in self.view.unconditional
            parameters.append(_header("If-Match", IF_MATCH, required=required))
        return parameters

    def _get_response_bodies(self, direction: Direction = "response") -> Any:
        told = super()._get_response_bodies(direction)
        if self._reads_one():
            told["304"] = {"description": "It is what you have."}
        if self.method in CONDITIONAL:
            told["412"] = PROBLEM_ANSWER
            if self.view.action not in self.view.unconditional:
                told["428"] = PROBLEM_ANSWER
        return told

    def _get_response_for_code(
        self,
        serializer: Any,
        status_code: str,
        media_types: Any = None,
        direction: Any = "response",
    ) -> Any:
        told = super()._get_response_for_code(serializer, status_code, media_types, direction)  # type: ignore[no-untyped-call]
        if self._tells_one(serializer):
            told["headers"] = {"ETag": {"schema": TEXT, "description": ETAG}}
        return told

    def _reads_one(self) -> bool:
        listed = {"list", "agreement", "download", "result", *self.view.paged}
        return self.method == "GET" and self.view.action not in listed

    def _tells_one(self, serializer: Any) -> bool:
        """A reading of one thing, or an answer that tells the row as a reading would, or more."""
        if self.method == "GET":
            return self._reads_one()
        told = serializer if isinstance(serializer, type) else type(serializer)
        return issubclass(told, self.view.get_serializer_class())

    def _get_pagination_parameters(self) -> list[Any]:
        return []  # the pager's reader is among the view's

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.view.action in self.view.paged

    def _map_basic_serializer(self, serializer: BaseSerializer[Any], direction: str) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        if isinstance(serializer, Strict):
            schema["additionalProperties"] = False
        return schema


class BearerKey(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the document how a key is sent."""

    target_class = "contractors.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "tsk_<prefix>_<secret>"}


class PageSize(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "contractors.api.paging.PageSize"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "description": f"more than {MOST} is {MOST}"}


def finish(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """Hook: every call may answer a problem, and null is a type (OpenAPI 3.1), not a flag."""
    result = deepcopy(result)  # parts of it are the very schemas that inputs are checked by
    components = result.setdefault("components", {})
    for component in list(components.get("schemas", {}).values()):
        for name, part in component.get("properties", {}).items():
            components["schemas"] |= _definitions(name.capitalize(), part)
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {"Problem": {"description": "A problem", "content": content}}
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"] |= {"4XX": PROBLEM_ANSWER, "5XX": PROBLEM_ANSWER}
    _null_is_a_type(result)
    return result


def _definitions(owner: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema's own definitions as components, for a `#` here means the whole document."""
    schema.pop("$schema", None)
    definitions = schema.pop("$defs", {})
    for name in definitions:
        for part in (schema, definitions):
            _rename(part, f"#/$defs/{name}", f"#/components/schemas/{owner}{name.capitalize()}")
    return {f"{owner}{name.capitalize()}": part for name, part in definitions.items()}


def _rename(node: Any, old: str, new: str) -> None:
    if isinstance(node, dict):
        if node.get("$ref") == old:
            node["$ref"] = new
        for inner in node.values():
            _rename(inner, old, new)
    elif isinstance(node, list):
        for inner in node:
            _rename(inner, old, new)


def _null_is_a_type(node: Any) -> None:
    if isinstance(node, dict):
        if node.pop("nullable", False) is True and isinstance(node.get("type"), str):
            node["type"] = [node["type"], "null"]
        for inner in node.values():
            _null_is_a_type(inner)
    elif isinstance(node, list):
        for inner in node:
            _null_is_a_type(inner)


@cache
def _document() -> bytes:
    with translation.override("en"):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return json.dumps(schema, ensure_ascii=False, default=str).encode()


@require_safe
def document(_request: HttpRequest) -> HttpResponse:
    """Open to everybody: it holds nothing of anybody's."""
    return HttpResponse(_document(), content_type="application/json")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The document for people, from our own static files."""
    return render(request, "config/docs.html")
