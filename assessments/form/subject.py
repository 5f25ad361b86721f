"""Which certificate a page is about."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from assessments.form import holding, uploading
from assessments.models import Assessment
from suppliers.certificates import Scheme
from suppliers.models import Certification, State


@dataclass(frozen=True)
class About:
    """What the page is about: a row to change or to renew, or schemes to choose from."""

    schemes: tuple[Scheme, ...]
    group: str = ""
    row: Certification | None = None
    renews: bool = False

    @property
    def title(self) -> str:
        name = holding.name_of(self.schemes[0]) if len(self.schemes) == 1 else ""
        return name or _(next(each.asked for each in holding.GROUPS if each.name == self.group))

    def options(self) -> dict[str, str]:
        """What is chosen from; nothing where there is no choice."""
        names = {each.value: holding.name_of(each) for each in self.schemes}
        return names if len(names) > 1 else {}


def of(request: HttpRequest, assessment: Assessment, certification_id: UUID | None = None) -> About:
    asked = request.POST if request.method == "POST" else request.GET
    if certification_id:
        row = row_of(assessment, certification_id)
        return About((Scheme(row.scheme),), row=row)
    if renewed := uploading.picked(asked.get("renews", "")):
        row = row_of(assessment, renewed[0])
        return About((Scheme(row.scheme),), row=row, renews=True)
    for group in holding.GROUPS:
        named = [each for each in Scheme if each in group.schemes]
        if asked.get("group") == group.name:
            return About(tuple(named), group.name)
        if asked.get("of") in group.schemes:
            return About((Scheme(asked["of"]),), group.name)
    raise Http404


def row_of(assessment: Assessment, certification_id: UUID) -> Certification:
    rows = Certification.objects.filter(supplier=assessment.supplier)
    row = rows.exclude(state=State.WITHDRAWN).filter(public_id=certification_id).first()
    if row is None:
        raise Http404
    return row
