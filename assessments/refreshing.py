"""What letters are about, read for all of a claim at once, and anew for one of which anything has
changed since: none of what decides whether it leaves is older than the moment it leaves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments import enlisting
from assessments.models import AUTOMATIC, Campaign, Consultation, Mail, Occasion
from questionnaires.models import Questionnaire
from suppliers.models import Supplier


def _untold(model: type[Model], path: str, told: set[str]) -> list[str]:
    """The columns of what is joined at this path, but for those that a letter needs."""
    names = (field.name for field in model._meta.concrete_fields)
    return [f"{path}__{name}" for name in names if name not in told]


RELATED: Final = ("contractor", "supplier", "contact", "questionnaire", "campaign")
UNTOLD: Final = tuple(  # no letter speaks of these; whatever does reads it then
    f"assessment__{path}"
    for path in (
        "profile", "holdings", "warnings", "flags", "message", "decided_by", "sent_by",
        "confirmed_by", "closing_note", "decline_reason",
        *(f"contractor__{name}" for name in ("privacy_text_ja", "privacy_text_en")),
        *_untold(Supplier, "supplier", {"id", "contractor", "name", "status"}),
        *_untold(Questionnaire, "questionnaire", {"id", "key", "digest"}),
        *_untold(Campaign, "campaign", {"id", "status", "schedule"}),
    )
)  # fmt: skip
# PostgreSQL gives a row another place (`ctid`) with every change, and another transaction (`xmin`)
# where that place was free again. Certificates and colleagues' parts are read anew in any case.
VERSIONS: Final = """
SELECT m.id, m.attempt, count(coalesce(o.certification_id, o.delegation_id)),
  string_agg(concat_ws(' ', o.id, o.ctid, o.xmin,
    (SELECT concat_ws(' ', a.ctid, a.xmin,
        (SELECT concat(s.ctid, s.xmin) FROM suppliers_supplier s WHERE s.id = a.supplier_id),
        (SELECT concat(c.ctid, c.xmin) FROM suppliers_contact c WHERE c.id = a.contact_id),
        (SELECT concat(g.ctid, g.xmin) FROM assessments_campaign g WHERE g.id = a.campaign_id),
        (SELECT string_agg(concat(t.ctid, t.xmin), ' ' ORDER BY t.id)
         FROM assessments_consultation t JOIN assessments_assessment b ON b.id = t.assessment_id
         WHERE b.supplier_id = a.supplier_id AND t.state = 'open'))
     FROM assessments_assessment a WHERE a.id = o.assessment_id),
    (SELECT concat(p.ctid, p.xmin) FROM suppliers_contact p WHERE p.id = m.contact_id)),
    ',' ORDER BY o.id)
FROM assessments_mail m JOIN assessments_occasion o ON o.mail_id = m.id
WHERE m.id = ANY(%s) AND m.closed_at IS NULL AND o.left_out = ''
GROUP BY m.id
"""


class Version(NamedTuple):
    """Of a letter that is not closed: its attempt, how much but requests it is about, the rows."""

    attempt: int
    besides: int
    rows: str


class Reading:
    """The occasions of some letters that were not left out yet, with all that decides about them.

    `talking` says of one about a request whether anything is open with its supplier, `written` how
    many letters that nobody asked for the contact in charge had about it.
    """

    def __init__(self, mails: Iterable[Mail]) -> None:
        keys = [mail.pk for mail in mails]
        self._versions = _versions(keys)  # before what they are of: a change meanwhile shows later
        self._occasions = _occasions(keys)

    def first(self, mail: Mail) -> Sequence[Occasion]:
        """As they were read at first, in the order in which they came up."""
        return self._occasions[mail.pk]

    def of(self, mail: Mail) -> Sequence[Occasion]:
        """The same as of this moment; nothing where somebody else has claimed the letter since."""
        now = _versions([mail.pk]).get(mail.pk)
        if now is None or now.attempt != mail.attempt:
            return ()
        same = now == self._versions.get(mail.pk) and not now.besides
        return self.first(mail) if same else _occasions([mail.pk])[mail.pk]


def _versions(mails: list[int]) -> dict[int, Version]:
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [mails])
        return {key: Version(*told) for key, *told in cursor.fetchall()}


def _occasions(mails: Sequence[int]) -> Mapping[int, Sequence[Occasion]]:
    rows = Occasion.objects.filter(mail__in=mails, left_out="").select_related("mail__contact")
    found: dict[int, list[Occasion]] = defaultdict(list)
    for each in sorted(_read(rows), key=lambda row: row.pk):
        found[each.mail_id].append(each)
    return found


def _read(rows: QuerySet[Occasion]) -> Iterable[Occasion]:
    return [*_requests(rows), *_certificates(rows), *_delegations(rows)]


def _requests(rows: QuerySet[Occasion]) -> QuerySet[Occasion]:
    talks = Consultation.objects.open().filter(
        contractor=OuterRef("contractor"), assessment__supplier=OuterRef("assessment__supplier")
    )
    related = rows.select_related("mail__contact", *(f"assessment__{name}" for name in RELATED))
    told = related.filter(assessment__isnull=False).defer(*UNTOLD)
    return told.annotate(talking=Exists(talks), written=_written())


def _written() -> Coalesce:
    letters = (
        Occasion.objects.to_the_contact()
        .filter(
            assessment=OuterRef("assessment"),
            kind__in=AUTOMATIC,
            mail__outcome="sent",
            left_out="",
        )
        .exclude(pk=OuterRef("pk"))
    )
    counted = letters.order_by().values("assessment").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _certificates(rows: QuerySet[Occasion]) -> Iterable[Occasion]:
    told = rows.filter(certification__isnull=False)
    if not told.select_related(None).exists():
        return ()  # cheaper than to read all that a certificate needs
    return told.select_related(
        "mail__contact", "certification__contractor", "certification__supplier"
    )


def _delegations(rows: QuerySet[Occasion]) -> QuerySet[Occasion]:
    related = ("assessment__campaign", *enlisting.RELATED)
    told = rows.filter(kind=Occasion.Kind.DELEGATED)
    return told.select_related("mail__contact", *(f"delegation__{name}" for name in related))
