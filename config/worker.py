"""Where the worker and the clock start: `celery -A config.worker worker` or `… beat`."""

from config import embedded

embedded.start_unless_given()

from config import signs  # noqa: E402
from config.celery import app as app  # noqa: E402  # settings read the addresses just made

signs.leave_if_watched()
