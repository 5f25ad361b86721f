"""Long work on the rows of a table: begun, done chunk by chunk, cancelled.

A step does one chunk and moves the progress in the same transaction, so whatever is killed goes on
where it stopped, and no row is done twice. What is done with a chunk is the act of an app above.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contractors.actors import Actor
from contractors.models import Contractor
from events import tracing
from events.errors import PartOfCampaign, TooManyOperations, WrongStatus
from events.models import Operation, OperationChunk
from events.operation import MOST_ERRORS

Status = Operation.Status
Row = dict[str, Any]  # `row` is its number in the sheet; the rest the act knows
Outcome = dict[str, Any]  # `row`, `status`, `subject` (type and id, or none), `errors`
Act = Callable[[Operation, list[Row], datetime], list[Outcome]]

CHUNK: Final = 200  # rows a transaction
TOGETHER: Final = 20  # chunks that are stored by one statement
STEPS: Final = 10  # chunks a claim; then other operations have their turn
MOST_TRIES: Final = 10  # claims without one chunk done
MOST_WAITING: Final = 10  # operations of one contractor that have not ended
LAUNCH: Final = "campaign.launch"  # the kind that ends with its campaign alone
FAULTY: Final = "faulty"
NOT_DONE: Final = "not_done"
FORGET: Final = """
WITH forgotten AS (
    UPDATE events_operationchunk AS chunk
    SET done = true, rows = '[]', outcomes = coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'row', line -> 'row', 'status', %s::text, 'subject', null, 'errors', '[]'::jsonb
        ) ORDER BY place)
        FROM jsonb_array_elements(chunk.rows) WITH ORDINALITY AS lines (line, place)
    ), '[]')
    WHERE chunk.operation_id = %s AND NOT chunk.done
    RETURNING jsonb_array_length(outcomes) AS lines
)
SELECT coalesce(sum(lines), 0)::integer FROM forgotten
"""  # however many rows, none of them comes to us
GAVE_UP: Final = gettext_noop(
    "This could not be finished. Send the file again, or tell the operator."
)


@dataclass(frozen=True)
class Order:
    """What is to be done, and who wants it."""

    contractor: Contractor
    kind: str
    only_good_rows: bool
    actor: Actor
    undoes: Operation | None = None  # what it takes back
    chunk: int = CHUNK


@transaction.atomic
def begin(order: Order, rows: Iterable[Row], *, now: datetime) -> Operation:
    """Owe the work on these rows, of which few are held at a time.

    The caller rings for the task that claims its kind.
    """
    waiting = Operation.objects.of(order.contractor).unfinished().count()
    if waiting >= MOST_WAITING:
        raise TooManyOperations(
            _("%(most)d operations of yours have not ended yet. Wait until one has.")
            % {"most": MOST_WAITING}
        )
    operation = _new(order, 0, now=now)
    operation.due_at = now
    operation.save(force_insert=True)
    chunks = (
        OperationChunk(contractor=order.contractor, operation=operation, position=place, rows=chunk)
        for place, chunk in enumerate(_chunks(rows, order.chunk))
    )
    while some := list(islice(chunks, TOGETHER)):
        OperationChunk.objects.bulk_create(some)
        operation.total += sum(len(each.rows) for each in some)
    operation.save(update_fields=["total"])
    return operation


@transaction.atomic
def refuse(order: Order, outcomes: Sequence[Outcome], *, now: datetime) -> Operation:
    """An operation that failed before a row was done; `outcomes` say why."""
    operation = _new(order, len(outcomes), now=now)
    operation.add(outcomes)
    operation.conclude(Status.FAILED, now=now)
    operation.save(force_insert=True)
    OperationChunk.objects.bulk_create(
        OperationChunk(
            contractor=order.contractor,
            operation=operation,
            position=place,
            outcomes=chunk,
            done=True,
        )
        for place, chunk in enumerate(_chunks(outcomes, CHUNK))
    )
    return operation


@transaction.atomic
def cancel(operation: Operation, *, now: datetime) -> Operation:
    """No further row is done; those that are done stay, and the result names them."""
    held = Operation.objects.select_for_update(no_key=True, of=("self",)).get(pk=operation.pk)
    if held.closed_at is not None:
        raise WrongStatus(
            _("This operation has ended. There is nothing to cancel."),
            allowed=[Status.QUEUED.value, Status.RUNNING.value],
        )
    _end_early(held, Status.CANCELLED, now=now)
    return held


def cancel_alone(operation: Operation, *, now: datetime) -> Operation:
    """The same for an operation that is nobody's part: a campaign must know that it has ended."""
    if operation.kind == LAUNCH:
        raise PartOfCampaign(
            _("This is the launch of a campaign. Cancel the campaign at campaigns/{id}/cancel/.")
        )
    return cancel(operation, now=now)


