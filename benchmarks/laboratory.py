"""What measurements are given: databases, mostly two, with a web server each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import requests
from django.test import Client

from benchmarks import processes, telling
from benchmarks.databases import Database
from benchmarks.making import Made, fill, prepare
from benchmarks.plan import Plan
from benchmarks.processes import Running
from benchmarks.statements import Psycopg
from benchmarks.timing import Stopwatch, Watched
from benchmarks.wsgi import BARE

TIMEOUT: Final = 30  # seconds


@dataclass(frozen=True)
class Site:
    """One database, its web server, and a connection to it without Django."""

    database: Database
    web: Running
    psycopg: Psycopg
    made: Made

    def session(self) -> requests.Session:
        """Calls the API with a key."""
        session = requests.Session()
        session.trust_env = False  # a proxy could not reach this machine's own port
        session.headers["Authorization"] = f"Bearer {self.made.key}"
        return session

    def client(self) -> Client:
        """The same in this process."""
        return Client(headers={"Authorization": f"Bearer {self.made.key}"})

    def fetching(self, path: str) -> Watched:
        """A GET over HTTP, by a connection that stays open."""
        session = self.session()

        def fetch() -> float:
            watch = Stopwatch()
            with watch.running():
                answer = session.get(f"{self.web.url}{path}", timeout=TIMEOUT)
            answer.raise_for_status()
            return watch.seconds

        return fetch

    def bare(self) -> Watched:
        return self.fetching(BARE)


@dataclass(frozen=True)
class Laboratory:
    plan: Plan
    small: Site
    large: Site


@contextmanager
def built(plan: Plan) -> Iterator[Laboratory]:
    with telling.step("Making tables and catalogues"):
        made = prepare()
    small, large = Database("small", plan.small), Database("large", plan.large)
    with opened(small, made, due=plan.due) as one, opened(large, made, due=plan.due) as other:
        yield Laboratory(plan, one, other)


@contextmanager
def opened(database: Database, made: Made, *, due: int) -> Iterator[Site]:
    """The database is made and filled, and its web server started."""
    database.create()
    fill(database, made, due=due)
    with processes.web(database) as web:
        site = Site(database, web, Psycopg(database), made)
        yield site
        site.psycopg.close()
