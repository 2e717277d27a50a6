"""One-click sign-in: for the cast, in demo mode, and nowhere else."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from accounts.models import LocalArea
from tests.factories.accounts import UserFactory
from website.demo import sign_in


@pytest.fixture
def tom(area: LocalArea) -> Any:
    return UserFactory(email="tom@merrowdale.example", given_name="Tom", family_name="Akinwale")


def test_one_click_signs_in_as_a_member_of_the_cast(tom: Any, client: Client) -> None:
    answer = client.post("/demo/sign-in/", {"person": "tom", "next": "/search/"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/search/"
    assert client.session["_auth_user_id"] == str(tom.pk)


def test_the_sign_in_page_offers_only_who_is_there(tom: Any, client: Client) -> None:
    text = client.get("/accounts/login/").content.decode()
    assert "Tom Akinwale" in text
    assert "Ruth Osei" not in text


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "javascript:1"])
def test_it_never_leads_away(tom: Any, client: Client, target: str) -> None:
    answer = client.post("/demo/sign-in/", {"person": "tom", "next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("person", ["", "nobody", "priya", "tom@merrowdale.example"])
def test_it_signs_in_as_nobody_else(tom: Any, client: Client, person: str) -> None:
    UserFactory(email="nobody@merrowdale.example")
    answer = client.post("/demo/sign-in/", {"person": person})
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_somebody_suspended_cannot_come_in(tom: Any, client: Client) -> None:
    from core import clock

    tom.suspended_at = clock.now()
    tom.save()
    assert client.post("/demo/sign-in/", {"person": "tom"}).status_code == 404


def test_a_link_cannot_sign_anybody_in(tom: Any, client: Client) -> None:
    assert client.get("/demo/sign-in/?person=tom").status_code == 405
    assert "_auth_user_id" not in client.session


def test_outside_demo_mode_the_code_refuses(tom: Any, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        sign_in.sign_in_as(RequestFactory().post("/"), key="tom")
    with pytest.raises(ImproperlyConfigured):
        sign_in.offered_cast()
    for module in ("website.demo.views", "website.demo.urls"):
        with pytest.raises(ImproperlyConfigured):
            importlib.reload(importlib.import_module(module))
    settings.DEMO = True
    importlib.reload(importlib.import_module("website.demo.views"))


def test_outside_demo_mode_no_demo_can_be_built(db: None, settings: Any) -> None:
    from core import clock
    from website.demo.merrowdale import build_demo

    settings.DEMO = False
    with pytest.raises(ImproperlyConfigured):
        build_demo(stage="empty", seed=7, today=clock.today(), at=clock.now())


def test_production_settings_refuse_demo_mode() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "WAYMARK_DEMO": "1",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "learning.example.org",
        "DATABASE_URL": "postgres://u:p@db/waymark",
        "CELERY_BROKER_URL": "redis://cache/0",
        "CACHE_URL": "rediscache://cache/1",
        "SCANNER": "clamd",
        "CONTENT_HOST": "content.example.net",
    }
    run = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "One-click sign-in must never run on real people's data" in run.stderr
