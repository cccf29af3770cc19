"""All settings, from the environment; `.env.example` says what each one means.

Nothing here differs between a laptop and a server except through the
environment: an address that begins with https:// switches on what only works
over TLS (secure cookies, HSTS, the redirect).
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# The installation

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or "missing"  # schools.checks refuses it
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://localhost:8000").rstrip("/")
OVER_TLS = SITE_ADDRESS.startswith("https://")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SITE_HOST = urlsplit(SITE_ADDRESS).hostname
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=LOCAL_HOSTS if SITE_HOST in LOCAL_HOSTS else [SITE_HOST],
)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

INSTALLED_APPS = [
    "schools",
    "priorities",
    "kpis",
    "returns",
    "dashboard",
    "reports",
    "demo",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

# WhiteNoise stands below the two that write headers: static files get them too.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "schools.compressed.CompressedMiddleware",
    "schools.middleware.never_stored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "schools.middleware.session_age",
    "allauth.account.middleware.AccountMiddleware",
    # The last one: it calls the view, inside the trust that the path names.
    "schools.middleware.AccessMiddleware",
]

ROOT_URLCONF = "trustplan.urls"
WSGI_APPLICATION = "trustplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "schools.context.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["tp"]
CRISPY_TEMPLATE_PACK = "tp"

# Language and time: stored in UTC, shown and counted in London

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Data

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
_options = _database.setdefault("OPTIONS", {})
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Writers wait for each other instead of failing, and an answered save is on
    # disk. Opening the file costs as much as a page, so it stays open.
    _options |= {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    _database["CONN_MAX_AGE"] = None
else:
    # As many connections as a web process has threads (see serve). While the server is
    # away a page says so within seconds, and whoever asks next after that tries anew: a
    # pool that went on waiting longer between its tries would not see it come back.
    _options["pool"] = {
        "min_size": 1,
        "max_size": env.int("DB_POOL_MAX", default=4),
        "timeout": 3,
        "reconnect_timeout": 5,
    }
    _options["connect_timeout"] = 3
    _options["options"] = "-c statement_timeout=30s"
    _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counting failed sign-ins needs one count for all processes. Pages are kept per
# process (schools/kept.py), under keys that name the versions they were made from.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    },
}

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    # What people sent in and what was made for them. Outside the web root: each is handed
    # out by a view that has asked who wants it, never by an address of its own.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("FILES_ROOT", default=str(BASE_DIR / "files")),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Signing in

AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "schools:home"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 60 * 60

ACCOUNT_ADAPTER = "schools.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "schools.forms.SignInForm",
    "reset_password": "schools.forms.ForgottenForm",
    "reset_password_from_key": "schools.forms.NewPasswordForm",
    "change_password": "schools.forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = {"login_failed": "50/15m/ip,10/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=60) * 60
SESSION_LONGEST_AGE = env.int("SESSION_LONGEST_HOURS", default=12) * 60 * 60

# Mail is written to the outbox with what it is about, and sent by the worker.

EMAIL_BACKEND = "schools.mail.OutboxBackend"
_delivery = env.email_url("EMAIL_URL", default="consolemail://")
DELIVERY_BACKEND = _delivery.pop("EMAIL_BACKEND")
vars().update(_delivery)
# A mail server that hangs holds up the worker no longer than this.
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"trustplan <trustplan@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# What a browser may do with our pages: docs/adr/0005-html-first-one-policy.md

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "schools.views.form_expired"
SESSION_COOKIE_HTTPONLY = True
# A return of a big trust has more boxes than Django's default allows.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# The largest file of evidence comes in through memory: a server that is killed
# meanwhile leaves no half of it in the folder for temporary files.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024
# And what is larger than that is refused without being written anywhere.
FILE_UPLOAD_HANDLERS = [
    "returns.upload_limits.Counted",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]

if OVER_TLS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
