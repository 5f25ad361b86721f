"""What is append-only: the database itself refuses change and removal, whoever asks it.

One exception, and only in one direction: a role that neither owns the table nor is a superuser, and
was given the right to (`retention.rights`), may empty the columns that a model names, once, where
what it writes has the emptied form.
"""

from collections.abc import Mapping
from typing import Final

import pgtrigger

REFUSAL: Final = (
    "RAISE EXCEPTION 'A row of % is kept as it was written; write a new one.', TG_TABLE_NAME "
    "USING ERRCODE = 'integrity_constraint_violation';"
)
NO_OWNER: Final = (  # a superuser counts as a member of every role
    "NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')"
)
NOTHING: Final = "'{}'::jsonb"
GONE: Final = "erased"  # where a text may not be empty


def append_only(*, emptied: Mapping[str, str] | None = None) -> list[pgtrigger.Trigger]:
    """The triggers of a model whose rows never change. `append_only = True` is for the grants.

    `emptied` names the columns that may be erased, each with the SQL condition that its emptied
    form fulfils (`OLD` and `NEW` are the row).
    """
    return [
        pgtrigger.Trigger(
            name="row_never_changes",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=unless_erased(emptied) if emptied else REFUSAL,
        ),
        pgtrigger.Trigger(
            name="table_never_emptied",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func=REFUSAL,
        ),
    ]


def unless_erased(emptied: Mapping[str, str]) -> str:
    """The refusal of every change but one: the eraser empties these columns, and no other."""
    columns = ", ".join(f"'{name}'" for name in emptied)
    same = f"to_jsonb(NEW) - ARRAY[{columns}] = to_jsonb(OLD) - ARRAY[{columns}]"
    form = " AND ".join(f"({condition})" for condition in emptied.values())
    allowed = f"TG_OP = 'UPDATE' AND {NO_OWNER} AND {same} AND {form}"
    return f"IF {allowed} THEN RETURN NEW; END IF; {REFUSAL}"


def erased_text(column: str) -> str:
    """The condition that a text is the word that stands for nothing, or was empty and stays so."""
    return f"NEW.{column} = CASE WHEN OLD.{column} = '' THEN '' ELSE '{GONE}' END"


def only_keys(column: str, *keys: str, most: int) -> str:
    """The condition that a JSON column holds these keys at most, short, and is erased just now."""
    kept = ", ".join(f"'{key}'" for key in keys)
    return (
        f"NEW.{column} ? 'erased_at' AND NOT OLD.{column} ? 'erased_at'"
        f" AND NEW.{column} - ARRAY[{kept}] = {NOTHING} AND length(NEW.{column}::text) <= {most}"
    )
