"""What warnings look at, and who cannot be asked, of many suppliers in one statement."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from assessments import preparing, unsaid, warning, weighing
from assessments.models import Assessment, Campaign, Consultation, Hold, Status
from assessments.warning import Facts, Peer
from contractors.marking import mark as _
from contractors.models import Contractor
from suppliers import days
from suppliers.models import Applies, Contact, SizeClass, Supplier, SupplierQuerySet

EXAMPLES: Final = 3
FACTS: Final = ("small", "exposure", "law", "asked_lately", "covered")
REASONS: Final = {  # why a supplier is left out
    "supplier-archived": _("This supplier is archived. Restore it before you ask it."),
    "no-contact": _("This supplier has no contact with a mail address that works."),
    "talks-unanswered": _(
        "This supplier has waited for an answer for more than 10 business days. Answer it first."
    ),
    "orders-held": _(
        "New orders to this supplier are held, so nobody can promise that the trade goes on."
    ),
}
CHOICES: Final = [(code, code) for code in REASONS]


@dataclass(frozen=True)
class Wish:
    """What is asked of all of them alike. `requirements` follow requirements.schema.json."""

    contractor: Contractor
    due_on: date
    implement_by: date | None = None
    requirements: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> "Wish":
        asked = campaign.due_on, campaign.implement_by, campaign.requirements
        return cls(campaign.contractor, *asked)


@dataclass(frozen=True)
class Gauged:
    """`warnings` and `unaskable` are told by code: how many, and the ids of the first."""

    askable: int
    warnings: list[dict[str, Any]]
    unaskable: list[dict[str, Any]]


class First(models.Aggregate):
    """The public ids of those that were there longest."""

    template = f"(array_agg(%(expressions)s ORDER BY %(expressions)s))[1:{EXAMPLES}]"
    output_field = ArrayField(models.UUIDField())


def gauge(suppliers: models.QuerySet[Supplier], wish: Wish, *, now: datetime) -> Gauged:
    """What asking all of these would be warned of, in as many queries however many they are.

    Suppliers of whom the same is known are warned of alike, so each kind is looked at once.
    """
    rows = known(suppliers, wish, now=now).order_by().values("reason", *FACTS)
    kinds = list(rows.annotate(n=Count("pk"), examples=First("public_id")))
    asked = [kind for kind in kinds if not kind["reason"]]
    peers = tuple(_peers(asked, wish))
    warned, left_out = _Told(), _Told()
    for kind in asked:
        told = warning.warn(facts(kind, wish, peers=peers, now=now))
        for each in [*told, *unsaid.unsaid(wish.requirements)]:
            warned.add(each.plain, kind)
    for kind in kinds:
        if kind["reason"]:
            left_out.add({"code": kind["reason"], "pointer": ""}, kind)
    return Gauged(sum(kind["n"] for kind in asked), warned.told(), left_out.told())


def known(
    suppliers: models.QuerySet[Supplier], wish: Wish, *, now: datetime
) -> models.QuerySet[Supplier]:
    """The same suppliers with what is known of each: `FACTS`, and `reason` not to ask it, or ""."""
    today = days.in_japan(now)
    parts = [weighing.one_if(f"exposure_{name}") for name in Supplier.EXPOSURE]
    asked = Assessment.objects.filter(
        contractor=wish.contractor, supplier=OuterRef("pk"), invited_at__gt=now - weighing.LATELY
    )
    covering = weighing.covering(wish.requirements, day=today).filter(supplier=OuterRef("pk"))
    return suppliers.annotate(
        small=_holds(Q(size_class=SizeClass.SMALL, size_class__isnull=False)),
        exposure=sum(parts[1:], parts[0]),
        law=_holds(Q(toriteki=Applies.APPLIES) | Q(freelance_act=Applies.APPLIES)),
        asked_lately=Exists(asked.exclude(status=Status.CANCELLED)),
        covered=Exists(covering),
        reason=_reason(wish, today=today),
    )


def askable(suppliers: Any, wish: Wish, *, now: datetime, but: bool = False) -> Any:
    """Those who can be asked, or all `but` them."""
    found: Any = known(suppliers, wish, now=now)
    return found.exclude(reason="") if but else found.filter(reason="")


def members(campaign: Campaign) -> SupplierQuerySet:
    """The suppliers that a campaign is to ask."""
    return Supplier.objects.of(campaign.contractor).filter(campaigns__campaign=campaign)


def first_contact() -> Subquery:
    """The primary key of whom a supplier's request goes to."""
    return Subquery(Contact.objects.filter(supplier=OuterRef("pk")).reachable().values("pk")[:1])


def facts(kind: Mapping[str, Any], wish: Wish, *, peers: tuple[Peer, ...], now: datetime) -> Facts:
    """Of a supplier, or of all of whom the same is known."""
    exposure = kind["exposure"]
    return Facts(
        today=days.in_japan(now),
        due_on=wish.due_on,
        implement_by=wish.implement_by,
        requirements=wish.requirements,
        star=None if exposure is None else 4 if exposure else 3,
        peers=peers,
        **{name: kind[name] for name in FACTS},
    )


def peers_again(warnings: Iterable[Mapping[str, Any]], wish: Wish) -> tuple[Peer, ...]:
    """Peers of whom as much is told as of all that were gauged: whether they differ."""
    told = any(each["code"] == warning.SAME_FOR_ALL for each in warnings)
    mine = warning.level(wish.requirements)
    return tuple(Peer(exposure, mine) for exposure in range(warning.PEERS)) if told else ()


def _peers(kinds: Iterable[Mapping[str, Any]], wish: Wish) -> Iterator[Peer]:
    """Those who are asked the same; of each exposure as many as the rule looks at."""
    mine = warning.level(wish.requirements)
    counted: Counter[int] = Counter()
    for kind in kinds:
        if kind["exposure"] is not None:
            counted[kind["exposure"]] += kind["n"]
    for exposure, n in sorted(counted.items()):
        yield from [Peer(exposure, mine)] * min(n, warning.PEERS)


def _reason(wish: Wish, *, today: date) -> Case:
    reachable = Contact.objects.filter(supplier=OuterRef("pk"), status=Contact.Status.ACTIVE)
    ignored = Consultation.objects.unanswered().filter(
        contractor=wish.contractor, assessment__supplier=OuterRef("pk")
    )
    whens = [
        When(status=Supplier.Status.ARCHIVED, then=Value("supplier-archived")),
        When(~Exists(reachable), then=Value("no-contact")),
        When(Exists(ignored), then=Value("talks-unanswered")),
    ]
    if preparing.TRADE_GOES_ON in wish.requirements.get("promises", []):
        held = Hold.objects.filter(supplier=OuterRef("pk")).not_over(today)
        whens.append(When(Exists(held), then=Value("orders-held")))
    return Case(*whens, default=Value(""), output_field=models.CharField())


def _holds(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=models.BooleanField())


class _Told:
    """Codes with how many suppliers they are about, in the order in which they came up."""

    def __init__(self) -> None:
        self.by_code: dict[tuple[str, str], dict[str, Any]] = {}

    def add(self, told: dict[str, Any], kind: Mapping[str, Any]) -> None:
        first = told | {"suppliers": 0, "examples": []}
        mine = self.by_code.setdefault((told["code"], told["pointer"]), first)
        mine["suppliers"] += kind["n"]
        together = {*mine["examples"], *map(str, kind["examples"])}
        mine["examples"] = sorted(together)[:EXAMPLES]

    def told(self) -> list[dict[str, Any]]:
        return [self.by_code[key] for key in sorted(self.by_code)]
