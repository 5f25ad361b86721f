"""PostgreSQL ends connections while letters leave: nobody is to blame, and nothing is lost."""

import random
import time

import psycopg
import pytest
from django.db import connection

from assessments.models import Assessment, Mail
from tests.faults.calling import PatientCaller
from tests.faults.campaigning import ask
from tests.faults.processes import until
from tests.faults.striking import LEASE, PATIENCE, again_and_again, ringing

LETTERS = 300
OVER_HTTP = 30  # of them
OTHERS = """
WITH others AS MATERIALIZED (
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> ALL(%s)
)
SELECT pid FROM others WHERE pg_terminate_backend(pid)
"""


@pytest.fixture
def end_others(service):
    """Ends every connection of the service, as a restart of the database does; tells which."""
    with psycopg.connect(service.env["DATABASE_URL"], autocommit=True) as line:
        ours = [each.info.backend_pid for each in (line, connection.connection)]
        yield lambda: [pid for (pid,) in line.execute(OTHERS, [ours])]


def test_connections_that_are_ended_every_second_or_two_lose_nothing(
    service, doorbell, postbox, tally, contractor, end_others
):
    """Those of two workers and of the web process. The clock has none."""
    service.env |= {"LEASE": str(LEASE), "MAIL_TIMEOUT": "2"}
    caller = PatientCaller(service.url)
    caller.sign_in(contractor)
    ask(LETTERS - OVER_HTTP, contractor)
    postbox.on_arrival = lambda _arrived: time.sleep(0.08)  # so that the campaign lasts
    workers = [service.worker() for _ in range(2)]
    service.beat()
    service.web()

    with again_and_again(end_others, lambda: random.uniform(1, 2)) as ended:
        for number in range(OVER_HTTP):
            caller.ask_new(number)
        until(ringing(doorbell), "every mail is sent", within=PATIENCE)

    what = f"connections to PostgreSQL ended; {caller.failures} requests fail"
    line = tally(what, kills=len(ended))
    assert len(ended) > 3 * len(workers)
    assert (line["owed"], line["lost"], line["late"]) == (LETTERS, 0, 0)
    assert line["doubled"] <= len(ended)
    assert max(postbox.arrived().values()) <= 2
    assert caller.failures <= len(ended)
    assert set(Mail.objects.values_list("outcome", "failures")) == {("sent", 0)}
    assert not Assessment.objects.filter(link_sent_at=None).exists()
