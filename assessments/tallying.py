"""The answers handed in last become a row of columns that analysis counts."""

from typing import Any, Final

from assessments.models import Submission, Tally
from suppliers.models import Supplier

COUNTED: Final = (  # choices of the profile; no free text, nothing about a person
    "security_person", "business_risks", "education", "spending", "incident", "incident_effects",
    "incident_damage", "incident_customers",
)  # fmt: skip
CHANGING: Final = ("submission", "total", "band", "not_done", "unknown", "profile")


def keep(submission: Submission, supplier: Supplier) -> None:
    """Replace what was counted of the supplier. The caller holds the supplier.

    Of a self-diagnosis only: what has no published arithmetic is not counted, and a certificate
    in place of answers leaves those before it.
    """
    if submission.rating is None or not submission.rating.answered:
        return
    score, content = submission.rating.result["self_diagnosis"], submission.content
    row = Tally(
        contractor_id=submission.contractor_id,
        supplier=supplier,
        submission=submission,
        total=score["total"],
        band=score["band"],
        not_done=_numbers(content, "not_done"),
        unknown=_numbers(content, "unknown"),
        profile={name: content["profile"][name] for name in COUNTED if name in content["profile"]},
    )
    Tally.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["supplier"], update_fields=CHANGING
    )


def _numbers(content: dict[str, Any], value: str) -> list[int]:
    return [each["number"] for each in content["answers"] if each["value"] == value]
