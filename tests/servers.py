"""Databases and a bell of the tests' own, on servers of their own unless addresses are given.

The owner migrates one template, catalogues included; what the migrations make comes out of pytest's
cache where it is there (`--cache-clear` makes it anew). Every process of a run works as the
service's role in a copy of it; what must really commit gets a fresh copy (`committed`). Django's
flush is never called: it would need rights that the service does not have.
"""

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.db import connection, connections
from kombu import pools

from config.celery import app
from events import bell
from ratings import verifying
from ratings.models import Rating
from ratings.verifying import Outcome
from tests.migrated import Migrated
from tests.running import JOINED, Run, Servers

NOBODY_LISTENS = "redis://127.0.0.1:1/0"  # every ring of every test is lost, unless it wants one
RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
        raise pytest.UsageError(
            "The tests make databases: give DATABASE_OWNER_URL (a role that may create databases "
            "and roles) beside DATABASE_URL, or give neither."
        )
    of_another = getattr(config, "workerinput", {}).get("run") or os.environ.get(JOINED)
    token = of_another or f"{os.getpid()}_{secrets.token_hex(4)}"
    cache = getattr(config, "cache", None)  # there is none with `-p no:cacheprovider`
    migrated = Migrated(cache.mkdir("migrated")) if cache else None
    run = config.stash[RUN] = Run(token, migrated)
    run.folder.mkdir(mode=0o711, exist_ok=True)
    os.environ["EMBEDDED_DIR"] = str(run.folder / "servers")  # never those of development
    app.conf.update(broker_url=NOBODY_LISTENS)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Processes of xdist belong to the run of the one that controls them."""
    node.workerinput["run"] = node.config.stash[RUN].token


def pytest_unconfigure(config: pytest.Config) -> None:
    ours = not hasattr(config, "workerinput") and JOINED not in os.environ
    if RUN in config.stash and ours:
        config.stash[RUN].remove()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wrong = [item.nodeid for item in items if _wants_flush(item)]
    if wrong:
        raise pytest.UsageError(
            "Tests that commit use the fixture `committed`, which gives them a database of their "
            "own; `transaction=True`, `transactional_db` and `live_server` empty a shared one: "
            + ", ".join(wrong)
        )


def _wants_flush(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked or (marker and (marker.args or marker.kwargs.get("transaction"))))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest, django_db_blocker: Any) -> Servers:
    """The servers of this run, started when the first test asks for them."""
    run = request.config.stash[RUN]
    with django_db_blocker.unblock():
        run.start()
    usual = f"joined{os.getpid()}" if JOINED in os.environ else "main"
    worker = getattr(request.config, "workerinput", {}).get("workerid", usual)
    return Servers(run, worker)


@pytest.fixture(scope="session")
def django_db_setup(servers: Servers, django_db_blocker: Any) -> Iterator[None]:
    """Instead of pytest-django's: this process works in a copy of the template."""
    with django_db_blocker.unblock():
        copy = servers.use_a_copy()
    yield
    with django_db_blocker.unblock():
        servers.drop(copy)


@pytest.fixture
def committed(django_db_setup: None, servers: Servers, django_db_blocker: Any) -> Iterator[None]:
    """A fresh copy of the database, for what must really commit. It is faster than a flush."""
    yield from _in_a_copy(servers, django_db_blocker)


@pytest.fixture(scope="module")
def shared(django_db_setup: None, servers: Servers, django_db_blocker: Any) -> Iterator[None]:
    """A copy of the database for one module, which fills it once; its tests leave it as it is."""
    yield from _in_a_copy(servers, django_db_blocker)


def _in_a_copy(servers: Servers, django_db_blocker: Any) -> Iterator[None]:
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        copy = servers.use_a_copy()
        try:
            yield
        finally:
            servers.drop(copy)
            servers.run.work_in(before)


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest) -> Iterator[None]:
    """Beside `committed`, what asks for a database (`db`, the mark) means the committed one.

    What a test stored there is read again before it is gone.
    """
    wanted = "committed" if "committed" in request.fixturenames else "_django_db_helper"
    request.getfixturevalue(wanted)
    yield
    if request.node.get_closest_marker("invents_ratings") is None:
        every_rating_comes_to_the_same_again()


def every_rating_comes_to_the_same_again() -> None:
    """As `manage.py ratings_verify` would say of all that the test stored."""
    if connection.needs_rollback or not Rating.objects.exists():  # the first: an expected error
        return
    different = [name for name, told in verifying.verify() if told is Outcome.DIFFERENT]
    assert not different, f"ratings that do not come to the same again: {different}"


@pytest.fixture
def broker(servers: Servers) -> Iterator[str]:
    """A bell that is heard: an empty broker of this process; what is rung here goes there."""
    with redis.Redis.from_url(servers.redis_client_url) as client:
        client.flushdb()
    _ring_at(servers.redis_url)
    yield servers.redis_url
    _ring_at(NOBODY_LISTENS)


def _ring_at(url: str) -> None:
    pools.reset()
    app._after_fork()  # type: ignore[attr-defined]  # forgets its pool of the old address
    app.conf.update(broker_url=url)
    bell._quiet_until = 0.0


@pytest.fixture
def service_env(committed: None, broker: str, servers: Servers) -> dict[str, str]:
    """The whole environment of a process of the service that works in this test's database."""
    return {**os.environ, **servers.environment()}
