"""What will be erased when, before it is: by kind and month, at a fixed number of queries."""

from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from contractors.models import Contractor
from suppliers import days

# A person may turn out to have been active since: of people it is the earliest month.
PLANNED: Final = """
SELECT kind, date_trunc('month', day)::date AS month, count(*), min(day) FROM (
    SELECT 'answers', erase_on FROM assessments_assessment
    WHERE contractor_id = %(contractor)s AND erased_at IS NULL AND status <> 'draft'
    UNION ALL
    SELECT 'files', min(asked.erase_on) FROM assessments_answerevidence AS shown
    JOIN assessments_assessment AS asked ON asked.id = shown.assessment_id
    WHERE shown.contractor_id = %(contractor)s GROUP BY shown.evidence_id
    UNION ALL
    SELECT 'talks', greatest(erase_talks_on, ((talked_at AT TIME ZONE 'Asia/Tokyo')::date
        + make_interval(months => talks_kept_months))::date) FROM assessments_assessment
    WHERE contractor_id = %(contractor)s AND talks_erased_at IS NULL AND status <> 'draft'
    UNION ALL
    SELECT 'talks', (until_on + make_interval(months => %(talks)s))::date FROM assessments_hold
    WHERE contractor_id = %(contractor)s AND supplier_reply <> '' AND supplier_reply <> 'erased'
    UNION ALL
    SELECT 'contacts', (last_active_on + make_interval(months => %(months)s))::date
    FROM suppliers_contact WHERE contractor_id = %(contractor)s AND erased_at IS NULL
) AS planned (kind, day)
GROUP BY kind, month ORDER BY month, kind
"""
DUE: Final = """
SELECT 'answers', count(*) FROM assessments_assessment
WHERE erased_at IS NULL AND erase_on <= %(today)s
UNION ALL
SELECT 'talks', (
    SELECT count(*) FROM assessments_assessment
    WHERE talks_erased_at IS NULL AND erase_talks_on <= %(today)s
      AND (talked_at IS NULL OR ((talked_at AT TIME ZONE 'Asia/Tokyo')::date
           + make_interval(months => talks_kept_months))::date <= %(today)s)
) + (
    SELECT count(*) FROM assessments_hold AS stop
    JOIN contractors_contractor AS keeper ON keeper.id = stop.contractor_id
    WHERE supplier_reply <> '' AND supplier_reply <> 'erased'
      AND until_on <= (%(today)s - make_interval(months => keeper.talks_kept_months))::date
)
UNION ALL
SELECT 'contact', count(*) FROM suppliers_contact AS person
JOIN contractors_contractor AS keeper ON keeper.id = person.contractor_id
WHERE erased_at IS NULL
  AND last_active_on <= (%(today)s - make_interval(months => keeper.contacts_kept_months))::date
UNION ALL
SELECT 'person', count(*) FROM retention_personrequest WHERE state = 'erasing'
"""


def planned(contractor: Contractor, *, now: datetime) -> dict[str, Any]:
    """Counts by kind and month in Japan, with the first day of each; `due`: that day has come."""
    today = days.in_japan(now)
    given = {
        "contractor": contractor.pk,
        "months": contractor.contacts_kept_months,
        "talks": contractor.talks_kept_months,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLANNED, given)
        found = [_month(*row) for row in cursor]
    return {
        "as_of": today,
        "planned": found,
        "due": [row for row in found if row["first"] <= today],
    }


def due_of_all(*, now: datetime) -> dict[str, int]:
    """How much of each kind is due today, of all contractors."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"today": days.in_japan(now)})
        return dict(cursor.fetchall())


def _month(kind: str, month: date, count: int, first: date) -> dict[str, Any]:
    return {"kind": kind, "month": f"{month:%Y-%m}", "count": count, "first": first}
