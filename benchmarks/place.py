"""A directory of this run's own, with servers that nobody else uses; gone when the run ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from config.embedded import joining

# Settings of the service that a shell may have; what is measured is the service without them.
FORGOTTEN: Final = (
    "ALLOW_CLOCK", "ALLOW_LOOPBACK_WEBHOOKS", "BASE_URL", "DATABASE_ERASER_URL",
    "DATABASE_OWNER_URL", "DATABASE_URL", "EMAIL_URL", "ENCRYPTION_KEYS", "PORT",
    "REDIS_URL", "SECRET_KEY", "SECURE_SSL_REDIRECT", "WEB_WORKERS",
)  # fmt: skip


@contextmanager
def opened() -> Iterator[dict[str, str]]:
    """Start PostgreSQL and Valkey; gives the environment of a process that uses them."""
    folder = Path(tempfile.gettempdir()) / f"tasuki-benchmarks-{os.getpid()}"
    folder.mkdir(mode=0o711)
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    os.environ["EMBEDDED_DIR"] = str(folder)
    try:
        joining.join()
        yield dict(os.environ)
    finally:
        joining.stop()
        shutil.rmtree(folder, ignore_errors=True)
