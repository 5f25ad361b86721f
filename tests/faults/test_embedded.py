"""The embedded servers live as long as somebody uses them, whoever is killed meanwhile."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings

from config.embedded import keeper, servers
from config.embedded.locks import taken

JOIN = """
import sys
from config import embedded
embedded.start_unless_given()
print("ready", flush=True)
sys.stdin.read()
"""
FORK = """
import os, signal, sys
from config import embedded
embedded.start_unless_given()
if os.fork():
    signal.pause()
print("ready", flush=True)
sys.stdin.read()
"""


class Place:
    """A state directory of one test, and the processes that use it."""

    def __init__(self, state):
        self.state = state
        given = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ERASER_URL", "REDIS_URL")
        ours = {key: value for key, value in os.environ.items() if key not in given}
        self.environment = ours | {"EMBEDDED_DIR": str(state)}
        self.started = []

    def user(self, *, code=JOIN):
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def ready_user(self, **how):
        process = self.user(**how)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        return process

    def say(self, expression):
        code = f"from config import embedded; print({expression})"
        return self.user(code=code).communicate()[0].strip()

    def database(self, url="embedded.database_url()"):
        return psycopg.connect(self.say(url), autocommit=True)

    def keeper(self):
        return int(keeper.said(self.state)[0])

    def postmaster(self):
        """When the server was started, which tells one from the next."""
        with self.database() as connection:
            [(started,)] = connection.execute("SELECT pg_postmaster_start_time()").fetchall()
            return started

    def has_keeper(self):
        return (self.state / "keeper.lock").exists() and taken(self.state / "keeper.lock")

    def end(self):
        for process in self.started:
            process.kill()
            if process.stdin and not process.stdin.closed:
                process.communicate()
        stop = [sys.executable, "-m", "config.embedded", "stop"]
        subprocess.run(stop, cwd=settings.BASE_DIR, env=self.environment, check=True)


@pytest.fixture
def place():
    """Reachable for the servers' user, unlike a private directory of pytest's."""
    with tempfile.TemporaryDirectory(prefix="tasuki-faults-") as folder:
        Path(folder).chmod(0o711)
        place = Place(Path(folder).resolve() / "state")
        yield place
        place.end()


@contextmanager
def within(seconds):
    """Repeat until it holds: `while soon(): if …: break`."""
    deadline = time.monotonic() + seconds

    def soon():
        time.sleep(0.05)
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        return True

    yield soon


def eventually(holds, seconds=15):
    with within(seconds) as soon:
        while soon():
            if holds():
                return


def test_two_users_started_at_once_share_one_server(place):
    users = [place.user() for _ in range(4)]

    assert [user.stdout.readline() for user in users] == ["ready\n"] * 4
    log = (place.state / "keeper.log").read_text()
    assert log.count("PostgreSQL started.") == 1
    assert log.count("Valkey started.") == 1


def test_a_killed_user_leaves_the_others_working(place):
    first, _second = place.ready_user(), place.ready_user()
    before = place.postmaster()

    first.kill()
    first.wait()
    time.sleep(keeper.LINGER + 1)

    assert place.postmaster() == before


def test_the_servers_stop_when_the_last_user_is_killed(place):
    user = place.ready_user()
    running = Path(place.say("embedded.places.sockets()"))
    assert running.exists()

    user.kill()

    eventually(lambda: not place.has_keeper())
    assert not running.exists()
    assert not command_lines_with(str(place.state))


def test_a_forked_child_keeps_the_servers_when_its_parent_is_killed(place):
    parent = place.ready_user(code=FORK)

    parent.kill()
    time.sleep(keeper.LINGER + 1)

    assert place.has_keeper()
    parent.communicate()  # the child reads to the end of its input, and ends
    eventually(lambda: not place.has_keeper())


def test_a_killed_keeper_leaves_the_servers_to_the_next_one(place):
    place.ready_user()
    before, killed = place.postmaster(), place.keeper()

    os.kill(killed, signal.SIGKILL)
    eventually(lambda: not place.has_keeper())
    assert place.postmaster() == before
    place.ready_user()

    assert place.keeper() != killed
    assert place.postmaster() == before
    assert "PostgreSQL was found running." in (place.state / "keeper.log").read_text()


def test_servers_whose_keeper_was_killed_stop_after_their_next_user(place):
    user = place.ready_user()
    os.kill(place.keeper(), signal.SIGKILL)
    user.kill()
    user.wait()

    place.ready_user().kill()

    eventually(lambda: not place.has_keeper())
    assert not command_lines_with(str(place.state))


@pytest.mark.parametrize("server", ["postmaster.pid", "valkey.pid"])
def test_a_killed_server_is_started_again(place, server):
    place.ready_user()
    sockets = Path(place.say("embedded.places.sockets()"))
    data = Path(place.say("embedded.places.data()"))
    pid_file = next(each for each in (sockets / server, data / "data" / server) if each.exists())
    pid = int(pid_file.read_text().split()[0])

    os.kill(pid, signal.SIGKILL)

    eventually(lambda: "was started again" in (place.state / "keeper.log").read_text())
    assert place.postmaster()
    assert redis.Redis.from_url(place.say("embedded.redis_client_url()")).ping()


@pytest.mark.parametrize("pause", [-0.2, 0.0, 0.1, 0.2, 0.3, 0.5])
def test_who_arrives_while_unused_servers_stop_gets_servers_that_stay(place, pause):
    user = place.ready_user()
    user.kill()
    user.wait()
    time.sleep(keeper.LINGER + pause)

    place.ready_user()

    before = place.postmaster()
    time.sleep(1)
    assert place.postmaster() == before


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.1, 0.2, 0.4])
def test_who_arrives_while_a_told_keeper_stops_waits_for_the_next(place, pause):
    place.ready_user()
    os.kill(place.keeper(), signal.SIGTERM)
    time.sleep(pause)

    place.ready_user()

    before = place.postmaster()
    time.sleep(1)
    assert place.postmaster() == before


def test_a_pid_file_that_names_a_stranger_stops_nobody(place):
    user = place.ready_user()
    data = Path(place.say("embedded.places.data()")) / "data"
    user.kill()
    eventually(lambda: not place.has_keeper())
    stranger = place.user(code=JOIN.replace("embedded.start_unless_given()", ""))
    assert stranger.stdout.readline() == "ready\n"
    (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n0\n5432\n\n\n1 1\nready\n")

    place.ready_user()

    assert place.postmaster()
    assert stranger.poll() is None


def test_servers_whose_directory_was_removed_stop(place):
    place.ready_user()
    running = command_lines_with(str(place.state))
    assert running

    (place.state / "keeper.lock").unlink()

    eventually(lambda: not command_lines_with(str(place.state)))


def test_no_directory_that_was_there_changes_its_mode(place):
    above = [Path(settings.BASE_DIR), *Path(settings.BASE_DIR).parents, place.state.parent]
    programs = Path(sys.prefix)
    packages = [each for each in programs.glob("lib/python*/site-packages/*") if each.is_dir()]
    before = {each: stat.S_IMODE(each.stat().st_mode) for each in [*above, programs, *packages]}

    place.ready_user()

    assert {each: stat.S_IMODE(each.stat().st_mode) for each in before} == before


def test_data_and_sockets_are_private(place):
    place.ready_user()

    sockets, data = (
        Path(place.say("embedded.places.sockets()")),
        Path(place.say("embedded.places.data()")),
    )
    for private in (sockets, data, data / "data", place.state / "secrets", place.state / "mail"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    logs = [*place.state.glob("*.log"), *place.state.glob("*.lock")]
    assert {stat.S_IMODE(each.stat().st_mode) for each in logs} == {0o600}
    if os.geteuid() == 0:
        assert data.stat().st_uid != 0


def test_nothing_listens_on_the_network(place):
    place.ready_user()

    with place.database() as connection:
        [(addresses,)] = connection.execute("SHOW listen_addresses").fetchall()
    bell = redis.Redis.from_url(place.say("embedded.redis_client_url()"))
    assert addresses == ""
    assert bell.config_get("port") == {"port": "0"}
    assert bell.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_the_roles_are_no_superusers_and_the_service_owns_nothing(place):
    place.ready_user()

    with place.database() as service, place.database("embedded.owner_url()") as owner:
        flags = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles "
        mine = flags + "WHERE rolname = current_user"
        assert service.execute(mine).fetchall() == [(False, False, False, False)]
        assert owner.execute(mine).fetchall() == [(False, True, True, False)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("CREATE TABLE public.mine ()")


def test_a_long_state_directory_still_has_short_sockets(place):
    place.state = place.state / ("長い名前の" * 8) / "x" / "状態"
    place.environment["EMBEDDED_DIR"] = str(place.state)

    place.ready_user()

    socket = Path(place.say("embedded.places.sockets()")) / ".s.PGSQL.5432"
    assert socket.exists()
    assert len(os.fsencode(socket)) <= 107


def test_a_directory_of_somebody_else_under_our_name_is_refused(place):
    sockets = Path(place.say("embedded.places.sockets()"))
    sockets.mkdir(mode=0o755)
    try:
        user = place.user()
        _, complaint = user.communicate()
    finally:
        sockets.rmdir()

    assert user.returncode == 1
    assert f"{sockets} belongs to" in complaint
    assert "EMBEDDED_DIR" in complaint


def test_a_secret_is_made_once_by_however_many(place):
    code = "from config import embedded; print(embedded.secret('try'))"
    users = [place.user(code=code) for _ in range(6)]

    [secret] = {user.communicate()[0] for user in users}

    assert len(secret.strip()) >= 50
    assert stat.S_IMODE((place.state / "secrets" / "try").stat().st_mode) == 0o600


def test_given_addresses_start_nothing(place):
    place.environment |= {"DATABASE_URL": "postgres://a@b/c", "REDIS_URL": "redis://b/0"}

    place.ready_user()

    assert not place.state.exists()


def command_lines_with(words):
    """Of the processes that mention them, this one's children that wait for us left out."""
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    lines = [servers.command_line(pid) for pid in pids if pid != os.getpid()]
    return [line for line in lines if words in line]
