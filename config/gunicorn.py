"""The web server's settings. No access log: a supplier's link must stand in no log."""

import os

from config.logging import LOGGING

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4  # each keeps a connection to the database
accesslog = None
logconfig_dict = LOGGING  # its own lines look like ours
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  # heartbeats
