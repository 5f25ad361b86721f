"""The page of one certificate or declaration: named, changed, and renewed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import declaring
from assessments.declaring import Paper
from assessments.errors import AwaitsConfirmation, Stale, WrongStatus
from assessments.form import (
    certifications,
    closing,
    entries,
    holding,
    opening,
    papers,
    subject,
    uploading,
)
from assessments.form.opening import NOTHING, Remark
from assessments.form.papers import CertificateForm
from assessments.form.questions import Fault
from assessments.form.subject import About
from assessments.models import OPEN, Assessment
from contractors.errors import Refused
from suppliers import days
from suppliers.certificates import Scheme
from suppliers.models import Certification, State
from suppliers.normalising import Unreadable

MOST: Final = 20  # documents of one certificate


@dataclass(frozen=True)
class Sheet:
    """What stands in the page beside its form."""

    form: CertificateForm
    version: str = ""
    documents: Sequence[UUID] = ()  # shown with it: those stored, and those just kept
    earlier: str = ""
    wrong_file: str = ""
    wrong: dict[str, str] = field(default_factory=dict)


def again(request: HttpRequest, public_id: UUID, *, notice: str = "", **about: Any) -> HttpResponse:
    assessment = opening.living(request, public_id)
    remark = Remark(notice, files_lost=bool(request.FILES))
    return _show(request, assessment, subject.of(request, assessment, **about), remark=remark)


@opening.page(again=again, files=True)
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A certification that is not named yet, or the renewal of one that was checked."""
    return _page(request, public_id)


@opening.page(again=again, files=True)
def change(request: HttpRequest, public_id: UUID, certification_id: UUID) -> HttpResponse:
    return _page(request, public_id, certification_id=certification_id)


def _page(request: HttpRequest, public_id: UUID, **about: Any) -> HttpResponse:
    assessment = opening.living(request, public_id)
    if request.method == "POST":
        return _save(request, assessment, subject.of(request, assessment, **about))
    if not entries.is_in(request, assessment):
        return entries.to_code(public_id, request.get_full_path())
    if elsewhere := closing.elsewhere(assessment):
        return elsewhere
    asked = subject.of(request, assessment, **about)
    if asked.row and not asked.renews and asked.row.state != State.DECLARED:
        return redirect(certifications.listed(request, assessment))
    return _show(request, assessment, asked, _stored(asked), inside=True)


def _save(request: HttpRequest, assessment: Assessment, about: About) -> HttpResponse:
    now, sheet = timezone.now(), _read(request, about)
    knock = entries.knock(request, assessment, now=now)
    if not knock.inside:
        remark = Remark(knock=knock, files_lost=bool(request.FILES))
        return _show(request, assessment, about, sheet, remark)
    if assessment.status not in OPEN:
        return closing.too_late(request, assessment)
    sheet = _with_files(request, assessment, sheet, now=now)
    if not sheet.form.is_valid() or sheet.wrong_file:
        status = 400 if sheet.form.is_strange() else 200
        return _show(request, assessment, about, sheet, Remark(status=status), inside=True)
    return _kept(request, assessment, about, sheet, now=now)


def _kept(
    request: HttpRequest, assessment: Assessment, about: About, sheet: Sheet, *, now: datetime
) -> HttpResponse:
    """Stored, or the page once more with what keeps it from being stored."""
    try:
        _keep(request, assessment, about, sheet, now=now)
    except WrongStatus:
        return closing.too_late(request, assessment)
    except AwaitsConfirmation:
        raise
    except (Unreadable, *uploading.REFUSED) as refusal:
        return _show(request, assessment, about, _faulty(sheet, refusal), inside=True)
    except Refused as refusal:
        sheet = replace(sheet, version=_version_now(about))
        remark = Remark(_told(refusal, about), status=409)
        return _show(request, assessment, about, sheet, remark, inside=True)
    return redirect(certifications.after(request, assessment))


def _keep(
    request: HttpRequest, assessment: Assessment, about: About, sheet: Sheet, *, now: datetime
) -> None:
    paper = Paper(sheet.form.told(), sheet.documents)
    if about.row and not about.renews:
        declaring.change(assessment, about.row, paper, version=sheet.version, now=now)
        if request.POST.get("action") == "reconfirm":
            declaring.reconfirm(assessment, about.row, now=now)
        return
    scheme = Scheme(sheet.form.cleaned_data.get("scheme") or about.schemes[0])
    declaring.declare(assessment, scheme, paper, follows=about.row, now=now)


