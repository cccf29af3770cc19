#!/usr/bin/env python3
"""Django's command line for trustplan."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustplan.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        raise SystemExit("Run `make setup`, then .venv/bin/python manage.py") from missing
    execute_from_command_line(sys.argv)
