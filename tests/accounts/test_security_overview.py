"""The overview of the running configuration: each check tells good from bad, and names nobody."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command

from accounts.enums import Role, SignInServiceKind
from accounts.models import AuditEvent, SignInService
from accounts.overview import Level, overview
from core import clock
from core.models import Outbox
from core.outbox import GIVE_UP_AFTER
from tests.factories.accounts import OrganisationFactory, RoleGrantFactory, UserFactory

pytestmark = pytest.mark.django_db


def found(key: str) -> tuple[Level, str]:
    (one,) = [each for each in overview(at=clock.now()) if each.key == key]
    return one.level, one.detail


@pytest.fixture
def sound(settings, area):
    """What can be put right by settings, put right."""
    settings.DEMO = settings.COMPONENT_GALLERY = False
    settings.SECOND_STEP_ENFORCED = True
    settings.ALLOWED_HOSTS = ["learning.merrowdale.gov.uk", "testserver"]
    settings.SITE_URL = "https://learning.merrowdale.gov.uk"
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SECRET_KEY = "k9#fQ2!" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2
    settings.CONTENT_HOST, settings.CONTENT_SCHEME = "packages.merrowdale-content.org.uk", "https"
    settings.CSRF_TRUSTED_ORIGINS = []
    settings.CONTENT_APP_ORIGINS = ["https://learning.merrowdale.gov.uk"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.PASSWORD_HASHERS = ["accounts.hashers.HouseArgon2Hasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST = True, "mail.merrowdale.gov.uk"
    settings.DEFAULT_FROM_EMAIL = "Waymark <learning@merrowdale.gov.uk>"
    return settings


SETTINGS = (
    "debug",
    "demo",
    "hosts",
    "https",
    "cookies",
    "secret_key",
    "passwords",
    "second_step",
    "origins",
    "content_origin",
    "proxies",
    "mail",
)


@pytest.mark.parametrize("key", SETTINGS)
def test_sound_settings_are_green(sound, key):
    assert found(key)[0] is Level.GREEN, found(key)


@pytest.mark.parametrize(
    ("changes", "key", "level"),
    [
        ({"DEBUG": True}, "debug", Level.RED),
        ({"DEMO": True}, "demo", Level.RED),
        ({"COMPONENT_GALLERY": True}, "demo", Level.AMBER),
        ({"ALLOWED_HOSTS": ["*"]}, "hosts", Level.RED),
        ({"ALLOWED_HOSTS": ["localhost"]}, "hosts", Level.AMBER),
        ({"SITE_URL": "http://learning.merrowdale.gov.uk"}, "https", Level.RED),
        ({"SECURE_HSTS_SECONDS": 60}, "https", Level.AMBER),
        ({"SESSION_COOKIE_SECURE": False}, "cookies", Level.RED),
        ({"SESSION_COOKIE_NAME": "sessionid"}, "cookies", Level.AMBER),
        ({"SECRET_KEY": "x" * 60}, "secret_key", Level.RED),
        ({"SECRET_KEY_FALLBACKS": ["old"]}, "secret_key", Level.AMBER),
        ({"AUTH_PASSWORD_VALIDATORS": []}, "passwords", Level.RED),
        ({"SECOND_STEP_ENFORCED": False}, "second_step", Level.RED),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.gov.uk"]}, "origins", Level.RED),
        ({"CONTENT_HOST": "packages.merrowdale.gov.uk"}, "content_origin", Level.RED),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, "proxies", Level.AMBER),
        ({"EMAIL_USE_TLS": False, "EMAIL_USE_SSL": False}, "mail", Level.RED),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, "mail", Level.RED),
        ({"SCANNER": "none"}, "scanner", Level.RED),
        ({"SCANNER": "clamd", "CLAMD_ADDRESS": "127.0.0.1:9"}, "scanner", Level.RED),
        ({"CELERY_BROKER_URL": "filesystem://"}, "broker", Level.RED),
    ],
    ids=str,
)
def test_each_thing_that_is_wrong_is_said(sound, changes, key, level):
    for name, value in changes.items():
        setattr(sound, name, value)

    assert found(key)[0] is level, found(key)


def test_a_scanner_that_answers_is_green(sound):
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        line, _ = listening.accept()
        with line:
            while not line.recv(4096).endswith(b"\0\0\0\0"):
                pass
            line.sendall(b"stream: OK\0")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    sound.SCANNER = "clamd"
    sound.CLAMD_ADDRESS = f"127.0.0.1:{listening.getsockname()[1]}"

    assert found("scanner")[0] is Level.GREEN
    thread.join(5)
    listening.close()


def test_backups_are_as_good_as_their_age(monkeypatch, tmp_path):
    monkeypatch.delenv("BACKUP_STAMP", raising=False)
    assert found("backups")[0] is Level.AMBER
    stamp = tmp_path / "stamp"
    monkeypatch.setenv("BACKUP_STAMP", str(stamp))
    assert found("backups")[0] is Level.RED
    stamp.touch()
    for hours, level in ((1, Level.GREEN), (30, Level.AMBER), (80, Level.RED)):
        then = clock.now().timestamp() - hours * 3600
        os.utime(stamp, (then, then))
        assert found("backups")[0] is level


def test_who_lacks_a_second_step_is_counted_by_role(sound, area):
    lacking = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    TOTP.activate(
        RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person, "JBSWY3DPEHPK3PXP"
    )
    RoleGrantFactory(role=Role.REVIEWER, local_area=area)

    level, said = found("without_second_step")

    assert level is Level.AMBER
    assert said.startswith("Training administrator: 1.")
    assert lacking.family_name not in said
    sound.SECOND_STEP_ENFORCED = False
    assert found("without_second_step")[0] is Level.RED


def test_areas_need_two_administrators_with_a_second_step(area):
    assert found("areas")[0] is Level.AMBER
    for _ in range(2):
        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area)
    assert found("areas")[0] is Level.GREEN
    area.second_step_roles = []
    area.save()
    assert found("areas")[0] is Level.RED


def test_break_glass_accounts_are_seen(area):
    assert found("break_glass")[0] is Level.GREEN
    UserFactory(is_superuser=True)
    assert found("break_glass") == (
        Level.AMBER,
        "1 active, 1 without a second step, 0 used before.",
    )


def test_a_password_everybody_knows_is_found_without_naming_its_owner(area):
    admin = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
    admin.set_password("a good one of their own")
    admin.save()
    assert found("default_passwords")[0] is Level.GREEN
    admin.set_password("changeme")
    admin.save()

    level, said = found("default_passwords")

    assert level is Level.RED
    assert admin.family_name not in said


def test_services_without_a_secret_or_https_are_found(area, monkeypatch):
    service = SignInService.objects.create(
        local_area=area,
        organisation=OrganisationFactory(local_area=area),
        slug="otter-ford",
        name="Otterford",
        kind=SignInServiceKind.GOOGLE,
        server_url="https://accounts.google.com",
        tenant="otterford.example",
        client_id="x",
    )
    assert found("sign_in_services") == (
        Level.AMBER,
        "Set SIGN_IN_SECRET_OTTER_FORD, or switch the services off.",
    )
    monkeypatch.setenv("SIGN_IN_SECRET_OTTER_FORD", "very secret")
    level, said = found("sign_in_services")
    assert level is Level.GREEN
    assert "very secret" not in said
    service.server_url = "http://127.0.0.1"
    service.save()
    assert found("sign_in_services")[0] is Level.RED


def test_a_log_that_is_not_sealed_and_work_that_is_given_up_are_found(area):
    now = clock.now()
    assert found("audit_tail")[0] is Level.GREEN
    AuditEvent.objects.create(at=now - dt.timedelta(minutes=10), verb="x.done")
    assert found("audit_tail")[0] is Level.AMBER
    AuditEvent.objects.create(at=now - dt.timedelta(hours=2), verb="x.done")
    assert found("audit_tail")[0] is Level.RED

    assert found("outbox")[0] is Level.GREEN
    late = now - dt.timedelta(hours=1)
    row = Outbox.objects.create(kind="x", key="x", available_at=late)
    assert found("outbox")[0] is Level.AMBER
    row.attempts = GIVE_UP_AFTER
    row.save()
    assert found("outbox")[0] is Level.RED


def test_the_command_answers_people_and_machines_and_leaves_with_one(area, settings):
    for options in ([], ["--json"]):
        said = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("security_overview", *options, stdout=said)
        assert left.value.code == 1
        assert settings.SECRET_KEY not in said.getvalue()
    told = json.loads(said.getvalue())
    assert told["red"] >= 1
    assert {"key": "debug", "level": "green", "title": "Debug pages", "detail": "off"} in told[
        "findings"
    ]


def test_the_command_leaves_with_nought_where_nothing_is_red(area, monkeypatch):
    from accounts.overview import Finding

    fine = [Finding("debug", Level.GREEN, "Debug pages"), Finding("x", Level.AMBER, "X")]
    monkeypatch.setattr(
        "accounts.management.commands.security_overview.overview", lambda *, at: fine
    )
    said = StringIO()

    call_command("security_overview", stdout=said)

    assert "0 red, 1 amber, 1 green" in said.getvalue()