def claim(kinds: Collection[str], *, now: datetime) -> list[Operation]:
    """The one of these kinds that waits longest, or none."""
    return Operation.objects.filter(kind__in=kinds).claim(now=now, limit=1)


def go_on(operation: Operation, act: Act, *, now: datetime) -> None:
    """The next chunks of a claimed operation; then it waits for its next turn, or has ended."""
    token = tracing.request_id.set(operation.request_id)
    try:
        for _turn in range(STEPS):
            if not _step(operation, act, now=now):
                return
    finally:
        tracing.request_id.reset(token)
    ours = Operation.objects.unfinished().filter(pk=operation.pk, attempt=operation.attempt)
    ours.update(due_at=now, late_since=None)


@transaction.atomic
def _step(claimed: Operation, act: Act, *, now: datetime) -> bool:
    """One chunk and the progress together; says whether more remains."""
    operation = _held(claimed)
    if operation is None:
        return False  # it was cancelled, or somebody else has it
    if operation.attempt - operation.moved_in > MOST_TRIES:
        _give_up(operation, now=now)
        return False
    chunk = operation.chunks.filter(done=False).order_by("position")[:1].get()
    outcomes = act(operation, chunk.rows, now)
    _close(chunk, outcomes)
    operation.add(outcomes)
    operation.moved_in = operation.attempt
    if not operation.only_good_rows and any(each["status"] == FAULTY for each in outcomes):
        _end_early(operation, Status.FAILED, now=now)
        return False
    operation.status, operation.done = Status.RUNNING, operation.done + len(outcomes)
    if operation.done == operation.total:
        operation.conclude(Status.SUCCEEDED, now=now)
    _save(operation)
    return operation.closed_at is None


def _held(claimed: Operation) -> Operation | None:
    rows = Operation.objects.select_for_update(no_key=True, of=("self",))
    ours = rows.unfinished().filter(pk=claimed.pk, attempt=claimed.attempt)
    return ours.select_related("contractor").first()


def _give_up(operation: Operation, *, now: datetime) -> None:
    """Its next chunk ends whoever tries it."""
    operation.faults += 1
    error = {"row": None, "pointer": "", "code": "gave-up", "detail": GAVE_UP}
    operation.errors = [error, *operation.errors][:MOST_ERRORS]
    _end_early(operation, Status.FAILED, now=now)


def _end_early(operation: Operation, status: Status, *, now: datetime) -> None:
    """What was not done is forgotten; its rows are named."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [NOT_DONE, operation.pk])
        [[forgotten]] = cursor.fetchall()
    if forgotten:
        operation.counts = operation.counts | {
            NOT_DONE: operation.counts.get(NOT_DONE, 0) + forgotten
        }
    operation.conclude(status, now=now)
    _save(operation)


def not_done(row: int) -> Outcome:
    return {"row": row, "status": NOT_DONE, "subject": None, "errors": []}


def _close(chunk: OperationChunk, outcomes: list[Outcome]) -> None:
    """What was sent is not needed any more."""
    chunk.rows, chunk.outcomes, chunk.done = [], outcomes, True
    chunk.save(update_fields=["rows", "outcomes", "done"])


def _save(operation: Operation) -> None:
    operation.save(
        update_fields=[
            "status", "done", "counts", "faults", "errors", "moved_in", "closed_at", "due_at",
        ]
    )  # fmt: skip


def _new(order: Order, total: int, *, now: datetime) -> Operation:
    return Operation(
        contractor=order.contractor,
        kind=order.kind,
        total=total,
        only_good_rows=order.only_good_rows,
        actor=order.actor.plain(),
        undoes=order.undoes,
        request_id=tracing.request_id.get(),
        created_at=now,
    )


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk
