"""Three roles: the owner migrates; the service reads and writes rows, and owns nothing; the eraser
empties what is kept no longer, and can do nothing else.

What is append-only (a model with `append_only = True`) the service may read and add to, no more.
"""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from retention import rights

READ_AND_ADD: Final = ["SELECT", "INSERT"]
ALL_ROWS: Final = ["SELECT", "INSERT", "UPDATE", "DELETE"]

DANGERS: Final = """
SELECT 'is a superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL
SELECT 'bypasses row security' FROM pg_roles WHERE rolname = current_user AND rolbypassrls
UNION ALL
SELECT 'may create roles' FROM pg_roles WHERE rolname = current_user AND rolcreaterole
UNION ALL
SELECT 'owns the table ' || relname FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
  AND pg_has_role(current_user, relowner, 'MEMBER')
  AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""
MAY_CHANGE: Final = """
SELECT 'may change or remove rows of ' || relname FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname = ANY(%s)
  AND (has_table_privilege(oid, 'UPDATE') OR has_any_column_privilege(oid, 'UPDATE')
       OR has_table_privilege(oid, 'DELETE') OR has_table_privilege(oid, 'TRUNCATE'))
"""


def append_only_tables() -> list[str]:
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__dict__.get("append_only") and model._meta.managed
    )


def dangers(connection: BaseDatabaseWrapper) -> list[str]:
    """What this connection's role could do that the service must not; empty when all is well."""
    with connection.cursor() as cursor:
        cursor.execute(DANGERS)
        found = [danger for (danger,) in cursor]
        cursor.execute(MAY_CHANGE, [append_only_tables()])
        found += [danger for (danger,) in cursor]
        cursor.execute("SELECT current_user")
        [(role,)] = cursor.fetchall()
    return [f"The role {role} of the service {danger}." for danger in found]


def exists(owner: BaseDatabaseWrapper, role: str) -> bool:
    with owner.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        return cursor.fetchone() is not None


def create(owner: BaseDatabaseWrapper, role: str, password: str) -> None:
    """Make a role that may log in and nothing else. Without password it needs another way in."""
    with owner.cursor() as cursor:
        # Encrypted here, so that the password stands in no log of the server.
        pgconn = owner.connection.pgconn
        encrypted = pgconn.encrypt_password(password.encode(), role.encode()) if password else b""
        cursor.execute(creation(role, encrypted.decode()).as_string(owner.connection))


def creation(role: str, password: str) -> sql.Composed:
    """The statement that makes the role; also shown where we are not permitted to run it."""
    statement = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role))
    if password:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    return statement


def grant(owner: BaseDatabaseWrapper, role: str) -> None:
    """Give the service's role what it needs on everything that is there, and take the rest away."""
    with owner.cursor() as cursor:
        for statement in _statements(role, _tables(owner)):
            cursor.execute(statement.as_string(owner.connection))


def grant_erasing(owner: BaseDatabaseWrapper, role: str) -> None:
    """Give the eraser's role the columns it may empty, and take everything else away."""
    with owner.cursor() as cursor:
        for statement in _erasing(role):
            cursor.execute(statement.as_string(owner.connection))


def _erasing(role: str) -> Iterator[sql.Composed]:
    eraser = sql.Identifier(role)
    for statement in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}",
        "REVOKE CREATE ON SCHEMA public FROM {}",
        "GRANT USAGE ON SCHEMA public TO {}",
    ):
        yield sql.SQL(statement).format(eraser)
    for table, privileges in rights.privileges().items():
        allowed = sql.SQL(", ").join(map(sql.SQL, privileges))
        yield sql.SQL("GRANT {} ON {} TO {}").format(allowed, sql.Identifier(table), eraser)


def _tables(owner: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """What the service may do with each table. Which migrations ran is the owner's business."""
    append_only = {*append_only_tables(), MigrationRecorder.Migration._meta.db_table}
    with owner.cursor() as cursor:
        names = [table.name for table in owner.introspection.get_table_list(cursor)]
    granted = {name: READ_AND_ADD if name in append_only else ALL_ROWS for name in names}
    return granted | {MigrationRecorder.Migration._meta.db_table: ["SELECT"]}


def _statements(role: str, tables: dict[str, list[str]]) -> Iterator[sql.Composed]:
    service = sql.Identifier(role)
    for table, privileges in tables.items():
        names = {"table": sql.Identifier(table), "role": service}
        yield sql.SQL("REVOKE ALL ON {table} FROM {role}, PUBLIC").format(**names)
        allowed = sql.SQL(", ").join(map(sql.SQL, privileges))
        yield sql.SQL("GRANT {} ON {table} TO {role}").format(allowed, **names)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "REVOKE CREATE ON SCHEMA public FROM {}, PUBLIC",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        # A later table counts as append-only until `prepare` has seen its model.
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {}",
    ):
        yield sql.SQL(statement).format(service)
