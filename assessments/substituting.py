"""A certificate answers alone: it is handed in instead of all answers, where the request takes it.

The rating rests on it while it is verified, covers the trade and is valid. Once it ends, the sweep
that watches certificates lets the standing follow.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assessments import answering, requirements, submitting
from assessments.errors import NotInstead
from assessments.locking import lock_for_contact
from assessments.models import SENT, Assessment, Submission
from assessments.submitting import Responsible
from suppliers import days
from suppliers.locking import lock_certification
from suppliers.models import Certification, State

ELSEWHERE = (Certification.ScopeCovers.NO, Certification.ScopeCovers.PARTLY)


def taken(assessment: Assessment, *, now: datetime) -> QuerySet[Certification]:
    """The supplier's certificates that may stand alone today.

    One is checked already, or has a document that can be; none was found to cover other work.
    """
    schemes = requirements.replacing_answers(assessment.asked())
    rows = Certification.objects.filter(supplier=assessment.supplier_id, scheme__in=schemes)
    living = rows.held(days.in_japan(now)).with_proof().exclude(scope_covers__in=ELSEWHERE)
    provable = Q(state=State.VERIFIED) | Q(state=State.DECLARED, has_document=True)
    return living.filter(provable).order_by("pk")


@transaction.atomic
def substitute(
    assessment: Assessment,
    certification: Certification,
    *,
    responsible: Responsible,
    now: datetime,
) -> Submission:
    """Hand in a certificate instead of answers. Twice is the same as once."""
    assessment = lock_for_contact(assessment)
    if assessment.status in SENT:
        return assessment.submissions.latest("number")
    assessment = answering.lock_open(assessment)
    row = lock_certification(certification)
    if not taken(assessment, now=now).filter(pk=row.pk).exists():
        raise NotInstead(
            _("This certificate does not stand in for the answers to this request."),
            accepted=requirements.replacing_answers(assessment.asked()),
        )
    answering.start(assessment, now=now)
    return submitting.submit(assessment, responsible=responsible, certification=row, now=now)
