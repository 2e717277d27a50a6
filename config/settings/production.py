"""Settings for a real installation; refuses to start with anything a real installation must not have."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import (
    ALLOWED_HOSTS,
    CMS_CONTENT_SECURITY_POLICY,
    CONTENT_HOST,
    CONTENT_SECURITY_POLICY,
    DATABASES,
    DEMO,
    SCANNER,
    SECOND_STEP_ENFORCED,
    SECRET_KEY,
    SITE_URL,
    env,
)
from core.hosts import registrable

if DEMO:
    raise ImproperlyConfigured(
        "WAYMARK_DEMO is on. One-click sign-in must never run on real people's data: unset it."
    )
if not SECOND_STEP_ENFORCED:
    raise ImproperlyConfigured(
        "SECOND_STEP_ENFORCED is off. Administrators and managers must sign in with a second step."
    )
if (
    len(SECRET_KEY) < 50
    or len(set(SECRET_KEY)) < 12
    or SECRET_KEY.startswith(("django-insecure-", "only-for-tests"))
):
    raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters.")
if not env.list("ALLOWED_HOSTS", default=[]):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names of this installation.")
if any(not host.strip(".") or "*" in host for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must name hosts: with * anybody's host name ends up in mail and links."
    )
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(
        "Set SITE_URL to the https address of this installation: links in mail and certificates "
        "begin with it."
    )
if "DATABASE_URL" not in env.ENVIRON or DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL database.")
if env.str("CELERY_BROKER_URL", default="filesystem://").startswith("filesystem"):
    raise ImproperlyConfigured("Set CELERY_BROKER_URL to Redis or RabbitMQ.")
if env.str("CACHE_URL", default="filecache").startswith(("filecache", "locmem", "dummy")):
    raise ImproperlyConfigured(
        "Set CACHE_URL to Redis: rate limits need a cache all processes share."
    )
if SCANNER == "none":
    raise ImproperlyConfigured("Set SCANNER=clamd: uploads must be scanned for viruses.")
if CONTENT_HOST.split(":")[0].endswith("localhost") or any(
    registrable(CONTENT_HOST) == registrable(host) for host in ALLOWED_HOSTS
):
    raise ImproperlyConfigured(
        "CONTENT_HOST must be on another registrable domain than ALLOWED_HOSTS: packages are other "
        "people's script."
    )

DEBUG = False
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies in front of the application add to X-Forwarded-For: the address before them is
# what rate limits count. With a wrong number everybody shares one limit, or chooses their own.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
CONTENT_SCHEME = "https"
CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"] = [
    source.replace("http://", "https://")
    for source in CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-src"]
]
CMS_CONTENT_SECURITY_POLICY = CMS_CONTENT_SECURITY_POLICY.replace("http://", "https://")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
vars().update(env.email("EMAIL_URL", default="smtp+tls://localhost:587"))
