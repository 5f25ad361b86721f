import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from contractors.models import ApiKey, Contractor, Scope, User
from events.models import Event
from tests.calling import Caller
from tests.factories import UserFactory

URL = "/api/v1/contractor/"
KEYS = "/api/v1/api-keys/"


def run(command, *arguments):
    printed = StringIO()
    call_command(command, *arguments, "--json", stdout=printed)
    return json.loads(printed.getvalue())


@pytest.mark.django_db
def test_two_commands_make_a_tenant_and_a_key_that_works():
    made = run("contractor_create", "みなと精機")
    key = run("apikey_create", "--contractor", made["id"], "--scopes", "assessments:write")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key['key']}")

    answer = client.get(URL)

    assert answer.json()["id"] == made["id"]
    assert key["key"].startswith(f"tsk_{key['prefix']}_")
    assert key["scopes"] == ["assessments:write"]
    assert key["key"] not in str(ApiKey.objects.values())


@pytest.mark.django_db
def test_a_key_may_be_bound_to_a_person_who_then_acts():
    made = run("contractor_create", "みなと精機")
    arguments = ["--contractor", made["id"], "--scopes", ",".join(Scope.values)]
    key = run("apikey_create", *arguments, "--user", "Hanako@minato.example")
    client = Caller()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key['key']}")

    client.patch(URL, {"person": "佐藤花子"})

    event = Event.objects.get(kind="contractor.updated")
    assert event.actor == {"type": "user", "id": str(User.objects.get().public_id)}
    assert event.changed == ["person"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("--contractor", "nobody", "--scopes", "audit:read"),
        ("--contractor", "00000000-0000-0000-0000-000000000000", "--scopes", "audit:read"),
        ("--contractor", "{id}", "--scopes", "everything"),
        ("--contractor", "{id}", "--scopes", ","),
        ("--contractor", "{id}", "--scopes", "audit:read", "--user", "nobody"),
        ("--contractor", "{id}", "--scopes", "audit:read", "--user", "gone@x.example"),
        (
            "--contractor",
            "{id}",
            "--scopes",
            "audit:read",
            "--user",
            "h@x.example",
            "--role",
            "buyer",
        ),
        ("--contractor", "{id}", "--scopes", "audit:read", "--expires-at", "2020-01-01"),
    ],
)
def test_a_command_that_cannot_be_done_says_what_to_do(arguments):
    made = run("contractor_create", "みなと精機")
    contractor = Contractor.objects.get()
    UserFactory.create(contractor=contractor, email="gone@x.example", active=False)
    UserFactory.create(contractor=contractor, email="h@x.example")

    with pytest.raises(CommandError, match=r"\.$"):
        run("apikey_create", *(each.format(**made) for each in arguments))

    assert not ApiKey.objects.exists()


def test_the_profile_is_changed_as_suppliers_see_it(api, contractor):
    answer = api.patch(URL, {"hours": "9時〜17時", "privacy_text": {"ja": "目的は…"}})

    assert answer.status_code == 200
    assert api.get(URL).json()["privacy_text"] == {"ja": "目的は…", "en": ""}
    assert Event.objects.get(kind="contractor.updated").changed == ["hours", "privacy_text_ja"]


def test_a_change_that_changes_nothing_makes_no_event(api, contractor):
    api.patch(URL, {"person": contractor.person})

    assert not Event.objects.filter(kind="contractor.updated").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("reply_to", "nobody"),
        ("notice_url", "javascript:alert(1)"),
        ("timezone", "Mars/Olympus"),
        ("language", "fr"),
        ("id", "x"),
        ("person", "a" * 101),
        ("person", "花\u202e子"),
    ],
)
def test_a_wrong_profile_gets_its_pointer_and_changes_nothing(api, field, value):
    answer = api.patch(URL, {field: value})

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]
    assert Contractor.objects.get().person == "佐藤花子"


def test_a_key_hands_on_no_more_than_it_has(api_of, contractor):
    narrow = api_of(contractor, Scope.AUDIT_READ, Scope.SUPPLIERS_WRITE)

    more = narrow.post(KEYS, {"scopes": ["answers:read"]})
    less = narrow.post(KEYS, {"scopes": ["suppliers:read"]})

    assert (more.status_code, more.json()["code"]) == (409, "scope-exceeds-own")
    assert less.status_code == 201


def test_a_revoked_key_stops_at_once_and_an_expired_one_too(api, api_of, contractor):
    made = api.post(KEYS, {"scopes": ["audit:read"]}).json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made['key']}")
    assert client.get(KEYS).status_code == 200
    short = api_of(contractor, expires_at=timezone.now() + timedelta(hours=1))
    ApiKey.objects.filter(expires_at__isnull=False).update(
        created_at=timezone.now() - timedelta(days=2),
        expires_at=timezone.now() - timedelta(days=1),
    )

    for _ in range(2):
        assert api.post(f"{KEYS}{made['id']}/revoke/").status_code == 200

    assert client.get(KEYS).status_code == 401
    assert short.get(KEYS).status_code == 401
    assert Event.objects.filter(kind="api_key.revoked").count() == 1


def test_a_key_of_a_person_who_left_stops(api_of, contractor):
    user = UserFactory.create(contractor=contractor)
    client = api_of(contractor, user=user)
    assert client.get(URL).status_code == 200

    User.objects.update(active=False)

    assert client.get(URL).status_code == 401


def test_keys_are_listed_without_their_secret(api):
    [key] = api.get(KEYS).json()["results"]

    assert set(key) == {
        "id", "prefix", "scopes", "user", "role", "created_at", "expires_at", "last_used_at",
        "revoked_at",
    }  # fmt: skip
