"""More time that only the contractor can give: the supplier names a day and says why."""

from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import consulting
from assessments.errors import AlreadyOpen
from assessments.form import consultations
from assessments.form.forms import ExtensionForm, WishForm
from assessments.models import Assessment, Consultation
from assessments.speaking import Matter

Kind = Consultation.Kind


def form(post: QueryDict | None) -> ExtensionForm:
    """A day alone, or also a reason where the page asked for one."""
    wishes = post is not None and "wish" in post
    return WishForm(post) if wishes else ExtensionForm(post)


def wish(assessment: Assessment) -> Consultation | None:
    """What the supplier wished for and nobody has decided yet."""
    return assessment.consultations.open().filter(kind=Kind.EXTENSION).first()


def ask(assessment: Assessment, form: WishForm, *, now: datetime) -> str:
    """Ask for the day; says what is wrong with it, or nothing."""
    wanted_on, text = form.cleaned_data["due_on"], form.cleaned_data["text"]
    earliest = max(assessment.due_on, timezone.localdate(now))
    if wanted_on <= earliest:
        return _later(earliest)
    matter = Matter(Kind.EXTENSION, text, wanted_on=wanted_on)
    try:
        consulting.start(assessment, matter, voice=consultations.voice(assessment), now=now)
    except AlreadyOpen:
        return _("You asked for another day already. Write there, or call the contact below")
    return ""


def _later(day: date) -> str:
    told = {"day": f"{day:%Y-%m-%d}"}
    return _("Choose a day after %(day)s") % told
