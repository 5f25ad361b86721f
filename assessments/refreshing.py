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
# A function in the database, so that it is planned once and not before every letter. Certificates
# and colleagues' parts are read anew in any case.
VERSIONS: Final = "SELECT * FROM assessments_letter_versions(%s)"


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
        self._occasions = _occasions(self._versions)

    def first(self, mail: Mail) -> Sequence[Occasion]:
        """As they were read at first, in the order in which they came up."""
        return self._occasions[mail.pk]

    def of(self, mail: Mail) -> Sequence[Occasion]:
        """The same as of this moment; nothing where somebody else has claimed the letter since."""
        now = _versions([mail.pk]).get(mail.pk)
        if now is None or now.attempt != mail.attempt:
            return ()
        same = now == self._versions.get(mail.pk) and not now.besides
        return self.first(mail) if same else _occasions({mail.pk: now})[mail.pk]


def _versions(mails: list[int]) -> dict[int, Version]:
    with connection.cursor() as cursor:
        cursor.execute(VERSIONS, [mails])
        return {key: Version(*told) for key, *told in cursor.fetchall()}


def _occasions(versions: Mapping[int, Version]) -> Mapping[int, Sequence[Occasion]]:
    rows = Occasion.objects.filter(mail__in=versions, left_out="").select_related("mail__contact")
    told = list(_requests(rows))
    if any(each.besides for each in versions.values()):
        told += [*_certificates(rows), *_delegations(rows)]
    found: dict[int, list[Occasion]] = defaultdict(list)
    for each in sorted(told, key=lambda row: row.pk):
        found[each.mail_id].append(each)
    return found


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


def _certificates(rows: QuerySet[Occasion]) -> QuerySet[Occasion]:
    related = ("contractor", "supplier")
    told = rows.filter(certification__isnull=False)
    return told.select_related("mail__contact", *(f"certification__{name}" for name in related))


def _delegations(rows: QuerySet[Occasion]) -> QuerySet[Occasion]:
    related = ("assessment__campaign", *enlisting.RELATED)
    told = rows.filter(kind=Occasion.Kind.DELEGATED)
    return told.select_related("mail__contact", *(f"delegation__{name}" for name in related))
