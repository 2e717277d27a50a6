"""Settings of the content server: no database, no sessions, no secrets, no applications.

It reads PACKAGE_ROOT and answers on CONTENT_HOST; everything else of Waymark is unknown to it.
"""

import secrets
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DEBUG = False
# Nothing is signed here; Django only insists that the setting is not empty.
SECRET_KEY = secrets.token_urlsafe(48)

PORT = env.int("PORT", default=8000)
CONTENT_PORT = env.int("CONTENT_PORT", default=PORT + 1)
CONTENT_HOST = env.str("CONTENT_HOST", default=f"content.localhost:{CONTENT_PORT}")
CONTENT_APP_ORIGINS = env.list(
    "CONTENT_APP_ORIGINS", default=[f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"]
)
PACKAGE_ROOT = Path(env.str("PACKAGE_ROOT", default=str(BASE_DIR / "var" / "packages")))
# The third holds the fonts; everything in it is public on the application's own origin anyway.
PLAYER_DIRS = [
    BASE_DIR / "static_built" / "h5p",
    BASE_DIR / "static_src" / "h5p-host",
    BASE_DIR / "static_src" / "scorm-host",
    BASE_DIR / "static_built",
]

_host = CONTENT_HOST.split(":")[0]
ALLOWED_HOSTS = [f".{_host}"] + (["127.0.0.1"] if _host.endswith("localhost") else [])
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)

INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = ["django.middleware.gzip.GZipMiddleware"]
DATABASES: dict[str, dict[str, str]] = {}
ROOT_URLCONF = "config.content_urls"
WSGI_APPLICATION = "config.content_wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": []},
    },
]
USE_TZ = True
USE_I18N = False
APPEND_SLASH = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
