"""Wagtail's own ways of signing in are closed: they would ask for no second step."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.enums import Role
from accounts.services.editor_rights import project_editor_rights
from core import clock
from tests.factories.accounts import RoleGrantFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture
def editor(area):
    person = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    project_editor_rights(person=person, local_area=area, on=clock.today())
    return person


@pytest.mark.parametrize("path", ["/cms/login/", "/_util/login/"])
def test_a_right_password_at_wagtails_own_door_signs_nobody_in(editor, path):
    client = Client(REMOTE_ADDR="192.0.2.10")

    for told in (
        {"username": editor.email, "password": PASSWORD},
        {"email": editor.email, "password": PASSWORD},
    ):
        answer = client.post(path, told)
        assert answer.url.startswith("/accounts/login/")

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "/cms/password_reset/",
        "/cms/password_reset/done/",
        "/cms/password_reset/complete/",
        "/cms/password_reset/confirm/MQ/abc-def/",
    ],
)
def test_wagtail_sets_no_passwords(editor, path):
    client = Client(REMOTE_ADDR="192.0.2.10")

    for answer in (client.get(path), client.post(path, {"email": editor.email})):
        assert answer.status_code == 404 or answer.url.startswith("/accounts/login/")


def test_a_signed_in_editor_changes_neither_password_nor_address_there(editor, sign_in):
    client = sign_in(editor)
    page = client.get("/cms/account/")

    assert b"old_password" not in page.content
    client.post(
        "/cms/account/",
        {
            "password-old_password": PASSWORD,
            "password-new_password1": "three unrelated words",
            "password-new_password2": "three unrelated words",
        },
    )

    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


def test_the_cms_asks_for_the_second_step_too(editor, sign_in, settings):
    settings.SECOND_STEP_ENFORCED = True

    assert sign_in(editor).get("/cms/").url.startswith("/second-step/")
