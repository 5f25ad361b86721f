"""Probes: `/healthz` says that the process answers, `/readyz` that it can do its work.

Dead and degraded are two things: without its database nothing can be answered; without broker or
worker everything can, and only what is owed leaves later.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final

from celery.exceptions import OperationalError
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config import backlog, problems, roles
from config.celery import app


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Touches nothing: a process must not be killed because its database is away."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200, or 503 with the names of the checks that failed, and nothing more about the inside.

    Where only what is owed is late, 200 with `degraded`: nobody must take the web away for that.
    """
    try:
        failed = [name for name, passes in CHECKS.items() if not passes()]
        degraded = [name for name, passes in WISHES.items() if not failed and not passes()]
    except DatabaseError:
        failed = ["database"]
    if failed:
        return problems.answer(503, "not-ready", {"failed": failed})
    return JsonResponse({"status": "degraded", "degraded": degraded} if degraded else READY)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def _migrations_are_applied() -> bool:
    return not _on_disk() - set(MigrationRecorder(connection).applied_migrations())


def _role_is_safe() -> bool:
    return not roles.dangers(connection)


def _broker_answers() -> bool:
    """Within the second that its settings allow."""
    line: Any = app.connection_for_write()
    try:
        with line:
            line.default_channel.client.ping()
    except (OperationalError, *line.connection_errors, *line.channel_errors):
        return False  # away, or not ready: it may be loading what it kept
    return True


def _nothing_is_late() -> bool:
    return backlog.oldest_due(now=timezone.now()) < settings.LATE_AFTER


def _a_worker_works() -> bool:
    seen_at = backlog.last_seen()
    limit = timedelta(seconds=settings.LATE_AFTER)
    return seen_at is not None and timezone.now() - seen_at < limit


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


READY: Final = {"status": "ready"}
CHECKS: Final[dict[str, Callable[[], bool]]] = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "role": _role_is_safe,
}
WISHES: Final[dict[str, Callable[[], bool]]] = {
    "broker": _broker_answers,
    "late": _nothing_is_late,
    "worker": _a_worker_works,
    "frozen": lambda: not backlog.is_frozen(),
}
