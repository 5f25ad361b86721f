"""Which version of a row a caller saw: a strong ETag on what is read, `If-Match` before a change.

RFC 9110. A tag is a digest of the bytes of the answer and of their language, so it is the same for
all keys with the same rights, and changes with whatever can be seen.
"""

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.request import Request

from contractors.api.problems import IfMatchInvalid, PreconditionFailed, PreconditionRequired

CONDITIONAL: Final = {"PUT", "PATCH", "DELETE"}  # need the tag of what they change
# What the bytes depend on.
SEEN_BY: Final = ("Authorization", "Acting-User", "Accept", "Accept-Language")
ANY: Final = "*"
DIGITS: Final = 32  # 128 bits


def tag(content: bytes) -> str:
    """The ETag of these bytes in the language of the request."""
    whole = f"{translation.get_language()}\n".encode() + content
    return f'"{hashlib.sha256(whole).hexdigest()[:DIGITS]}"'


def told(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The answer to a reading with its tag, or 304 without a body where the caller has it."""
    response.headers["ETag"] = current = tag(response.content)
    patch_vary_headers(response, SEEN_BY)
    patch_cache_control(response, private=True, no_cache=True)
    answer = get_conditional_response(request, etag=current, response=response)
    assert isinstance(answer, HttpResponseBase)
    return answer


def seen(request: Request, *, blind: bool) -> list[str]:
    """The tags of `If-Match`, or 428. `blind`: whether `*` will do, whatever is there now."""
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    tags = parse_etags(header)
    if not tags or (ANY in tags and not blind):
        raise IfMatchInvalid
    return tags


def check(tags: list[str], current: str) -> None:
    """Refuse a change of what the caller did not see. A weak tag says too little, so none fits."""
    if ANY in tags or current in tags:
        return
    if any(each.startswith("W/") for each in tags):
        raise PreconditionFailed(
            _("A weak tag (W/…) never matches. Read it again and send its ETag unchanged.")
        )
    raise PreconditionFailed
