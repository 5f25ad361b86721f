"""Probes: `/healthz` says that the process answers, `/readyz` that it can do its work."""

from collections.abc import Callable
from functools import cache
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from config import problems, roles


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Touches nothing: a process must not be killed because its database is away."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """200, or 503 with the names of the checks that failed, and nothing more about the inside."""
    try:
        failed = [name for name, passes in CHECKS.items() if not passes()]
    except DatabaseError:
        failed = ["database"]
    if failed:
        return problems.answer(503, "not-ready", {"failed": failed})
    return JsonResponse({"status": "ready"})


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def _migrations_are_applied() -> bool:
    return not _on_disk() - set(MigrationRecorder(connection).applied_migrations())


def _role_is_safe() -> bool:
    return not roles.dangers(connection)


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.nodes)


CHECKS: Final[dict[str, Callable[[], bool]]] = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "role": _role_is_safe,
}
