"""Where web processes start. Only they keep a pool of connections: their threads share it."""

import os

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL", "1")
embedded.start_unless_given()

from django.core.wsgi import get_wsgi_application  # noqa: E402  # the addresses stand now

application = get_wsgi_application()
