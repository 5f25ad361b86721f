"""Where embedded servers live, who owns those places, and how they are found."""

import os
import shutil
import stat
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dj_database_url
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kombu.utils.url import parse_url

from config import embedded
from config.embedded import places, wheels
from config.embedded.locks import Lock, taken

COMPONENT = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)


@pytest.fixture
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDDED_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Small stand-ins for the wheels' programs, and a temporary area to copy them to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "area"))
    package = tmp_path / wheels.POSTGRES
    for folder in ("area", f"{wheels.POSTGRES}/pginstall18/bin", wheels.LIBRARIES):
        (tmp_path / folder).mkdir(parents=True)
    for name in (f"{wheels.POSTGRES}/pginstall18/bin/postgres", f"{wheels.LIBRARIES}/libpq.so"):
        (tmp_path / name).write_text("text")
    (tmp_path / "valkey-server").write_text("text")
    package.chmod(0o700)
    return wheels.Programs({18: package / "pginstall18/bin"}, tmp_path / "valkey-server")


def test_addresses_mean_the_sockets(state):
    service = dj_database_url.parse(embedded.database_url())
    owner = dj_database_url.parse(embedded.owner_url())
    eraser = dj_database_url.parse(embedded.eraser_url())

    assert eraser["USER"] == "tasuki_eraser"
    assert service["HOST"] == owner["HOST"] == str(places.sockets())
    assert (service["USER"], owner["USER"]) == ("tasuki", "tasuki_owner")
    assert service["NAME"] == owner["NAME"] == "tasuki"
    assert parse_url(embedded.redis_url())["transport"] == "redis+socket"
    assert embedded.redis_client_url() == f"unix://{places.sockets()}/valkey.sock"


@given(st.lists(COMPONENT, min_size=1, max_size=12))
def test_sockets_are_short_for_every_directory(components):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMBEDDED_DIR", "/" + "/".join(components))

        assert len(os.fsencode(places.sockets() / ".s.PGSQL.5432.lock")) <= 107


def test_two_directories_never_share_their_sockets(state, monkeypatch):
    first = places.sockets()
    monkeypatch.setenv("EMBEDDED_DIR", f"{state}2")

    assert places.sockets() != first


def test_the_state_directory_is_ours_and_closed_to_readers(state):
    embedded.secret("one")

    assert stat.S_IMODE(state.stat().st_mode) & 0o066 == 0
    assert stat.S_IMODE((state / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "secrets" / "one").stat().st_mode) == 0o600


def test_a_directory_that_everybody_may_write_is_refused(state):
    state.mkdir()
    state.chmod(0o777)

    with pytest.raises(embedded.Unavailable, match="set EMBEDDED_DIR"):
        embedded.secret("one")

    assert stat.S_IMODE(state.stat().st_mode) == 0o777


def test_a_directory_that_cannot_be_made_is_refused_with_what_to_do(state):
    state.write_text("a file in its place")

    with pytest.raises(embedded.Unavailable, match="SECRET_KEY and ENCRYPTION_KEYS"):
        embedded.secret("one")


def test_a_secret_stays_the_same_and_differs_from_others(state):
    with ThreadPoolExecutor(8) as pool:
        [secret] = {*pool.map(embedded.secret, ["one"] * 8)}

    assert len(secret) >= 50
    assert embedded.secret("one") == secret
    assert embedded.secret("two") != secret


def test_half_a_secret_is_made_anew(state):
    embedded.secret("one")
    (state / "secrets" / "one").write_text("short")

    assert len(embedded.secret("one")) >= 50


@pytest.mark.parametrize("mode", [0o755, 0o710, 0o701])
def test_a_private_place_that_others_may_enter_is_refused_and_left_as_it_is(state, mode):
    state.mkdir(parents=True)
    state.chmod(mode)

    with pytest.raises(embedded.Unavailable, match="belongs to"):
        places.make_private(state)

    assert stat.S_IMODE(state.stat().st_mode) == mode


def test_a_link_in_the_place_of_a_private_directory_is_refused(state, tmp_path):
    (tmp_path / "target").mkdir(mode=0o700)
    state.symlink_to(tmp_path / "target")

    with pytest.raises(embedded.Unavailable, match="belongs to"):
        places.check_private(state)


def test_as_root_unreachable_data_go_where_the_servers_can_reach_them(state, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    state.mkdir(mode=0o711)
    state.parent.chmod(0o700)

    assert places.data() == Path("/var/tmp") / places.name()


def test_as_root_data_that_became_unreachable_are_named(state, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (state / "postgres").mkdir(parents=True)
    state.chmod(0o700)

    with pytest.raises(embedded.Unavailable, match="can no longer be reached"):
        places.data()


def test_as_anybody_else_data_lie_in_the_state_directory(state, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert places.data() == state / "postgres"


def test_a_lock_taken_alone_is_seen_and_a_shared_one_is_not(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")

    assert first.share()
    assert second.share()
    assert not taken(tmp_path / "lock")
    second.give_back()
    assert first.take()
    assert not second.share()
    assert taken(tmp_path / "lock")
    first.close()
    assert second.take()
    second.close()


def test_a_lock_whose_file_was_replaced_is_not_in_place(tmp_path):
    lock = Lock(tmp_path / "lock")
    assert lock.in_place()

    (tmp_path / "lock").unlink()
    assert not lock.in_place()
    (tmp_path / "lock").touch()
    assert not lock.in_place()
    lock.close()


def test_the_wheels_have_what_is_promised():
    found = wheels.installed()

    assert found.valkey.is_file()
    assert embedded.tool("pg_dump").is_file()
    assert embedded.tool("pg_dump").parent == found.postgres[max(found.postgres)]


def test_a_copy_is_made_once_by_however_many(programs):
    with ThreadPoolExecutor(8) as pool:
        [copy] = {each.valkey for each in pool.map(wheels._copied, [programs] * 8)}

    assert [each.name for each in copy.parent.parent.iterdir()] == [copy.parent.name]
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o755
    assert (copy.parent / wheels.LIBRARIES / "libpq.so").read_text() == "text"


def test_a_copy_that_lost_files_is_made_again(programs):
    copy = wheels._copied(programs).valkey
    copy.unlink()
    shutil.rmtree(copy.parent / wheels.LIBRARIES)

    assert wheels._copied(programs).valkey == copy
    assert copy.read_text() == "text"
    assert [each.name for each in copy.parent.parent.iterdir()] == [copy.parent.name]
    assert (copy.parent / wheels.LIBRARIES / "libpq.so").exists()


def test_a_copy_that_others_may_write_is_refused(programs):
    copy = wheels._copied(programs).valkey.parent
    copy.chmod(0o777)

    with pytest.raises(embedded.Unavailable, match="not made by us"):
        wheels._copied(programs)


def test_copying_changes_no_mode_of_the_original(programs):
    wheels._copied(programs)

    assert stat.S_IMODE(programs.postgres[18].parents[1].stat().st_mode) == 0o700
