"""What all pages share: methods, headers, the reader's language, and refusals as pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from assessments import inviting
from assessments.errors import AwaitsConfirmation, HandedOver, TooMany
from assessments.form import entries, failing
from assessments.form.entries import INSIDE, Knock
from assessments.form.questions import Fault
from assessments.models import Assessment, Status
from suppliers.models import Contact

View = Callable[..., HttpResponse]
Again = Callable[..., HttpResponse]  # shows a page with what was just sent, and stores nothing
YEAR: Final = 365 * 24 * 60 * 60  # seconds
FIELDS_OF_EVERY_FORM: Final = frozenset({"csrfmiddlewaretoken", "language"})


@dataclass(frozen=True)
class Remark:
    """Why a page stands again where the reader expected the next: what is said above it."""

    notice: str = ""
    faults: Sequence[Fault] = ()
    far: bool = False  # the faults are mended on other pages
    foreign: bool = False  # fields came that the page does not have
    knock: Knock = INSIDE
    status: int = 200
    files_lost: bool = False  # files came that were not kept: a page cannot choose them again


NOTHING: Final = Remark()


class Erased(Exception):
    """The retention of the request has ended. A page says since when."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__()
        self.assessment = assessment


class Ended(Exception):
    """The request was taken back or declined while this browser was in it."""


def page(*, again: Again | None = None, files: bool = False) -> Callable[[View], View]:
    """A page of the form. `again` gives its input back where it cannot be stored.

    Only pages with `files` are sent any; `uploading` asks for this before a byte is read.
    """

    def wrap(view: View) -> View:
        # Compressed, for slow lines. Guessing a secret by the size of a page is in vain: the only
        # one in it, the CSRF token, is masked anew each time, and gzip_page pads by chance.
        @gzip_page
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and (chosen := _chosen_language(request)):
                return _speak_from_now(request, chosen, again, *args, **kwargs)
            try:
                return _guarded(view, request, *args, **kwargs)
            except AwaitsConfirmation:
                return _frozen(again, request, *args, **kwargs)

        opened.takes_files = files  # type: ignore[attr-defined]
        if again is not None:
            opened.again = lambda request, *args, **more: _guarded(again, request, *args, **more)  # type: ignore[attr-defined]
        return opened

    return wrap


def at_link(request: HttpRequest, token: str) -> Assessment:
    """The request behind a link, in the language of its contact unless the reader chose one."""
    assessment = inviting.find(token)
    if assessment is None:
        if inviting.was_handed_over(token):
            raise HandedOver(_("Another person is in charge of this request now."))
        raise Http404
    return _kept(request, assessment)


def living(request: HttpRequest, public_id: UUID) -> Assessment:
    """The request of a page after start. Whether this browser may see it is asked apart."""
    assessment = inviting.get_living(public_id)
    if assessment is None:
        if _was_in(request, public_id):
            raise Ended
        raise Http404
    if assessment.contact_changed_at and entries.is_ended(request, assessment):
        raise HandedOver(_("Another person is in charge of this request now."))
    return _kept(request, assessment)


def show(
    request: HttpRequest,
    template: str,
    assessment: Assessment,
    context: dict[str, Any],
    remark: Remark = NOTHING,
) -> HttpResponse:
    contractor = assessment.contractor
    english = translation.get_language() == "en"
    shared = {
        "assessment": assessment,
        "contractor": contractor,
        "privacy": contractor.privacy_text_en if english else contractor.privacy_text_ja,
    }
    context = vars(remark) | shared | context
    return render(request, f"assessments/{template}.html", context, status=remark.status)


def show_to_anybody(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page that belongs to no request."""
    return render(request, f"assessments/{template}.html", context)


def _guarded(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        response = view(request, *args, **kwargs)
    except Http404:
        return failing.not_found(request)
    except Ended:
        return failing.ended(request)
    except Erased as gone:
        response = show(request, "erased", gone.assessment, {}, Remark(status=410))
    except HandedOver:
        response = show_to_anybody(request, "handed_over")
        response.status_code = 410
    except TooMany as refusal:
        return failing.too_many(request, str(refusal))
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def _frozen(again: Again | None, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answers are being confirmed: what was typed stands in the page, and is not stored."""
    asked = reverse("form:confirmation", args=[kwargs["public_id"]])
    if again is None:
        return redirect(asked)
    notice = format_html(
        '{} <a href="{}" target="_blank">{}</a>',
        _("Nothing of this page was saved: the responsible person is asked to confirm. Take that "
          "back first, then press the button here once more."),
        asked,
        _("See what was asked (in a new window)"),
    )  # fmt: skip
    response = _guarded(again, request, *args, notice=notice, **kwargs)
    if response.status_code == 200:
        response.status_code = 409
    return response


def _kept(request: HttpRequest, assessment: Assessment) -> Assessment:
    """In the reader's language, and only while there is something to see."""
    speak(request, assessment.contact)
    if assessment.erased_at is not None:
        raise Erased(assessment)
    return assessment


def _chosen_language(request: HttpRequest) -> str | None:
    chosen = request.POST.get("language", "")
    return chosen if chosen in dict(settings.LANGUAGES) else None


def _speak_from_now(
    request: HttpRequest, language: str, again: Again | None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """The same page in the other language, with everything that was typed into it."""
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = language
    translation.activate(language)
    response: HttpResponse
    if again is None or set(request.POST) <= FIELDS_OF_EVERY_FORM:
        response = HttpResponseRedirect(request.path)
        add_never_cache_headers(response)
    else:
        response = _guarded(again, request, *args, notice="", **kwargs)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return response


def speak(request: HttpRequest, person: Contact) -> None:
    """A choice of the reader wins; then the language the person is written to in."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in dict(settings.LANGUAGES):
        translation.activate(person.languages()[0])


def _was_in(request: HttpRequest, public_id: UUID) -> bool:
    entry_pk = entries.entry_of(request, public_id)
    closed = Assessment.objects.filter(
        public_id=public_id, status__in=[Status.CANCELLED, Status.DECLINED]
    )
    if entry_pk is None:
        return False
    return closed.filter(
        entries__pk=entry_pk, entries__confirmed_at__isnull=False, entries__ended_at=None
    ).exists()
