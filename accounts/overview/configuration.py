"""What the running settings say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks

from accounts.overview.findings import Finding, judged
from core.hosts import registrable

_A_YEAR = 31_536_000
_LOCAL = {"localhost", "127.0.0.1", "::1", "[::1]"}


def configuration() -> Iterator[Finding]:
    """Yield a finding for each group of settings."""
    yield judged(
        "debug",
        "Debug pages",
        red="DEBUG is on: errors show settings and data to anybody." if settings.DEBUG else "",
        fine="off",
    )
    yield judged(
        "demo",
        "Demonstration",
        red="WAYMARK_DEMO is on: one press signs anybody in." if settings.DEMO else "",
        amber="The component gallery is open." if settings.COMPONENT_GALLERY else "",
        fine="off",
    )
    yield _hosts()
    yield _https()
    yield _cookies()
    yield _secret_key()
    yield _passwords()
    yield judged(
        "second_step",
        "Second step",
        red=""
        if settings.SECOND_STEP_ENFORCED
        else "SECOND_STEP_ENFORCED is off: a password alone opens administrators' accounts.",
        fine="asked of the roles and employers that want it",
    )
    yield _origins()
    yield _content_origin()
    yield _proxies()
    yield _deployment_checks()


def _hosts() -> Finding:
    hosts = list(settings.ALLOWED_HOSTS)
    red = amber = ""
    if not hosts or any("*" in host or not host.strip(".") for host in hosts):
        red = "ALLOWED_HOSTS takes any host: forged names get into links and mail."
    elif all(host.strip(".") in _LOCAL or host.endswith("localhost") for host in hosts):
        amber = "ALLOWED_HOSTS names this machine only."
    elif any(host.startswith(".") for host in hosts):
        amber = "ALLOWED_HOSTS takes every host below a domain."
    return judged("hosts", "Host names", red=red, amber=amber, fine=", ".join(hosts))


def _https() -> Finding:
    red = amber = ""
    if not settings.SITE_URL.startswith("https://"):
        red = "SITE_URL is not https: links in mail lead over an open line."
    elif not settings.SECURE_SSL_REDIRECT:
        amber = "SECURE_SSL_REDIRECT is off: the proxy must send http to https itself."
    elif settings.SECURE_HSTS_SECONDS < _A_YEAR:
        amber = "SECURE_HSTS_SECONDS is less than a year."
    return judged("https", "Encrypted lines", red=red, amber=amber, fine="https only, HSTS on")


def _cookies() -> Finding:
    wrong = [
        name
        for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
        if not getattr(settings, name)
    ]
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    loose = [name for name in names if not name.startswith("__Host-")]
    return judged(
        "cookies",
        "Cookies",
        red=f"{', '.join(wrong)} must be on." if wrong else "",
        amber="Names without __Host-: another host of the domain could set them." if loose else "",
        fine="secure, bound to the host",
    )


def _secret_key() -> Finding:
    key = str(settings.SECRET_KEY)
    weak = (
        len(key) < 50
        or len(set(key)) < 12
        or key.startswith(("django-insecure-", "only-for-tests"))
    )
    return judged(
        "secret_key",
        "Secret key",
        red="SECRET_KEY is short or known: sessions and links can be forged." if weak else "",
        amber="SECRET_KEY_FALLBACKS still takes older keys."
        if settings.SECRET_KEY_FALLBACKS
        else "",
        fine="long and random",
    )


def _passwords() -> Finding:
    rules: Any = settings.AUTH_PASSWORD_VALIDATORS
    least = max(
        (
            each.get("OPTIONS", {}).get("min_length", 8)
            for each in rules
            if each["NAME"].endswith("MinimumLengthValidator")
        ),
        default=0,
    )
    first = settings.PASSWORD_HASHERS[0]
    return judged(
        "passwords",
        "Password rules",
        red=f"New passwords may be {least} characters short." if least < 12 else "",
        amber="" if "rgon2" in first else f"Passwords are hashed by {first}.",
        fine="12 characters or more, Argon2id",
    )


def _origins() -> Finding:
    origins = [*settings.CSRF_TRUSTED_ORIGINS, *settings.CONTENT_APP_ORIGINS]
    open_lines = [each for each in origins if not each.startswith("https://")]
    wide = [each for each in settings.CSRF_TRUSTED_ORIGINS if "*" in each]
    return judged(
        "origins",
        "Trusted origins",
        red=f"{', '.join(wide)}: any host of it may send forms." if wide else "",
        amber=f"Not https: {', '.join(open_lines)}" if open_lines else "",
        fine=", ".join(origins) or "none but our own",
    )


def _content_origin() -> Finding:
    content = settings.CONTENT_HOST
    same = [host for host in settings.ALLOWED_HOSTS if registrable(host) == registrable(content)]
    return judged(
        "content_origin",
        "Origin of packages",
        red=f"{content} and {same[0]} are one site: packages are other people's script."
        if same
        else "",
        amber="CONTENT_SCHEME is not https." if settings.CONTENT_SCHEME != "https" else "",
        fine=content,
    )


def _proxies() -> Finding:
    count = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0) or 0
    return judged(
        "proxies",
        "Proxies in front",
        amber=""
        if count
        else "TRUSTED_PROXY_COUNT is not set: behind a proxy everybody shares one rate limit.",
        fine=str(count),
    )


def _deployment_checks() -> Finding:
    found = [
        message.id or str(message.msg)
        for message in run_checks(include_deployment_checks=True)
        if message.level >= WARNING and not message.is_silenced()
    ]
    return judged(
        "deployment_checks",
        "Django's deployment checks",
        amber=", ".join(sorted(set(found))),
        fine="silent",
    )
