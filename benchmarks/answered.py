"""Everybody answered once: one firm hands in for real, and the database copies what came of it."""

from django.utils import timezone

from assessments import submitting
from assessments.models import Submission, Tally
from assessments.submitting import Responsible
from benchmarks.laboratory import Site
from benchmarks.making import copied
from benchmarks.supplying import asked, complete
from ratings.models import Rating
from suppliers.models import Supplier

MODELS = (Rating, Submission, Tally, Supplier)


def fill(site: Site) -> None:
    """Call it where the site's database is used; the second time nothing is left to do."""
    if Tally.objects.count() >= site.database.size.suppliers:
        return
    assessment = asked(site, "ANSWERED")
    complete(assessment)
    person = Responsible("山田一郎", "代表取締役", "ichiro@yamada.example")
    submitting.submit(assessment, responsible=person, now=timezone.now())
    copied(
        Rating,
        "SELECT id FROM suppliers_supplier AS supplier WHERE contractor_id = base.contractor_id"
        " AND NOT EXISTS (SELECT FROM ratings_rating WHERE supplier_id = supplier.id)",
        supplier_id="source.id",
    )
    copied(
        Submission,
        "SELECT rating.id, asked.id AS assessment_id FROM ratings_rating AS rating JOIN (SELECT"
        " DISTINCT ON (supplier_id) id, supplier_id FROM assessments_assessment"
        " ORDER BY supplier_id, id) AS asked ON asked.supplier_id = rating.supplier_id"
        " WHERE NOT EXISTS (SELECT FROM assessments_submission WHERE rating_id = rating.id)",
        rating_id="source.id",
        assessment_id="source.assessment_id",
        receipt="'R-' || source.id",
    )
    copied(
        Tally,
        "SELECT submission.id, rating.supplier_id FROM assessments_submission AS submission"
        " JOIN ratings_rating AS rating ON rating.id = submission.rating_id"
        " WHERE NOT EXISTS (SELECT FROM assessments_tally WHERE submission_id = submission.id)",
        submission_id="source.id",
        supplier_id="source.supplier_id",
        total="source.id % 126 - 25",
        not_done="ARRAY[source.id % 25 + 1]",
        unknown="ARRAY[(source.id / 25) % 25 + 1]",
    )
    _stand(site)


def _stand(site: Site) -> None:
    first = Rating.objects.earliest("pk")
    Supplier.objects.of(site.made.contractor).update(
        standing_level=first.level,
        standing_grade=first.grade,
        standing_score=first.score,
        standing_as_of=first.as_of,
        exposure_system_access=False,
    )
    site.database.administrate(*(f"VACUUM ANALYZE {each._meta.db_table}" for each in MODELS))
