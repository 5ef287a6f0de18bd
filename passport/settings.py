"""One file, read top to bottom: what `passport.toml` and the environment may set, then what is fixed.

A node is a folder (`PASSPORT_HOME`): `passport.toml`, `keys/`, and the data. Secrets come from the
environment or from files that the first start makes; none is ever shipped. Every name that is read
here is explained in `docs/settings.md`, and a test holds that.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from passport.kernel import files
from passport.roles import ROLES

HOME = Path(os.environ.get("PASSPORT_HOME", ".")).resolve()
SETTINGS_READ: dict[str, object] = {}
"""Every name that may stand in `passport.toml`, with its default: what the documentation must cover."""


def _file() -> dict[str, Any]:
    path = HOME / "passport.toml"
    try:
        return tomllib.loads(path.read_text()) if path.exists() else {}
    except tomllib.TOMLDecodeError as problem:
        raise ImproperlyConfigured(f"{path} can't be read: {problem}") from problem


_FILE = _file()


def _setting[T](name: str, default: T, kind: type[T]) -> T:
    SETTINGS_READ[name] = default
    value = _FILE.get(name, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ImproperlyConfigured(
            f"passport.toml: {name} must be a {kind.__name__}, not {value!r}."
        )
    return value


def text(name: str, default: str) -> str:
    return _setting(name, default, str)


def number(name: str, default: int) -> int:
    return _setting(name, default, int)


def texts(name: str, default: list[str]) -> list[str]:
    return _setting(name, default, list)


# What this node is

try:
    ROLE = ROLES[text("role", "country")]
except KeyError as unknown:
    raise ImproperlyConfigured(
        f"passport.toml: role must be one of {', '.join(ROLES)}."
    ) from unknown
NODE_NAME = text("name", "Learning Passport")
ADDRESS = text("address", "http://127.0.0.1:8000").rstrip("/")
LISTEN = text("listen", "127.0.0.1:8000")
THREADS = number("threads", 64)
WORKERS = number("workers", 1)

# How it travels

SYNC_SECONDS = number("sync_seconds", 60)
SYNC_BYTES = number("sync_bytes", 64 * 1024 * 1024)
PARCEL_FILE_BYTES = number("parcel_file_bytes", 32 * 1024 * 1024)

LEASE_DAYS = number("lease_days", 180)

# How people work

IDLE_MINUTES = number("idle_minutes", 10)
SESSION_HOURS = number("session_hours", 12)
CALLING_CODE = text("calling_code", "").lstrip("+")

# What the disk keeps free, in bytes

RESERVE_BYTES = number("reserve_bytes", 256 * 1024 * 1024)
RESERVE_FILE_BYTES = number("reserve_file_bytes", 64 * 1024 * 1024)

# Where things lie

DATA = HOME / "data"
MEDIA = DATA / "media"
KEY_FILE = HOME / "keys" / "node.key"
BUILT = Path(__file__).parent / "web" / "static" / "built"


def _secret_key() -> str:
    given = os.environ.get("PASSPORT_SECRET_KEY")
    if given:
        return given
    path = HOME / "keys" / "session.key"
    if path.exists():
        return path.read_text()
    made = secrets.token_urlsafe(48)
    if path.parent.exists():
        files.write(path, made.encode())  # a power cut must not leave it empty: nothing would start
    return made


SECRET_KEY = _secret_key()

# Storage (DESIGN section 6 says why each pragma)

# A server reads on 64 connections, each with pages of its own: together they must fit a small hub.
# The system keeps the file in memory anyway. The one writer, and a command, take more.
_PAGES_KB = 500 if os.environ.get("PASSPORT_SERVING") else 8000
SQLITE_PRAGMAS = f"""
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA secure_delete=ON;
PRAGMA trusted_schema=OFF;
PRAGMA mmap_size=0;
PRAGMA cache_size=-{_PAGES_KB};
"""


def database(url: str | None) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "passport.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                # The writer's statements are as many as there are sizes of a group, each worth keeping.
                "cached_statements": 512,
                "timeout": 30,
                "init_command": SQLITE_PRAGMAS,
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 600,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The house

INSTALLED_APPS = [
    "passport.node",
    "passport.people",
    "passport.library",
    "passport.records",
    "passport.fleet",
    "passport.learning",
    "passport.insights",
    "passport.privacy",
]
ROOT_URLCONF = "passport.urls"
LOCKED_URLCONF = "passport.roles.locked"
WSGI_APPLICATION = "passport.wsgi.application"
WORKER = "passport.roles.worker.work"
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "passport.web.middleware.Visitor",
    "passport.web.waiting.Waiting",
    "django.middleware.csrf.CsrfViewMiddleware",
    "passport.web.refusals.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            Path(__file__).parent / "web" / door / "templates"
            for door in ("kit", "learner", "facilitator", "office", "public", "unlock")
        ],
        "OPTIONS": {"environment": "passport.web.kit.environment.environment"},
    }
]

# People's languages

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية"), ("fr", "Français"), ("es", "Español")]
SITE_LANGUAGES = texts("languages", [code for code, _ in LANGUAGES])
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("time_zone", "UTC")

# What a browser may do and keep (R206: one cookie, R207: no third party)

STATIC_URL = "/static/"
ALLOWED_HOSTS = [
    "*"
]  # A hub answers to whatever name its LAN gives it; no link is built from Host.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ADDRESS.startswith("https://")
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A hundred years: the wall clock, by which the cookie is signed, may jump. A sign-in ends by node time.
SESSION_COOKIE_AGE = 100 * 365 * 24 * 3600
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "passport.web.refusals.forged"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"passport": {"level": "INFO"}},
}
