"""The service's role owns nothing, may do little, and less still with what is append-only."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import InsufficientPrivilege

from config import checks, roles
from retention import rights

TABLES = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
MIGRATIONS = MigrationRecorder.Migration._meta.db_table


def privileges(table, alias="default"):
    """What the role of a connection may do with a table."""
    kinds = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM unnest(%s::text[]) AS kind WHERE has_table_privilege(%s, kind)",
            [kinds, f'public."{table}"'],
        )
        return {kind for (kind,) in cursor}


@pytest.mark.django_db
def test_the_service_is_safe():
    assert roles.dangers(connection) == []
    assert checks.service_has_few_rights(databases=["default"]) == []


@pytest.mark.django_db
def test_the_service_may_do_with_each_table_what_its_model_says():
    append_only = roles.append_only_tables()

    expected = {
        table: set(roles.READ_AND_ADD if table in append_only else roles.ALL_ROWS)
        for table in TABLES
    }

    assert append_only
    assert {table: privileges(table) for table in TABLES} == expected
    assert privileges(MIGRATIONS) == {"SELECT"}


@pytest.mark.django_db(databases=["default", "eraser"])
def test_the_eraser_may_do_what_is_written_and_nothing_else():
    """Every table, column by column."""
    expected = {table: set() for table in TABLES} | {
        table: {kind for kind in kinds if "(" not in kind}
        for table, kinds in rights.privileges().items()
    }

    assert {table: privileges(table, "eraser") for table in TABLES} == expected
    assert changeable() == {
        (model._meta.db_table, model._meta.get_field(name).column)
        for model, names in rights.EMPTIED.items()
        for name in names
    }


@pytest.mark.django_db(databases=["default", "eraser"])
def test_the_eraser_adds_to_no_frozen_table_but_its_own_and_removes_from_none():
    found = {table: privileges(table, "eraser") for table in roles.append_only_tables()}

    assert {table for table, kinds in found.items() if kinds - {"SELECT"}} == {"retention_erasure"}
    assert found["retention_erasure"] == {"SELECT", "INSERT"}


@pytest.mark.django_db(databases=["default", "eraser"])
@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE tasuki",
        "SET ROLE tasuki_owner",
        "CREATE TABLE mine ()",
        "TRUNCATE assessments_answer",
        "SELECT sealed_secret FROM events_endpoint",
        "SELECT digest FROM contractors_apikey",
    ],
)
def test_the_eraser_cannot_give_itself_more(statement):
    with pytest.raises(DatabaseError), transaction.atomic(using="eraser"):
        connections["eraser"].cursor().execute(statement)


def changeable():
    with connections["eraser"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
            " AND NOT attisdropped AND has_column_privilege(attrelid, attnum, 'UPDATE')"
        )
        return set(cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", roles.append_only_tables())
def test_what_is_append_only_is_never_changed(table, statement):
    with pytest.raises(ProgrammingError) as refusal, transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert isinstance(refusal.value.__cause__, InsufficientPrivilege)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine ()",
        "CREATE ROLE mine",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "DROP TABLE events_event",
        "SET ROLE postgres",
        "TRUNCATE suppliers_supplier CASCADE",
    ],
)
def test_the_service_cannot_give_itself_more(statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_in_the_service_s_place_is_found_out():
    found = " ".join(roles.dangers(connections["owner"]))

    assert "owns the table events_event" in found
    assert "may change or remove rows of events_event" in found
    assert "may create roles" in found


def test_preparing_again_changes_nothing_and_covers_later_tables(committed):
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY)")
    assert privileges("later") == {"SELECT", "INSERT"}

    call_command("prepare", verbosity=0)

    assert privileges("later") == set(roles.ALL_ROWS)
    assert roles.dangers(connection) == []


def test_one_role_for_both_is_refused(committed, monkeypatch):
    owner = connections["owner"].settings_dict["USER"]
    monkeypatch.setitem(connections["default"].settings_dict, "USER", owner)

    with pytest.raises(CommandError, match="must name a role of its own"):
        call_command("prepare", verbosity=0)


def test_the_eraser_is_neither_service_nor_owner(committed, monkeypatch):
    service = connections["default"].settings_dict["USER"]
    monkeypatch.setitem(connections["eraser"].settings_dict, "USER", service)

    with pytest.raises(CommandError, match="DATABASE_ERASER_URL must name a role of its own"):
        call_command("prepare", verbosity=0)


def test_without_an_eraser_the_preparation_says_that_nothing_is_erased(
    committed, monkeypatch, capsys
):
    monkeypatch.delitem(connections.settings, "eraser")

    call_command("prepare", verbosity=0)

    assert "DATABASE_ERASER_URL is not set" in capsys.readouterr().err


def test_a_missing_role_that_cannot_be_made_is_named_with_its_statement(committed, monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "USER", "somebody new")
    monkeypatch.setitem(connections["default"].settings_dict, "PASSWORD", "private")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    with pytest.raises(CommandError) as refusal:
        call_command("prepare", verbosity=0)

    assert 'CREATE ROLE "somebody new" LOGIN' in str(refusal.value)
    assert "private" not in str(refusal.value)
