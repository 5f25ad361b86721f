"""Where web processes start."""

import os

from config import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
embedded.start_unless_given()

from django.core.wsgi import get_wsgi_application  # noqa: E402  # the addresses stand now

application = get_wsgi_application()
