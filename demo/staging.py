"""Everything the demonstration needs, made fresh in a directory of its own and taken away again."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config import embedded
from demo import listener, ports, sink
from demo.failing import Failed
from demo.listener import Listener
from demo.service import Service
from demo.sink import Sink
from demo.telling import Teller

YOURS: Final = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_ERASER_URL", "REDIS_URL")
PORT: Final = 8000
ENDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Stage:
    """What a step works with. `base` is the service's address without a slash at its end."""

    base: str
    teller: Teller
    service: Service
    sink: Sink
    listener: Listener


@contextmanager
def ready(teller: Teller) -> Iterator[Stage]:
    """The service runs, with servers, mailboxes and a listener that nobody else uses."""
    with ExitStack() as stack:
        with teller.step("Servers, a mail server and a listener of the demonstration's own"):
            folder = stack.enter_context(_folder(teller))
            stage = _stage(stack, folder, teller)
            _servers(stack, folder, teller)
            stack.callback(stage.service.stop)
            stack.callback(_deafen)  # the first to be called
            stage.service.command("prepare", what="tables, rights and catalogues")
            stage.service.start()
            teller.say(f"The service answers at {stage.base}")
        yield stage


def _stage(stack: ExitStack, folder: Path, teller: Teller) -> Stage:
    mails = stack.enter_context(sink.running())
    heard = stack.enter_context(listener.running())
    held = stack.enter_context(_port(teller))
    port = ports.number(held)
    base = f"http://127.0.0.1:{port}"
    settings = {
        "EMBEDDED_DIR": str(folder / "servers"),
        "PORT": str(port),
        "SERVE_PORT": str(port),  # the Procfile's name
        "BASE_URL": base,
        "EMAIL_URL": mails.url,
        "ALLOW_LOOPBACK_WEBHOOKS": "1",
        "ALLOW_CLOCK": "1",
    }
    teller.say(f"EMAIL_URL={mails.url}, a mail server that keeps what it is given")
    teller.say(f"{heard.url}, a listener that takes webhooks")
    service = Service(base, folder / "logs", settings, teller, held)
    return Stage(base, teller, service, mails, heard)


@contextmanager
def _folder(teller: Teller) -> Iterator[Path]:
    """Under /tmp, where the servers' user can pass; as root they run as `nobody`."""
    place = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None  # noqa: S108  # made privately
    folder = Path(tempfile.mkdtemp(prefix="tasuki-demo-", dir=place))
    folder.chmod(0o711)
    (folder / "logs").mkdir(mode=0o700)
    kept = False
    try:
        yield folder
    except Exception:
        kept = any(log.stat().st_size for log in (folder / "logs").iterdir())
        raise
    finally:
        shutil.rmtree(folder / "servers" if kept else folder, ignore_errors=True)
        if kept:
            teller.say(f"The logs of all processes are in {folder / 'logs'}")


def _servers(stack: ExitStack, folder: Path, teller: Teller) -> None:
    """Hold the embedded servers, so that they last from the first command to the end."""
    if any(os.environ.pop(name, "") for name in YOURS):
        teller.say("The databases of your environment are left alone.")
    os.environ["EMBEDDED_DIR"] = str(folder / "servers")
    stack.callback(embedded.stop)
    teller.say(f"PostgreSQL and Valkey start in {folder / 'servers'}, as no addresses are given")
    embedded.start_unless_given()


def _port(teller: Teller) -> socket.socket:
    """PORT, or another one when it is taken."""
    given = os.environ.get("PORT") or str(PORT)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise Failed(f"PORT={given} is no port. Give a number from 1 to 65535.")
    held = ports.hold(int(given))
    if ports.number(held) != int(given):
        teller.say(f"The port {given} is taken; this is {ports.number(held)} instead.")
    return held


def _deafen() -> None:
    """A second Ctrl-C must not stop the stopping."""
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)
