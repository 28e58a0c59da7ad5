"""Django settings: everything that a host may change comes from the environment, all else is fixed here."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from shuniu.project import place, secrets

VAR = Path(os.environ.get("SHUNIU_VAR", "var")).resolve()
PORT = int(os.environ.get("SHUNIU_PORT", "8043"))
PUBLIC_URL = os.environ.get("SHUNIU_PUBLIC_URL", f"http://localhost:{PORT}")
# A production instance says so in its own folder, where `shuniu init --production` wrote it; it then refuses demo data.
_production = place.production(VAR)
SHUNIU_DEMO = _production is None
PROVINCE = _production.province if _production else os.environ.get("SHUNIU_PROVINCE", "43")
PROVINCE_FOLDER = Path(__file__).parent / "provinces" / PROVINCE
RULE_PACK = os.environ.get("SHUNIU_RULE_PACK", "current-2026")
KEYS = VAR / "keys"

_secrets = secrets.load_or_create(VAR)
SECRET_KEY = _secrets.django_key
DEBUG = False
# The address that the server listens on is one that it may be called by: `run` looks there whether it is up. Where it listens
# on all of them, `run` looks at the loopback.
_host = os.environ.get("SHUNIU_HOST", "127.0.0.1")
_named = [h for h in os.environ.get("SHUNIU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
_asked = place.reached(_host)
ALLOWED_HOSTS = list(dict.fromkeys([*_named, f"[{_asked}]" if ":" in _asked else _asked]))
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SHUNIU_TRUSTED_ORIGINS", "").split(",") if o]


def _database(url: str) -> dict[str, object]:
    """Translate postgresql://user:password@host:port/name?option=… into Django's dictionary."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Only statements that ask for it are prepared (trust.api.fetch_prepared), and one plan serves all their values.
        "OPTIONS": query | {"options": f"{query.get('options', '')} -c plan_cache_mode=force_generic_plan"},
    }


DATABASES = {"default": _database(os.environ.get("SHUNIU_DATABASE_URL", "postgresql:///shuniu"))}
MAIL_URL = os.environ.get("SHUNIU_MAIL_URL", "")
MAIL_FROM = os.environ.get("SHUNIU_MAIL_FROM", "")
SMS_URL = os.environ.get("SHUNIU_SMS_URL", "")
SMS_SECRET = os.environ.get("SHUNIU_SMS_SECRET", "")
PAYMENT_URL = os.environ.get("SHUNIU_PAYMENT_URL", "")
PAYMENT_SECRET = os.environ.get("SHUNIU_PAYMENT_SECRET", "")
COURIER_URL = os.environ.get("SHUNIU_COURIER_URL", "")
COURIER_SECRET = os.environ.get("SHUNIU_COURIER_SECRET", "")
# A closed network of its own may call providers' live interfaces without TLS; only who runs the host decides that.
LIVE_PLAIN = os.environ.get("SHUNIU_LIVE_PLAIN", "") == "1"
TIME_SOURCE = os.environ.get("SHUNIU_TIME_SOURCE", "")  # host or host:port of a time server (NTP); empty: not asked
CLAMD = os.environ.get("SHUNIU_CLAMD", "")  # tcp://host:port or unix:///path; empty: no scanner
STAMP_URL = os.environ.get("SHUNIU_STAMP_URL", "")  # RFC 3161 over HTTP; empty: no service
STAMP_ROOTS = os.environ.get("SHUNIU_STAMP_ROOTS", "")  # a PEM file
PREPARES = os.environ.get("SHUNIU_POOLED") != "1"  # a pool that shares sessions keeps no prepared statement
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_IMPORT_PATHS = ["shuniu.directory.certificate_tasks"]  # beside every app's `tasks`

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "shuniu.web",
    "shuniu.trust",
    "shuniu.directory",
    "shuniu.notices",
    "shuniu.procedures",
    "shuniu.catalogue",
    "shuniu.registries",
    "shuniu.exchange",
    "shuniu.cases",
    "shuniu.assessment",
    "shuniu.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shuniu.web.security.ContentSecurity",
    "shuniu.web.language.ChosenLanguage",
    "shuniu.web.errors.ErrorPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shuniu.web.security.SoundRequests",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shuniu.directory.session.ActorMiddleware",
    "shuniu.portal.kept.asking.KeptForms",
]
AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
CSRF_FAILURE_VIEW = "shuniu.web.errors.csrf_failure"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/start/"
ROOT_URLCONF = "shuniu.project.urls"
WSGI_APPLICATION = "shuniu.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "shuniu.web.templates.environment",
            # Rooms below the portal draw its menu without knowing it.
            "context_processors": ["shuniu.portal.menu.offered"],
        },
    }
]

# Chinese unless the reader chose otherwise (web/language.py), whatever the browser asks for.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = True
# TLS ends before the platform. Which header says that a request came over it is known only where a proxy sets or strips
# it: unless it is named, no header is believed.
HTTPS = os.environ.get("SHUNIU_HTTPS", "") == "1"
_proxy_header = os.environ.get("SHUNIU_PROXY_HEADER", "")
SECURE_PROXY_SSL_HEADER = ("HTTP_" + _proxy_header.upper().replace("-", "_"), "https") if _proxy_header else None
# Whose address counts failed sign-ins: behind a proxy only what a header says that the proxy sets.
_address_header = os.environ.get("SHUNIU_ADDRESS_HEADER", "")
ADDRESS_HEADER = "HTTP_" + _address_header.upper().replace("-", "_") if _address_header else ""
_certificate_header = os.environ.get("SHUNIU_CERTIFICATE_HEADER", "")
CERTIFICATE_HEADER = "HTTP_" + _certificate_header.upper().replace("-", "_") if _certificate_header else ""
SECURE_SSL_REDIRECT = HTTPS and bool(_proxy_header)
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# No script reads the token: forms carry it. The prefix has browsers refuse a cookie set by a neighbouring name or over HTTP.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refusals": {"()": "shuniu.project.logs.Refusals"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}, "django.request": {"filters": ["refusals"]}},
}
