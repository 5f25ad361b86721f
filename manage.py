#!/usr/bin/env python
"""Commands of the service; `python manage.py help` lists them."""

import os
import sys

from config import embedded

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    embedded.start_unless_given()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
