"""One browser, one web server and one mail server for all journeys of a run."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connections
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.serving import Desk, Service
from tests.browser.visiting import Visitor
from tests.conftest import Mailbox, free_port
from tests.running import Servers
from tests.servers import NOBODY_LISTENS

# Playwright keeps an event loop running in the thread it is used from, and Django refuses to touch
# its connections there. So browsers live in a thread of their own, and so do the bodies of these
# tests; fixtures and all other tests of the process never meet that loop.
THREAD = ThreadPoolExecutor(1, thread_name_prefix="browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool:
    """Run the body of a test in the thread of the browsers."""
    wanted = pyfuncitem._fixtureinfo.argnames
    given = {name: pyfuncitem.funcargs[name] for name in wanted}
    THREAD.submit(pyfuncitem.obj, **given).result()
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        reason = "There is no chromium on this machine: `make test` installs it where it can."
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    playwright, browser = THREAD.submit(_launch, program).result()
    yield browser
    THREAD.submit(browser.close).result()
    THREAD.submit(playwright.stop).result()


def _launch(program: str) -> tuple[Playwright, Browser]:
    playwright = sync_playwright().start()
    return playwright, playwright.chromium.launch(executable_path=program, args=FLAGS)


@pytest.fixture(scope="session")
def post_office() -> Iterator[Controller]:
    server = Controller(Mailbox(), hostname="127.0.0.1", port=free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def service(
    chromium: Browser,
    django_db_setup: None,
    servers: Servers,
    django_db_blocker: Any,
    post_office: Controller,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """The web server in a database of its own, which lives as long as the browser does.

    It is what `service_env` gives to one test, for all of this folder: a start costs seconds.
    """
    with django_db_blocker.unblock():
        before = connections["default"].settings_dict["NAME"]
        copy = servers.use_a_copy()
        environment = servers.environment()
        servers.run.work_in(before)
    more = {
        "REDIS_URL": NOBODY_LISTENS,  # sweeps do what a bell would bring forward
        "EMAIL_URL": f"smtp://127.0.0.1:{post_office.port}",
        "ALLOW_CLOCK": "1",
    }
    folder = tmp_path_factory.mktemp("service")
    service = Service({**os.environ, **environment, **more}, free_port(), folder / "web.log")
    try:
        service.start()
        yield service
    finally:
        service.stop()
        with django_db_blocker.unblock():
            servers.drop(copy)


@pytest.fixture(scope="session")
def desk(service: Service, post_office: Controller) -> Desk:
    return Desk(service, post_office.handler)


@pytest.fixture(scope="session")
def album() -> Path | None:
    """Where every page that is looked at leaves its picture, if ALBUM names a folder."""
    return Path(named) if (named := os.environ.get("ALBUM")) else None


@pytest.fixture
def visit(
    chromium: Browser, service: Service, album: Path | None
) -> Iterator[Callable[..., Visitor]]:
    """People who open a browser of their own: no cookies, nothing cached."""
    visitors: list[Visitor] = []

    def visit(**kind: Any) -> Visitor:
        visitors.append(Visitor(chromium, service.url, album, **kind))
        return visitors[-1]

    yield visit
    for visitor in visitors:
        THREAD.submit(visitor.context.close).result()
