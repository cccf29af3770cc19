"""The settings of the site, with what makes tests fast and the same everywhere."""

import os
import tempfile
from pathlib import Path

# Before they are read: the tests are the same whatever this machine's .env says.
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
# tests/conftest.py throws it away, so it is never one that an installation has chosen.
os.environ["FILES_ROOT"] = os.environ.get("TESTS_FILES_ROOT") or tempfile.mkdtemp(
    prefix="trustplan-tests-files-"
)
os.environ["TESTS_FILES_ROOT"] = os.environ["FILES_ROOT"]
os.environ["DEBUG"] = "false"
os.environ["SITE_ADDRESS"] = "http://localhost:8000"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ["TRUSTED_PROXIES"] = "0"

from trustplan.settings import *  # noqa: F403
from trustplan.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["NAME"] == ":memory:":
    # A file instead: all threads would share one connection to memory, and one
    # page's rollback in the browser tests could undo what another has saved.
    _file = Path(tempfile.gettempdir()) / f"trustplan-tests-{os.getuid()}-{os.getppid()}.sqlite3"
    DATABASES["default"] |= {"NAME": str(_file), "TEST": {"NAME": str(_file)}}
