from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError

from assessments.models import Assessment
from contractors.api.scoping import OwnRowField, Strict
from suppliers.models import Contact


class ChangeContactIn(Strict):
    """`contact` is another person of the same supplier."""

    contact = OwnRowField(Contact.objects.filter(erased_at=None))


def refuse_stranger(assessment: Assessment, contact: Contact) -> None:
    if contact.supplier_id != assessment.supplier_id:
        problem = _("This contact is not one of the supplier's.")
        raise ValidationError({"contact": [ErrorDetail(problem, "does-not-exist")]})
