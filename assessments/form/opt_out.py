"""S9, no more mails: GET shows, POST acts, also by the mail program's own button (RFC 8058)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from assessments.form import opening
from suppliers import opting_out
from suppliers.models import Contact


@csrf_exempt  # The address is the proof; a mail program has no cookie.
@opening.page()
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    contact = opting_out.find(token)
    if contact is None:
        raise Http404
    if request.method == "POST":
        opting_out.opt_out(contact, now=timezone.now())
        if request.POST.get("List-Unsubscribe") != "One-Click":
            return redirect(request.path)
        contact.status = Contact.Status.OPTED_OUT  # RFC 8058: a mail program must not be redirected
    english = translation.get_language() == "en"
    contractor = contact.contractor
    return opening.show_to_anybody(
        request,
        "opt_out",
        contractor=contractor,
        privacy=contractor.privacy_text_en if english else contractor.privacy_text_ja,
        stopped=contact.status == Contact.Status.OPTED_OUT,
    )
