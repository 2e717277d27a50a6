"""Health, policies and headers: the doors every request goes through."""

from __future__ import annotations

import pytest
from django.test import Client, override_settings

from accounts.enums import Role
from tests.factories.accounts import RoleGrantFactory, UserFactory


@pytest.mark.django_db
def test_health_answers_whatever_host_is_asked():
    response = Client().get("/healthz", HTTP_HOST="10.0.0.1")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_forged_host_is_refused():
    assert Client().get("/", HTTP_HOST="evil.example").status_code == 400


def test_a_visitor_is_sent_to_sign_in_and_back(area):
    response = Client().get("/my-learning/")

    assert response.status_code == 302
    assert response.url == "/accounts/login/?next=/my-learning/"


def test_the_cms_is_closed_to_learners_and_has_no_login_of_its_own(area, sign_in):
    learner = sign_in(UserFactory())

    assert learner.get("/cms/").status_code == 403
    assert (
        Client()
        .get("/cms/login/", follow=True)
        .redirect_chain[-1][0]
        .startswith("/accounts/login/")
    )


def test_pages_carry_a_strict_policy_without_inline_script(area):
    csp = Client().get("/accounts/login/").headers["Content-Security-Policy"]

    assert "script-src 'self'" in csp
    assert "unsafe" not in csp
    assert "frame-ancestors 'none'" in csp


def test_sign_up_is_closed(area):
    response = Client().post(
        "/accounts/signup/",
        {"email": "new@merrowdale.example", "password1": "x" * 14, "password2": "x" * 14},
    )

    from accounts.models import User

    assert not User.objects.filter(email="new@merrowdale.example").exists()
    assert response.status_code == 200


def test_people_sign_in_by_email_whatever_its_case(area):
    from allauth.account.models import EmailAddress

    person = UserFactory(email="tom@merrowdale.example")
    person.set_password("correct horse battery")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client = Client()

    response = client.post(
        "/accounts/login/",
        {"login": "Tom@Merrowdale.example", "password": "correct horse battery"},
    )

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(area, evil):
    from allauth.account.models import EmailAddress

    person = UserFactory(email="tom@merrowdale.example")
    person.set_password("correct horse battery")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    response = Client().post(
        "/accounts/login/",
        {"login": person.email, "password": "correct horse battery", "next": evil},
    )

    assert response.status_code in {302, 400}
    assert "evil" not in response.headers.get("Location", "")


def test_a_suspended_person_is_out_at_the_next_request(area, sign_in):
    from django.utils import timezone

    person = UserFactory()
    client = sign_in(person)
    person.suspended_at = timezone.now()
    person.save()

    assert client.get("/my-learning/").url.startswith("/accounts/login/")


def test_editors_reach_the_cms_while_their_grant_holds(area, sign_in):
    from accounts.services.roles import project_editor_rights
    from core import clock

    grant = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area)
    project_editor_rights(person=grant.person, local_area=area, on=clock.today())
    assert sign_in(grant.person).get("/cms/").status_code == 200

    grant.ends_on = grant.starts_on
    grant.save()
    project_editor_rights(person=grant.person, local_area=area, on=clock.today())
    assert sign_in(grant.person).get("/cms/").status_code == 403


@override_settings(DEBUG=False)
def test_what_is_not_there_says_so_in_the_house_style(area):
    response = Client(raise_request_exception=False).get("/there-is-nothing-here/")

    assert response.status_code == 404
    assert b"Page not found" in response.content


def test_wagtails_front_end_login_is_closed(area, sign_in):
    assert Client().get("/_util/login/").url.startswith("/accounts/login/")
    assert sign_in(UserFactory()).get("/_util/login/").status_code == 404
