"""What is append-only: the database itself refuses change and removal, whoever asks it."""

from typing import Final

import pgtrigger

REFUSAL: Final = (
    "RAISE EXCEPTION 'A row of % is kept as it was written; write a new one.', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation';"
)


def append_only() -> list[pgtrigger.Trigger]:
    """The triggers of a model whose rows never change. `append_only = True` is for the grants."""
    return [
        pgtrigger.Trigger(
            name="row_never_changes",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=REFUSAL,
        ),
        pgtrigger.Trigger(
            name="table_never_emptied",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=REFUSAL,
        ),
    ]
