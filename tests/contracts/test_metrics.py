"""`/metrics`: what is owed, for whoever knows the token; nothing about whom it is owed to."""

from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from assessments import owing, tasks
from assessments.models import Mail, Occasion
from config import backlog
from events import listening
from events.models import Delivery, Endpoint, Freeze, Worker
from tests.calling import assert_problem
from tests.conftest import free_port
from tests.factories import AssessmentFactory, ContactFactory, EndpointFactory

pytestmark = pytest.mark.django_db
BEARER = {"Authorization": "Bearer a-token"}


@pytest.fixture(autouse=True)
def token(settings):
    settings.METRICS_TOKEN = "a-token"


@pytest.fixture
def figures(client):
    def figures(name):
        answer = client.get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        families = list(text_string_to_metric_families(answer.content.decode()))
        [family] = [each for each in families if each.name == f"tasuki_{name}"]
        return {tuple(sample.labels.values()): sample.value for sample in family.samples}

    return figures


def owe(count, **how):
    contact = ContactFactory.create()
    Mail.objects.bulk_create(
        Mail(contractor=contact.contractor, contact=contact, **how) for _ in range(count)
    )


def test_how_long_the_oldest_row_waits_and_how_many_do(figures):
    now = timezone.now()
    owe(2, due_at=now - timedelta(minutes=10))
    owe(3, due_at=now - timedelta(minutes=1), failures=1, outcome="uncertain")
    owe(1, due_at=now + timedelta(minutes=1))

    assert 600 <= figures("owed_oldest_seconds")["mail",] < 660
    assert figures("owed_due")["mail",] == 5
    assert figures("owed_later")["mail",] == 1
    assert figures("owed_failing")["mail",] == figures("owed_uncertain")["mail",] == 3
    assert {kind for (kind,) in figures("owed_due")} == set(backlog.KINDS)


def test_an_outage_of_the_mail_server_shows_for_as_long_as_it_lasts(figures, settings):
    settings.EMAIL_BACKEND = "assessments.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()  # nobody listens
    now = timezone.now()
    asked = AssessmentFactory.create()
    owing.owe(asked, asked.contact, Occasion.Kind.EXTENDED, now=now - timedelta(hours=3))
    for minutes in range(5):
        Mail.objects.filter(due_at__gt=now).update(due_at=now)
        tasks.send_mail()
        assert 10_800 <= figures("owed_oldest_seconds")["mail",] < 10_900, minutes
        assert figures("owed_due")["mail",] == 1
        assert backlog.oldest_due(now=now) >= 10_800

    assert Mail.objects.get().outcome == "halted"


def test_what_waits_for_its_next_step_or_hour_is_late_no_more(figures):
    now = timezone.now()
    owe(2, due_at=now - timedelta(minutes=10))
    put_off, postponed = Mail.objects.claim(now=now)
    assert figures("owed_due")["mail",] == 2

    Mail.objects.put_off(put_off, now=now, outcome="put-off")
    Mail.objects.postpone(postponed, until=now + timedelta(hours=9))

    assert figures("owed_due")["mail",] == 0
    assert figures("owed_later")["mail",] == 2


@pytest.mark.parametrize("end", ["close", "give_up"])
def test_a_message_that_is_wished_again_waits_from_then_on(end):
    now = timezone.now()
    before = now - timedelta(days=3)
    endpoint = EndpointFactory.create()
    owed = endpoint.deliveries.create(contractor=endpoint.contractor, owed_at=before, due_at=before)
    [claimed] = Delivery.objects.claim(now=before)
    how = {"now": before} if end == "close" else {"outcome": "failed"}
    getattr(Delivery.objects, end)(claimed, **how)

    listening.replay(owed, now=now)

    assert backlog.oldest_due(now=now) == 0


def test_what_was_given_up_and_what_ended_within_the_hour_by_outcome(figures):
    now = timezone.now()
    owe(2, outcome="put-off")
    owe(1, outcome="uncertain")
    owe(4, outcome="sent", closed_at=now - timedelta(minutes=59))
    owe(8, outcome="sent", closed_at=now - timedelta(minutes=61))

    assert figures("owed_given_up") == {("mail", "put-off"): 2, ("mail", "uncertain"): 1}
    assert figures("owed_ended_last_hour") == {("mail", "sent"): 4}


def test_what_a_switched_off_endpoint_is_owed_waits_for_nobody(figures):
    endpoint = EndpointFactory.create(status=Endpoint.Status.DISABLED)
    endpoint.deliveries.create(
        contractor=endpoint.contractor, owed_at=timezone.now(), due_at=timezone.now()
    )

    assert figures("owed_due")["delivery",] == 0


def test_workers_and_the_brake(figures):
    Worker.objects.note("celery@one", now=timezone.now() - timedelta(minutes=2))
    Freeze.objects.create(frozen_at=timezone.now(), reason="restored")

    assert 120 <= figures("worker_silent_seconds")["celery@one",] < 180
    assert figures("frozen") == {(): 1}


def test_it_costs_the_same_however_much_is_owed(client, django_assert_num_queries):
    owe(1, due_at=timezone.now())
    client.get("/metrics", headers=BEARER)
    costs = 3 * len(backlog.KINDS) + 2  # freeze, workers

    for _ in range(2):
        with django_assert_num_queries(costs):
            client.get("/metrics", headers=BEARER)
        owe(50, due_at=timezone.now())


def test_no_name_and_no_address_stands_in_it(client):
    contact = ContactFactory.create()
    Mail.objects.create(contractor=contact.contractor, contact=contact, due_at=timezone.now())

    text = client.get("/metrics", headers=BEARER).content.decode()

    for said in (contact.email, contact.name, contact.contractor.name, contact.supplier.name):
        assert said
        assert said not in text


@pytest.mark.parametrize("said", [None, "", "Bearer", "Bearer a-toke", "Bearer ä", "a-token"])
def test_without_the_token_nobody_reads_it(client, said):
    answer = client.get("/metrics", headers={} if said is None else {"Authorization": said})

    assert answer.status_code == 401
    assert_problem(answer)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_where_no_token_is_set_there_is_no_such_page(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
