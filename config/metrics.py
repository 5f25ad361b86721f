"""`/metrics` for Prometheus: what is owed and how it ends, read from PostgreSQL at this moment.

A constant number of queries, each by an index. Labels are kinds and outcomes; no tenant, no person
and no address stands in them. Requests are not counted: several web processes share no memory.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from config import backlog, problems
from events.models import Worker

WINDOW: Final = timedelta(hours=1)
OWED: Final = {
    "due": "Rows that are owed and due, claimed at this moment or held up: not done as yet.",
    "later": "Rows that are owed and due later: at their hour, or at their next step.",
    "failing": "Rows that are owed and of which an attempt has failed.",
    "uncertain": "Letters handed over without an answer, which are to be sent once more.",
}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Only for whoever knows METRICS_TOKEN; where none is set, there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not secrets.compare_digest(request.headers.get("Authorization", "").encode(), wanted):
        refused = problems.answer(401, "not-authenticated")
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Backlog(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Backlog(Collector):
    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        rows = backlog.rows()
        figures: dict[str, Any] = {kind: each.figures(now=self.now) for kind, each in rows.items()}
        yield self._oldest(figures)
        for name, means in OWED.items():
            family = _family(name, means, ["kind"])
            for kind, found in figures.items():
                family.add_metric([kind], found[name])
            yield family
        given_up = {kind: each.given_up() for kind, each in rows.items()}
        yield _by_outcome("given_up", "Rows given up, which wait for a person.", given_up)
        ended = {kind: each.filter(closed_at__gt=self.now - WINDOW) for kind, each in rows.items()}
        yield _by_outcome("ended_last_hour", "Rows that ended within the last hour.", ended)
        yield from self._workers()

    def _oldest(self, figures: dict[str, Any]) -> GaugeMetricFamily:
        means = "For how long the row that is due for longest has been due."
        family = _family("oldest_seconds", means, ["kind"])
        for kind, found in figures.items():
            waited = (self.now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
            family.add_metric([kind], waited)
        return family

    def _workers(self) -> Iterator[GaugeMetricFamily]:
        frozen = "1 while nothing leaves: a restored copy that was not released."
        yield GaugeMetricFamily("tasuki_frozen", frozen, value=float(backlog.is_frozen()))
        means = "For how long this worker has taken no canary out of the queue."
        family = GaugeMetricFamily("tasuki_worker_silent_seconds", means, labels=["worker"])
        for worker in Worker.objects.order_by("name"):
            family.add_metric([worker.name], (self.now - worker.seen_at).total_seconds())
        yield family


def _by_outcome(name: str, means: str, rows: dict[str, Any]) -> GaugeMetricFamily:
    family = _family(name, means, ["kind", "outcome"])
    for kind, each in rows.items():
        for outcome, count in each.values_list("outcome").annotate(Count("pk")).order_by("outcome"):
            family.add_metric([kind, outcome], count)
    return family


def _family(name: str, means: str, labels: list[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tasuki_owed_{name}", means, labels=labels)
