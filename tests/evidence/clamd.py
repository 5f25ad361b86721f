"""A real clamd on a private socket, with one signature: that of EICAR's test file."""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.evidence.making import EICAR

MOST = 1024 * 1024  # bytes that this one takes


def program() -> str:
    """Where it is; skips aloud where it is not, unless REQUIRE_CLAMD=1."""
    found = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        told = "clamd is missing (on Debian: clamav-daemon): no test of a real scanner was run."
        if os.environ.get("REQUIRE_CLAMD") == "1":
            pytest.fail(told)
        pytest.skip(told)
    return found


@contextmanager
def running() -> Iterator[str]:
    """The address of a scanner of our own, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="clamd-", dir="/tmp") as name:
        folder = Path(name)
        process = subprocess.Popen([program(), "--config-file", _configured(folder)])
        try:
            _wait(folder / "socket", process)
            yield f"unix://{folder / 'socket'}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _configured(folder: Path) -> Path:
    (folder / "signatures").mkdir()
    content = EICAR.encode()
    digest = hashlib.md5(content).hexdigest()
    line = f"{digest}:{len(content)}:Eicar-Test-Of-Ours\n"
    (folder / "signatures" / "ours.hdb").write_text(line)
    told = folder / "clamd.conf"
    told.write_text(
        f"Foreground yes\nLocalSocket {folder / 'socket'}\n"
        f"DatabaseDirectory {folder / 'signatures'}\nTemporaryDirectory {folder}\n"
        f"LogFile {folder / 'log'}\nStreamMaxLength {MOST}\nUser {_user()}\n"
    )
    return told


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _wait(socket: Path, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > ends:
            pytest.fail("The scanner did not start.")
        time.sleep(0.1)