def _with_files(
    request: HttpRequest, assessment: Assessment, sheet: Sheet, *, now: datetime
) -> Sheet:
    """What was sent is kept at once, so that a fault elsewhere does not cost it."""
    kept = uploading.keep(request, assessment, ["file"], now=now)
    new = [*kept.evidence.get("file", []), *uploading.picked(sheet.earlier)]
    ids = list(dict.fromkeys([*sheet.documents, *new]))
    wrong = kept.wrong.get("file", "")
    if len(ids) > MOST:
        wrong = _("A certificate shows 20 documents at most. Send them in one PDF")
    return replace(sheet, documents=ids[:MOST], earlier="", wrong_file=wrong)


def _faulty(sheet: Sheet, refusal: Exception) -> Sheet:
    if isinstance(refusal, Unreadable):
        return replace(sheet, wrong={"valid_until": _(str(refusal))})
    return replace(sheet, wrong_file=uploading.sentence(refusal))


def _told(refusal: Refused, about: About) -> str:
    """Where somebody else changed it, what is stored now stands above the page."""
    if not isinstance(refusal, Stale) or about.row is None:
        return _(str(refusal))
    about.row.refresh_from_db()
    known = holding.facts(about.row)
    stored = _(", ").join(f"{head}: {text}" for head, text in known)
    return f"{_(str(refusal))} {_('Stored now:')} {stored}" if stored else _(str(refusal))


def _version_now(about: About) -> str:
    if about.row is None:
        return ""
    about.row.refresh_from_db()
    return declaring.version_of(about.row)


def _form(about: About, data: Any, **kwargs: Any) -> CertificateForm:
    names = papers.names_of(about.schemes)
    return CertificateForm(data, names=names, schemes=about.options(), **kwargs)


def _stored(about: About) -> Sheet:
    row = about.row
    if row is None:
        return Sheet(_form(about, None))
    if about.renews:
        kept = {name: getattr(row, name) or "" for name in ("number", "body", "scope")}
        return Sheet(_form(about, None, initial=kept))
    shown = [each.public_id for each in row.evidence.all() if each.removed_at is None]
    form = _form(about, None, initial=papers.stored(row))
    return Sheet(form, declaring.version_of(row), shown)


def _read(request: HttpRequest, about: About) -> Sheet:
    post = request.POST
    ids = [each for text in post.getlist("document") for each in uploading.picked(text)]
    return Sheet(
        _form(about, post), post.get("version", ""), ids[:MOST], earlier=post.get("earlier", "")
    )


def _show(
    request: HttpRequest,
    assessment: Assessment,
    about: About,
    sheet: Sheet | None = None,
    remark: Remark = NOTHING,
    *,
    inside: bool = False,
) -> HttpResponse:
    """Names of documents are for a browser that is in."""
    sheet = sheet or _read(request, about)
    form = sheet.form
    checked = form.is_bound and inside
    wrong = {name: str(errors[0]) for name, errors in form.errors.items()} if checked else {}
    wrong |= sheet.wrong
    faults = [Fault(form.first_control(name), sentence) for name, sentence in wrong.items()]
    if sheet.wrong_file:
        faults.append(Fault("file", sheet.wrong_file))
    row = None if about.renews else about.row
    context = {
        "about": about,
        "row": row,
        "form": form,
        "wrong": wrong,
        "sheet": sheet,
        "papers": uploading.named(assessment, sheet.documents) if inside else [],
        "earlier_papers": uploading.earlier(assessment) if inside else [],
        "is_declaration": papers.names_of(about.schemes) == papers.OF_A_DECLARATION,
        "reconfirmable": inside and _is_reconfirmable(row),
        "number_label": holding.number_label(about.schemes[0]),
        "to_check": certifications.comes_from_check(request),
        "listed": certifications.listed(request, assessment),
    }
    return opening.show(request, "certificate", assessment, context, replace(remark, faults=faults))


def _is_reconfirmable(row: Certification | None) -> bool:
    today = days.in_japan(timezone.now())
    return bool(row and row.reconfirm_on and row.reconfirm_on <= today)
