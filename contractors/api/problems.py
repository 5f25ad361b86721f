"""Problems of the API's frame. Each `default_code` is explained in config/problems.yaml.

`more` joins the problem's body. REST framework loads this module while it loads its own views.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ParseError


class Problem(APIException):
    def __init__(self, detail: str | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.more = more


class InsufficientScope(Problem):
    status_code = 403
    default_code = "insufficient-scope"

    def __init__(self, scope: str) -> None:
        detail = _("This API key lacks the scope %(scope)s, which is needed here.")
        super().__init__(detail % {"scope": str(scope)}, scope=str(scope))
        self.auth_header = f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'


class RoleNeeded(Problem):
    status_code = 403
    default_code = "role-needed"

    def __init__(self, roles: Collection[str], role: str) -> None:
        needed = sorted(map(str, roles))
        detail = _("This is for people with the role %(roles)s; this key has the role %(role)s.")
        told = detail % {"roles": ", ".join(needed), "role": str(role)}
        super().__init__(told, roles=needed, role=str(role))


class ActingUserInvalid(Problem):
    status_code = 403
    default_code = "acting-user-invalid"
    default_detail = gettext_lazy(
        "Acting-User must be the id of an active person of yours;"
        " the key of a person acts for nobody else."
    )


class AnswersClosed(Problem):
    status_code = 403
    default_code = "answers-closed"

    def __init__(self, roles: Collection[str], role: str) -> None:
        named = sorted(map(str, roles))
        detail = _(
            "The supplier was told that only these roles see the answers: %(roles)s."
            " This key reads as %(role)s."
        )
        told = detail % {"roles": ", ".join(named) or "-", "role": str(role)}
        super().__init__(told, roles=named, role=str(role))


class PersonNeeded(Problem):
    status_code = 403
    default_code = "person-needed"
    default_detail = gettext_lazy(
        "A person must answer for this. Use an API key that is bound to one."
    )


class UnknownParameter(Problem):
    status_code = 400
    default_code = "unknown-parameter"

    def __init__(self, unknown: Collection[str], known: Collection[str]) -> None:
        detail = _("Unknown query parameter: %(unknown)s. Known here: %(known)s.") % {
            "unknown": ", ".join(unknown),
            "known": ", ".join(known) or "-",
        }
        super().__init__(detail, unknown=list(unknown), known=list(known))


class CursorInvalid(Problem):
    status_code = 400
    default_code = "cursor-invalid"
    default_detail = gettext_lazy(
        "This cursor does not belong to this list and its filters, or is too old."
        " Read the list from its beginning."
    )


class Malformed(ParseError):
    default_code = "malformed-body"


class LengthRequired(Problem):
    status_code = 411
    default_code = "length-required"
    default_detail = gettext_lazy("Send the body with a Content-Length, not in chunks.")


class StorageUnavailable(Problem):
    status_code = 503
    default_code = "storage-unavailable"
    default_detail = gettext_lazy("The file could not be stored or read now. Try again later.")


class KeyInvalid(Problem):
    status_code = 400
    default_code = "idempotency-key-invalid"
    default_detail = gettext_lazy(
        "Idempotency-Key must stand once, with 1 to 255 visible ASCII characters."
        " A key with a comma, a backslash or a quotation mark must be quoted."
    )


class KeyRequired(Problem):
    status_code = 400
    default_code = "idempotency-key-required"
    default_detail = gettext_lazy(
        "This call needs an Idempotency-Key header, so that a repetition has no second effect."
    )


class InProgress(Problem):
    status_code = 409
    default_code = "idempotency-in-progress"
    default_detail = gettext_lazy(
        "The first request with this Idempotency-Key is still running. Repeat it a little later."
    )


class Mismatch(Problem):
    status_code = 422
    default_code = "idempotency-mismatch"
    default_detail = gettext_lazy(
        "This Idempotency-Key was used with another request. Use a new key for a new request."
    )


class PreconditionRequired(Problem):
    status_code = 428
    default_code = "precondition-required"
    default_detail = gettext_lazy(
        "Read it first and send its ETag as If-Match, so that nobody's change is overwritten."
    )


class PreconditionFailed(Problem):
    status_code = 412
    default_code = "precondition-failed"
    default_detail = gettext_lazy(
        "It is not what you read any more. Read it again, look at what changed, and send its ETag."
    )


class IfMatchInvalid(Problem):
    status_code = 400
    default_code = "if-match-invalid"
    default_detail = gettext_lazy(
        "If-Match must hold the ETag of what you read, with its quotation marks."
    )
