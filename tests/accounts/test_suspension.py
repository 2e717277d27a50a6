"""Suspension: every door closes at once, and opens again."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import InvitationKind, Role
from accounts.models import AuditEvent, Invitation, User
from accounts.services import suspension
from accounts.services.suspension import UnableToRestore, UnableToSuspend
from core import clock
from core.models import Outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(area) -> User:
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


@pytest.fixture
def person(area) -> User:
    """Somebody with a post, a password and a confirmed address."""
    found = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    found.set_password(PASSWORD)
    found.save()
    EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    return found


def suspend(by: User, person: User, area: Any, **changes: Any) -> User:
    told = {"local_area": area, "reason": "Under investigation", "at": clock.now()}
    return suspension.suspend_person(by=by, person=person, **(told | changes))


def restore(by: User, person: User, area: Any) -> User:
    return suspension.restore_person(
        by=by, person=person, local_area=area, reason="Cleared", at=clock.now()
    )


def signed_in(person: User) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


# --- The decision --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_suspending_ends_sessions_at_once_and_is_audited(area, admin, person):
    client = signed_in(person)
    key = client.session.session_key
    assert UserSession.objects.filter(user=person).count() == 1

    suspend(admin, person, area)

    person.refresh_from_db()
    assert not person.is_active
    assert person.suspended_at is not None
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(user=person).exists()
    event = AuditEvent.objects.get(verb="person.suspended")
    assert (event.actor, event.subject) == (admin.public_id, person.public_id)
    assert event.reason == "Under investigation"
    assert event.data == {"sessions_ended": 1}
    assert client.get("/my-learning/").url.startswith("/accounts/login/")


@pytest.mark.django_db
def test_whoever_is_let_back_in_signs_in_as_before(area, admin, person):
    suspend(admin, person, area)
    restore(admin, person, area)

    assert signed_in(person).get("/my-learning/").status_code == 200
    assert AuditEvent.objects.filter(verb="person.restored", subject=person.public_id).exists()


@pytest.mark.django_db
def test_nobody_suspends_themselves_or_without_the_role_or_from_another_area(
    area, other_area, admin, person
):
    with pytest.raises(UnableToSuspend):
        suspend(admin, admin, area)
    for role in (Role.TRAINING_ADMIN, Role.SETTING_LEAD, Role.AUDITOR, Role.DPO):
        with pytest.raises(PermissionDenied):
            suspend(RoleGrantFactory(role=role, local_area=area).person, person, area)
    neighbour = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area).person
    for place in (area, other_area):
        with pytest.raises(PermissionDenied):
            suspend(neighbour, person, place)

    person.refresh_from_db()
    assert person.is_active


@pytest.mark.django_db
def test_a_leaver_is_answered_for_by_the_area_they_left_unless_they_work_elsewhere(
    area, other_area, admin, person, today
):
    person.posts.update(ends_on=today - dt.timedelta(days=1))
    assert suspension.people_of(area, today).filter(pk=person.pk).exists()

    PostFactory(person=person, organisation=OrganisationFactory(local_area=other_area))
    assert not suspension.people_of(area, today).filter(pk=person.pk).exists()
    with pytest.raises(PermissionDenied):
        suspend(admin, person, area)


@pytest.mark.django_db
def test_the_last_administrator_of_an_area_stays(area, other_area, admin):
    # An administrator here who is the only one next door.
    both = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
    RoleGrantFactory(person=both, role=Role.SYSTEM_ADMIN, local_area=other_area)
    with pytest.raises(UnableToSuspend, match="last system administrator"):
        suspend(admin, both, area)

    RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area)
    suspend(admin, both, area)

    with pytest.raises(PermissionDenied):
        suspend(both, admin, area)


@pytest.mark.django_db
def test_twice_is_refused_and_an_erased_or_merged_account_does_not_come_back(area, admin, person):
    suspend(admin, person, area)
    with pytest.raises(UnableToSuspend):
        suspend(admin, person, area)
    person.refresh_from_db()
    person.erased_at = clock.now()
    person.save()

    with pytest.raises(UnableToRestore):
        restore(admin, person, area)
    with pytest.raises(PermissionDenied):
        restore(person, person, area)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_suspend_each_other_at_once_leave_one(on_postgres, area):
    first, second = (
        RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person for _ in range(2)
    )
    together = threading.Barrier(2)

    def go(by: User, whom: User) -> None:
        together.wait()
        try:
            suspend(by, whom, area)
        except (UnableToSuspend, PermissionDenied):
            pass
        finally:
            connection.close()

    threads = [
        threading.Thread(target=go, args=pair) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.filter(pk__in=(first.pk, second.pk), is_active=True).count() == 1


# --- Every door ----------------------------------------------------------------------------------


@pytest.fixture
def suspended(area, admin, person) -> User:
    return suspend(admin, person, area)


@pytest.mark.django_db
def test_the_password_opens_nothing(suspended):
    client = Client(REMOTE_ADDR="192.0.2.10")

    answer = client.post(
        "/accounts/login/", {"login": suspended.email, "password": PASSWORD}, follow=True
    )

    assert b"You cannot sign in at the moment" in answer.content
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_session_that_was_not_in_the_list_is_out_at_the_next_request(area, admin, person):
    client = Client()
    client.force_login(person)
    UserSession.objects.filter(user=person).delete()

    suspend(admin, person, area)

    assert client.get("/my-learning/").url.startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_sign_in_that_was_half_way_does_not_arrive(area, admin, person):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    (code, *_) = RecoveryCodes.activate(person).get_unused_codes()
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    suspend(admin, person, area)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code})

    assert answer.url == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_no_link_for_a_new_password_goes_out_and_an_old_one_opens_nothing(
    area, admin, person, django_capture_on_commit_callbacks
):
    link = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    asking = Client(REMOTE_ADDR="192.0.2.10")
    asking.post("/accounts/password/reset/", {"email": person.email})
    suspend(admin, person, area)

    # What was promised before is not sent either.
    from core import outbox

    for row in Outbox.objects.filter(done_at__isnull=True):
        outbox.deliver(row.pk, at=clock.now())
    with django_capture_on_commit_callbacks(execute=True):
        asking.post("/accounts/password/reset/", {"email": person.email})

    assert [message for message in mail.outbox if "password" in message.subject.lower()] == []
    assert b"does not work any more" in Client(REMOTE_ADDR="192.0.2.10").get(link).content


@pytest.mark.django_db
def test_a_passkey_opens_nothing(suspended):
    from allauth.account.internal.flows.login import perform_login
    from allauth.account.models import Login
    from allauth.core import context
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory

    # Where a good signature leads: the flow behind the passkey, which needs no browser here.
    request = RequestFactory().post("/accounts/2fa/webauthn/login/")
    request.session = SessionStore()
    request.user = None
    with context.request_context(request):
        answer = perform_login(request, Login(user=suspended))

    assert answer.url == "/accounts/inactive/"


@pytest.mark.django_db
def test_an_invitation_is_not_accepted(suspended, area):
    from accounts.services.invitations import UnableToAccept, accept_with_service

    User.objects.filter(pk=suspended.pk).update(password="!")
    invitation = Invitation.objects.create(
        person=suspended,
        organisation=suspended.posts.get().organisation,
        kind=InvitationKind.MAIL,
        address=suspended.email,
        secret_digest="0" * 64,
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=14),
    )

    with pytest.raises(UnableToAccept):
        accept_with_service(invitation.pk, at=clock.now())

    suspended.refresh_from_db()
    assert not suspended.is_active


@pytest.mark.django_db
def test_the_demos_one_click_does_not_open(area, admin):
    from website.demo.cast import BY_KEY, ON_SIGN_IN_PAGE

    member = BY_KEY[ON_SIGN_IN_PAGE[0]]
    cast = PostFactory(
        person=UserFactory(email=member.email), organisation=OrganisationFactory(local_area=area)
    ).person
    suspend(admin, cast, area)
    client = Client(REMOTE_ADDR="192.0.2.10")

    client.post(reverse("demo-sign-in"), {"person": member.key})

    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_an_activity_that_is_open_can_send_nothing(area, admin, person):
    import uuid

    client = signed_in(person)
    suspend(admin, person, area)

    for name in ("attempt-state", "attempt-statements", "attempt-viewed"):
        path = reverse(f"courses:{name}", args=[uuid.uuid4()])
        answer = client.post(path, {}, content_type="application/json")
        assert answer.status_code == 401, name
    assert client.get(reverse("courses:attempt-status", args=[uuid.uuid4()])).status_code == 401


@pytest.mark.django_db
def test_calendars_files_and_exports_close(area, admin, person):
    client = signed_in(person)
    suspend(admin, person, area)

    for path in (
        "/my-record/download.csv",
        "/networks/anything/meetings.ics",
        "/team/export.csv",
        "/cms/",
        "/audit-log/export.csv",
    ):
        assert client.get(path).headers.get("Location", "").startswith("/accounts/login/"), path


@pytest.mark.django_db
def test_the_link_in_a_reminder_closes_and_no_reminder_is_sent(suspended):
    from cpd_tracking.preferences import reminder_token

    path = reverse("cpd_tracking:reminders", args=[reminder_token(suspended.public_id)])

    assert Client().get(path).status_code == 404
    assert Client().post(path, {"weekly_digest": "off"}).status_code == 404


@pytest.mark.django_db
def test_the_address_of_a_calendar_answers_no_more(area, admin, person):
    from cpd_tracking.feeds import feed_token
    from cpd_tracking.models import CalendarFeed

    signed_in(person).post(reverse("cpd_tracking:make_feed"))
    path = reverse("cpd_tracking:feed", args=[feed_token(CalendarFeed.objects.get())])
    assert Client().get(path).status_code == 200

    suspend(admin, person, area)

    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_moderators_who_are_suspended_get_no_mail_about_messages(area, admin, person, today):
    from networks.enums import MembershipRole, MessageStatus
    from networks.models import Message, Thread
    from networks.notices import tell_moderators
    from tests.factories.networks import join, make_network

    network = make_network(area, name="Circle")
    author = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    join(network, author)
    join(network, person, role=MembershipRole.LEAD)
    now = clock.now()
    thread = Thread.objects.create(
        network=network, title="Hello", started_by=author, started_at=now, last_message_at=now
    )
    message = Message.objects.create(
        thread=thread, author=author, status=MessageStatus.HELD, written_at=now
    )
    tell_moderators({"message_id": message.pk})
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    mail.outbox.clear()

    suspend(admin, person, area)
    tell_moderators({"message_id": message.pk})

    assert mail.outbox == []


# --- The screens ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_finds_suspends_and_restores_on_screen(area, admin, person, sign_in):
    client = sign_in(admin)
    found = client.get("/people/sign-in/", {"q": person.family_name}).content.decode()
    assert person.get_full_name() in found
    path = reverse("accounts:suspend-person", args=[person.public_id])
    assert path in found

    wrong = client.post(path, {"reason": ""})
    assert b"Say why in a few words" in wrong.content
    assert client.post(path, {"reason": "Left in anger"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    back = reverse("accounts:restore-person", args=[person.public_id])
    assert client.get(path).url == back
    assert client.post(back, {"reason": "A mistake"}).status_code == 302
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.django_db
def test_others_do_not_find_the_screens_and_strangers_are_not_there(
    area, other_area, admin, person, sign_in
):
    stranger = PostFactory(organisation=OrganisationFactory(local_area=other_area)).person
    for name in ("suspend-person", "restore-person", "reset-second-step", "forget-password"):
        path = reverse(f"accounts:{name}", args=[person.public_id])
        assert sign_in(person).get(path).status_code == 403
        lead = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
        assert sign_in(lead).post(path, {"reason": "x"}).status_code == 403
        hidden = reverse(f"accounts:{name}", args=[stranger.public_id])
        assert sign_in(admin).get(hidden).status_code == 404
    assert stranger.family_name not in (
        sign_in(admin).get("/people/sign-in/", {"q": stranger.family_name}).content.decode()
    ).replace(f'value="{stranger.family_name}"', "")
    assert sign_in(person).get("/people/sign-in/").status_code == 403


@pytest.mark.django_db
def test_a_childs_number_is_not_taken_as_a_reason(area, admin, person, sign_in):
    path = reverse("accounts:suspend-person", args=[person.public_id])

    answer = sign_in(admin).post(path, {"reason": "About pupil A123456789012 again"})
    held = sign_in(admin).post(path, {"reason": "NHS 943 476 5919"})

    assert b"Take the number" in held.content or b"Take the number" in answer.content
    person.refresh_from_db()
    assert person.is_active


@pytest.mark.django_db
def test_the_list_of_found_people_takes_the_same_queries_for_one_and_for_many(
    area, admin, sign_in, django_assert_num_queries
):
    from django.test.utils import CaptureQueriesContext

    school = OrganisationFactory(local_area=area)
    PostFactory(organisation=school, person=UserFactory(family_name="Zephyr"))
    client = sign_in(admin)
    client.get("/people/sign-in/", {"q": "Zephyr"})

    with CaptureQueriesContext(connection) as one:
        client.get("/people/sign-in/", {"q": "Zephyr"})
    for _ in range(29):
        PostFactory(organisation=school, person=UserFactory(family_name="Zephyr"))
    with CaptureQueriesContext(connection) as many:
        client.get("/people/sign-in/", {"q": "Zephyr"})

    assert len(many) == len(one)
