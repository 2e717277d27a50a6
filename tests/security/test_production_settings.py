"""Production refuses each value a real installation must not have, and says which."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest

SOUND = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "learning.merrowdale.gov.uk",
    "SITE_URL": "https://learning.merrowdale.gov.uk",
    "CONTENT_HOST": "packages.merrowdale-content.org.uk",
    "DATABASE_URL": "postgres://u:p@db/waymark",
    "CELERY_BROKER_URL": "redis://cache/0",
    "CACHE_URL": "rediscache://cache/1",
    "SCANNER": "clamd",
}
BAD = [
    ({"WAYMARK_DEMO": "1"}, "One-click sign-in"),
    ({"SECOND_STEP_ENFORCED": "0"}, "SECOND_STEP_ENFORCED"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
    ({"SECRET_KEY": "django-insecure-" + "0123456789abcdefghij" * 3}, "SECRET_KEY"),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "learning.merrowdale.gov.uk,*"}, "ALLOWED_HOSTS"),
    ({"SITE_URL": "http://learning.merrowdale.gov.uk"}, "SITE_URL"),
    ({"SITE_URL": None}, "SITE_URL"),
    ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "PostgreSQL"),
    ({"DATABASE_URL": None}, "PostgreSQL"),
    ({"CELERY_BROKER_URL": None}, "CELERY_BROKER_URL"),
    ({"CACHE_URL": "locmemcache://"}, "CACHE_URL"),
    ({"SCANNER": "none"}, "SCANNER"),
    ({"CONTENT_HOST": "learning.merrowdale.gov.uk"}, "CONTENT_HOST"),
    ({"CONTENT_HOST": "packages.learning.merrowdale.gov.uk"}, "CONTENT_HOST"),
    # A sibling is the same site to a browser: SameSite cookies would travel.
    ({"CONTENT_HOST": "packages.merrowdale.gov.uk"}, "CONTENT_HOST"),
    ({"CONTENT_HOST": None}, "CONTENT_HOST"),
]


def _start(changes: dict[str, str | None], code: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in SOUND and not name.startswith("WAYMARK")
    }
    values = {**SOUND, **changes}
    environment |= {name: value for name, value in values.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings as s; {code}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("changes", "word"), BAD, ids=range(len(BAD)))
def test_a_bad_value_is_refused_by_name(changes, word):
    run = _start(changes, "s.DEBUG")

    assert run.returncode != 0
    assert word in run.stderr.splitlines()[-1]


def test_sound_values_start_with_safe_cookies_and_frames():
    run = _start(
        {},
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.ALLAUTH_TRUSTED_PROXY_COUNT, "
        "any('http://' in f for f in s.CONTENT_SECURITY_POLICY['DIRECTIVES']['frame-src']))",
    )

    assert run.stdout.split() == ["False", "True", "__Host-session", "__Host-csrf", "1", "False"]
