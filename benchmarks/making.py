"""Tables are filled by the database itself: one row made by the service, and copies of it.

So a column that comes later needs no word here, and 200,000 rows take seconds.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Final

from django.core.management import call_command
from django.db import connection, models
from django.db.models import F
from django.utils import timezone

from assessments import asking, timetable
from assessments.asking import Wish
from assessments.models import Assessment, Series
from benchmarks import telling
from benchmarks.databases import Database
from benchmarks.plan import Size
from contractors import managing
from contractors.actors import SYSTEM
from contractors.models import Contractor, Scope
from questionnaires.models import Questionnaire
from suppliers import registering
from suppliers.models import Contact, Supplier

LATER: Final = timedelta(days=3650)  # when nobody measures any more
BEFORE: Final = timedelta(days=30)  # none is reminded on the day on which it was invited


@dataclass(frozen=True)
class Moment:
    """The newest morning at which letters leave, and the due day they announce."""

    now: datetime
    due_on: date


@dataclass(frozen=True)
class Made:
    contractor: Contractor
    key: str
    moment: Moment


def prepare() -> Made:
    """Tables, catalogues, and one contractor with one supplier who is asked: seeds of copies."""
    call_command("prepare", verbosity=0, stdout=StringIO())
    contractor = Contractor.objects.create(
        name="みなと精機", person="佐藤花子", phone="03-1234-5678", reply_to="sato@minato.example"
    )
    now = timezone.now()
    _key, clear = managing.issue_key(contractor, scopes=Scope.values, actor=SYSTEM, now=now)
    supplier = new_supplier(contractor, "S-0")
    ask(supplier)
    return Made(contractor, clear, moment_before(now))


def new_supplier(contractor: Contractor, code: str) -> Supplier:
    contact = {"name": "山田太郎", "email": f"yamada@{code.lower()}.example"}
    fields = {
        "code": code,
        "name": "山田製作所",
        "name_kana": "ヤマダセイサクショ",
        "tags": ["めっき", "重要"],
        "external_ids": {"erp": code},
        "contacts": [contact],
    }
    return registering.create(contractor, fields, actor=SYSTEM, now=timezone.now())


def ask(supplier: Supplier) -> Assessment:
    contact = supplier.contacts.get()
    asked = Questionnaire.objects.official().published().newest("ipa-self-diagnosis")
    assert asked is not None
    wish = Wish(supplier, contact, asked, due_on=timezone.localdate() + LATER)
    return asking.ask(supplier.contractor, wish, send=True, actor=SYSTEM, now=timezone.now())


def moment_before(now: datetime) -> Moment:
    today = now.astimezone(timetable.TOKYO).date()
    day = timetable.shift(today, -1)
    morning = datetime.combine(day, time(10, 30), tzinfo=timetable.TOKYO)
    return Moment(morning, timetable.shift(day, 3))


def fill(database: Database, made: Made, *, due: int) -> None:
    """Suppliers with a contact each, a neighbour, and open requests of which some are due."""
    size = database.size
    with telling.step(f"Making {size.suppliers:,} suppliers and {size.open:,} open requests"):
        with database.used():
            _suppliers(size.suppliers)
            _contacts()
            _neighbour(size.suppliers)
            _assessments(made, size, size.open // due)
        tables = (model._meta.db_table for model in (Supplier, Contact, Assessment))
        database.administrate(*(f"VACUUM ANALYZE {table}" for table in tables))


def _suppliers(count: int) -> None:
    copied(
        Supplier,
        f"SELECT n FROM generate_series(1, {count - 1}) AS n",  # noqa: S608  # a number of ours
        code="'S-' || source.n",
        name="'山田製作所' || source.n",
        search_key="'山田製作所' || source.n || ' s-' || source.n",
        tags="(CASE source.n % 10 WHEN 0 THEN '{めっき,重要}' ELSE '{切削}' END)::varchar[]",
        external_ids="jsonb_build_object('erp', 'S-' || source.n)",
    )


def _contacts() -> None:
    copied(
        Contact,
        "SELECT id FROM suppliers_supplier WHERE id > base.supplier_id",
        supplier_id="source.id",
        email="'yamada@s-' || source.id || '.example'",
    )


def _neighbour(count: int) -> None:
    """Another contractor with as many suppliers, all newer: nobody's list may walk over them."""
    other = Contractor.objects.create(name="となり工業")
    copied(
        Supplier,
        f"SELECT n FROM generate_series(1, {count}) AS n",  # noqa: S608  # a number of ours
        contractor_id=str(other.pk),
        code="'T-' || source.n",
    )


def _assessments(made: Made, size: Size, every: int) -> None:
    """They go round the suppliers; what is due lies scattered among what is not."""
    copied(
        Assessment,
        f"""SELECT n, contact.id, supplier_id FROM generate_series(1, {size.open}) AS n JOIN (
            SELECT id, supplier_id, row_number() OVER (ORDER BY id) AS place FROM suppliers_contact
        ) AS contact ON place = n % {size.suppliers} + 1""",  # noqa: S608  # numbers of ours
        number="source.n + 1",
        supplier_id="source.supplier_id",
        contact_id="source.id",
        remind_at="base.remind_at + source.n * interval '1 minute'",
    )
    numbered = Assessment.objects.filter(number__gt=1).annotate(place=F("number") % every)
    invited_at = made.moment.now - BEFORE
    numbered.filter(place=0).update(
        due_on=made.moment.due_on, remind_at=made.moment.now, invited_at=invited_at
    )
    Series.objects.update(last=size.open + 1)


def copied(model: type[models.Model], source: str, **columns: str) -> None:
    """Copy the table's first row (`base`) for every row of the source; columns are SQL."""
    table = model._meta.db_table
    columns = {
        "id": f"nextval(pg_get_serial_sequence('{table}', 'id'))",
        "public_id": "gen_random_uuid()",
        **columns,
    }
    # A record made of JSON would take any column's text, and many times as long for a million rows.
    copies = {f'"{name}"': value for name, value in columns.items()}
    stored = stored_columns(model)
    values = ", ".join(copies.get(name, f"base.{name}") for name in stored)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(stored)}) SELECT {values} FROM "  # noqa: S608  # words of this file only
            f"(SELECT * FROM {table} ORDER BY id LIMIT 1) AS base, LATERAL ({source}) AS source"
        )


def stored_columns(model: type[models.Model]) -> list[str]:
    """The names, quoted, of those that the database does not compute itself."""
    return [f'"{each.column}"' for each in model._meta.concrete_fields if not each.generated]
