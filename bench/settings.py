"""The settings of the site as it is served, with a database and static files of our own."""

import os
from pathlib import Path

# Before they are read: the same whatever this machine's .env says.
FOLDER = Path(os.environ["BENCH_FOLDER"])
os.environ["SECRET_KEY"] = "only-to-measure-0123456789-abcdefghijklmnopqrstuvwxyz"  # noqa: S105
os.environ["DEBUG"] = "false"
os.environ["SITE_ADDRESS"] = "http://localhost:8000"
os.environ["ALLOWED_HOSTS"] = "localhost"
os.environ["FILES_ROOT"] = str(FOLDER / "files")
os.environ["TRUSTED_PROXIES"] = "0"
if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER / 'none.sqlite3'}"

from trustplan.settings import *  # noqa: E402, F403
from trustplan.settings import DATABASES  # noqa: E402

STATIC_ROOT = FOLDER / "static"
ROOT_URLCONF = "bench.urls"
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
# Made anew beside whatever there is, as tests do.
DATABASES["default"]["TEST"] = {
    "NAME": str(FOLDER / "bench.sqlite3") if IS_SQLITE else "trustplan_bench"
}
