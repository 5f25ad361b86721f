"""Made-up firms that answered a contractor, and the plain values to recompute figures from."""

import random
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from assessments import submitting
from assessments.models import Answer, Assessment
from assessments.submitting import Responsible
from contractors.models import Contractor
from tests.factories import AnsweredFactory, ContactFactory, SupplierFactory, official

POINTS = {"done": 4, "partly": 2, "not_done": 0, "unknown": -1}
RESPONSIBLE = Responsible("山田花子", "社長", "hanako@yamada.example")


@dataclass
class Firm:
    """One supplier: what the contractor knows of it, and what it says of itself."""

    industry: str | None = "E"
    size_class: str | None = "small"
    tags: list[str] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)  # what is not done
    profile: dict[str, Any] = field(default_factory=dict)  # by the names of its items
    status: str = "active"

    def value(self, item: int) -> str:
        return self.answers.get(item, "done")

    @property
    def total(self) -> int:
        return sum(POINTS[self.value(item)] for item in range(1, 26))

    @property
    def band(self) -> str:
        bands = ((100, "100"), (70, "70-99"), (50, "50-69"))
        return next((name for least, name in bands if self.total >= least), "49-")


def firms(count: int, seed: int) -> list[Firm]:
    """The same ones for the same seed: some of every kind."""
    chance = random.Random(seed)
    return [_firm(chance) for _ in range(count)]


def _firm(chance: random.Random) -> Firm:
    weak = chance.sample(range(1, 26), chance.choice([0, 2, 6, 14, 20]))
    incident = chance.choice(["yes", "no", "no"])
    profile = {
        "security_person": chance.choice(["dedicated", "part_time", "nobody"]),
        "business_risks": chance.choice([["leak"], ["leak", "stop"], ["none"]]),
        "education": chance.choice(["regular", "occasional", "none", "unknown"]),
        "spending": chance.choice(["0", "0", "1-99999", "unknown"]),
        "incident": incident,
    }
    if incident == "yes":
        effects = chance.sample(["data_lost", "stop", "money"], chance.choice([1, 2]))
        profile |= {"incident_effects": effects, "incident_damage": chance.choice(["0", "1-99999"])}
        profile |= {"incident_customers": chance.choice(["yes", "no"])}
    return Firm(
        industry=chance.choice(["E", "E", "G", "I", None]),
        size_class=chance.choice(["small", "sme_up_to_100", "sme_101_plus"]),
        tags=chance.choice([["めっき"], []]),
        answers={item: chance.choice(["partly", "not_done", "unknown"]) for item in weak},
        profile=profile,
    )


def make(contractor: Contractor, firm: Firm, **asked: Any) -> Assessment:
    """The firm is asked, answers and hands in, all by the service's own acts."""
    supplier = SupplierFactory.create(
        contractor=contractor,
        industry=firm.industry,
        size_class=firm.size_class,
        tags=firm.tags,
        status=firm.status,
    )
    contact = ContactFactory.create(contractor=contractor, supplier=supplier)
    numbers = {item.name: item.number for item in official("supplier-profile").parsed().items}
    given = {"security_person": "nobody"} | firm.profile
    if given["security_person"] != "nobody":
        given["security_person_name"] = "山田太郎"
    profile = {str(numbers[name]): value for name, value in given.items()}
    assessment = AnsweredFactory.create(
        contractor=contractor, contact=contact, profile=profile, **asked
    )
    for item, value in firm.answers.items():
        Answer.objects.filter(assessment=assessment, number=item).update(value=value)
    submitting.submit(assessment, responsible=RESPONSIBLE, now=timezone.now())
    return assessment
