"""The second step: who must have one, what they reach without, and what cannot be taken away."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import second_step
from accounts.enums import OrganisationKind, Role
from accounts.models import AuditEvent
from accounts.services import sign_in as services
from core import clock
from core.models import Outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _enforced(settings):
    settings.SECOND_STEP_ENFORCED = True


@pytest.fixture
def lead(area):
    """A head with a password, who must have a second step and has none."""
    from allauth.account.models import EmailAddress

    school = OrganisationFactory(local_area=area)
    person = PostFactory(organisation=school).person
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


def give_app(person) -> None:
    """Give the person an authenticator app with a known secret, the way allauth stores it."""
    TOTP.activate(person, SECRET)


def code_now(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(clock.now().timestamp()) // 30 + steps))


def sign_in_by_password(person, address: str = "192.0.2.10") -> Client:
    client = Client(REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


# --- Who must ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "must"),
    [
        (Role.SYSTEM_ADMIN, True),
        (Role.TRAINING_ADMIN, True),
        (Role.SETTING_LEAD, True),
        (Role.TEAM_MANAGER, True),
        (Role.REVIEWER, False),
        (Role.BOARD_CLERK, False),
    ],
)
def test_administrators_and_managers_must_by_default_and_others_need_not(area, today, role, must):
    grant = RoleGrantFactory(role=role, local_area=area)

    assert second_step.must_have(grant.person, today) is must


def test_an_area_chooses_its_roles(area, today):
    area.second_step_roles = [Role.REVIEWER]
    area.save()
    reviewer = RoleGrantFactory(role=Role.REVIEWER, local_area=area).person
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person

    assert second_step.must_have(reviewer, today)
    assert not second_step.must_have(admin, today)


def test_a_role_that_has_ended_asks_for_nothing(area, today):
    grant = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area)
    grant.ends_on = today - dt.timedelta(days=1)
    grant.save()

    assert not second_step.must_have(grant.person, today)


def test_an_employer_may_ask_everyone_with_a_post_there_or_in_a_team_below(area, today):
    authority = OrganisationFactory(
        local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY, demands_second_step=True
    )
    service = OrganisationFactory(local_area=area, parent=authority)
    team = OrganisationFactory(local_area=area, parent=service)
    elsewhere = OrganisationFactory(local_area=area)

    assert second_step.must_have(PostFactory(organisation=authority).person, today)
    assert second_step.must_have(PostFactory(organisation=team).person, today)
    assert not second_step.must_have(PostFactory(organisation=elsewhere).person, today)
    former = PostFactory(organisation=team, ends_on=today - dt.timedelta(days=1))
    assert not second_step.must_have(former.person, today)


def test_a_break_glass_account_must(today):
    assert second_step.must_have(UserFactory(is_superuser=True), today)


# --- What they reach without ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/my-learning/", "/team/", "/cms/", "/accounts/email/"])
def test_whoever_must_and_has_none_is_led_to_the_set_up_page(lead, sign_in, path):
    response = sign_in(lead).get(path)

    assert response.status_code == 302
    assert response.url.startswith("/second-step/?next=")


@pytest.mark.parametrize(
    "path", ["/second-step/", "/accounts/2fa/", "/accounts/logout/", "/accounts/password/change/"]
)
def test_the_set_up_the_way_out_and_the_password_stay_open(lead, sign_in, path):
    assert sign_in(lead).get(path).status_code == 200


def test_help_stays_open(lead, sign_in):
    assert "/second-step/" not in sign_in(lead).get("/contact/").headers.get("Location", "")


def test_a_fragment_and_an_activity_are_told_in_words_they_understand(lead, sign_in):
    client = sign_in(lead)

    fragment = client.get("/team/", headers={"HX-Request": "true"})
    activity = client.post("/team/nudge/", {}, content_type="application/json")

    assert fragment.headers["HX-Redirect"] == "/second-step/"
    assert activity.status_code == 403
    assert activity.json()["error"] == "second-step"


def test_a_post_without_a_second_step_changes_nothing(lead, sign_in):
    response = sign_in(lead).post("/team/nudge/", {"person": str(lead.public_id)})

    assert response.status_code == 302
    assert response.url == "/second-step/"


def test_whoever_need_not_is_left_alone(area, sign_in):
    learner = PostFactory(organisation=OrganisationFactory(local_area=area)).person

    assert sign_in(learner).get("/my-learning/").status_code == 200


def test_the_page_says_that_no_phone_is_needed_and_puts_the_passkey_first(lead, sign_in):
    words = sign_in(lead).get("/second-step/").content.decode()

    assert "you do not need a phone of your own" in words
    assert words.index("A passkey on this computer") < words.index("An authenticator app")


def test_most_requests_ask_the_database_nothing_about_it(lead, sign_in, settings):
    def queries(client: Client) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/my-learning/").status_code == 200
        return len(asked)

    give_app(lead)
    settings.SECOND_STEP_ENFORCED = False
    client = sign_in(lead)
    queries(client)
    without = queries(client)
    settings.SECOND_STEP_ENFORCED = True
    first = queries(client)

    assert queries(client) == without
    assert first > without


def test_a_new_role_is_noticed_within_a_minute(area, sign_in):
    person = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    client = sign_in(person)
    assert client.get("/my-learning/").status_code == 200

    RoleGrantFactory(person=person, role=Role.TRAINING_ADMIN, local_area=area)

    with time_machine.travel(clock.now() + dt.timedelta(seconds=61)):
        assert client.get("/my-learning/").url.startswith("/second-step/")


# --- Setting one up ------------------------------------------------------------------------------


def test_setting_up_an_app_shows_codes_once_and_leads_where_they_were_going(lead):
    client = sign_in_by_password(lead)
    assert client.get("/my-learning/").url == "/second-step/?next=%2Fmy-learning%2F"
    client.get("/second-step/?next=/my-learning/")
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))

    done = client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert done.url == "/accounts/2fa/recovery-codes/"
    shown = client.get(done.url).content.decode()
    codes = RecoveryCodes(
        Authenticator.objects.get(user=lead, type=Authenticator.Type.RECOVERY_CODES)
    ).get_unused_codes()
    assert len(codes) == 10
    assert all(code in shown for code in codes)
    assert 'download="recovery-codes.txt"' in shown
    again = client.get(done.url).content.decode()
    assert not any(code in again for code in codes)
    assert client.get("/second-step/").url == "/my-learning/"
    assert client.get("/my-learning/").status_code == 200


def test_the_page_it_leads_to_is_never_another_site(lead, sign_in):
    client = sign_in(lead)
    client.get("/second-step/?next=//evil.example/")
    give_app(lead)

    assert client.get("/second-step/").url == "/"


def test_the_secret_of_an_app_is_not_readable_in_the_database(lead):
    give_app(lead)

    assert SECRET not in str(Authenticator.objects.get(user=lead).data)
    assert TOTP(Authenticator.objects.get(user=lead)).validate_code(code_now())


def test_a_new_key_of_the_installation_reads_what_the_old_one_wrote(lead, settings):
    give_app(lead)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]
    assert TOTP(Authenticator.objects.get(user=lead)).validate_code(code_now())

    settings.SECRET_KEY_FALLBACKS = []
    assert not TOTP(Authenticator.objects.get(user=lead)).validate_code(code_now())


def test_signing_in_asks_for_the_second_step_and_a_recovery_code_works_once(lead):
    give_app(lead)
    codes = RecoveryCodes.activate(lead).get_unused_codes()
    client = sign_in_by_password(lead)
    assert "_auth_user_id" not in client.session

    assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert client.get("/my-learning/").status_code == 200

    second = sign_in_by_password(lead)
    refused = second.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert refused.status_code == 200
    assert "_auth_user_id" not in second.session


# --- Guessing ------------------------------------------------------------------------------------


def test_guessing_codes_stops_and_does_not_lock_the_owner_out_where_they_are_known(lead):
    give_app(lead)
    UserSession.objects.create(
        user=lead, ip="198.51.100.7", session_key="a" * 32, user_agent="Chrome"
    )
    # A stranger with the password guesses from many addresses.
    looked_at = 0
    for address in range(1, 8):
        stranger = sign_in_by_password(lead, f"192.0.2.{address}")
        for _ in range(5):
            answer = stranger.post("/accounts/2fa/authenticate/", {"code": "000000"})
            looked_at += b"That code is not right" in answer.content
    assert looked_at == 20

    elsewhere = sign_in_by_password(lead, "203.0.113.9")
    held = elsewhere.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert b"Too many tries" in held.content

    owner = sign_in_by_password(lead, "198.51.100.7")
    assert owner.post("/accounts/2fa/authenticate/", {"code": code_now()}).status_code == 302
    assert "_auth_user_id" in owner.session


def test_five_wrong_codes_from_one_address_are_enough_there(lead):
    give_app(lead)
    client = sign_in_by_password(lead)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now()})

    assert b"Too many tries" in answer.content
    assert "_auth_user_id" not in client.session


# --- Taking one away -----------------------------------------------------------------------------


def passkey(person, name: str = "Desk") -> Authenticator:
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": name, "credential": {"clientExtensionResults": {}}},
    )


def confirmed(person) -> Client:
    """A client that has signed in just now, and so need not confirm it again."""
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.force_login(person)
    return client


def test_the_last_app_of_somebody_who_must_have_one_stays(lead):
    give_app(lead)
    client = confirmed(lead)

    page = client.get("/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")

    assert "this is your only one" in page
    assert second_step.has(lead)


def test_the_last_passkey_stays_and_one_of_two_goes(lead):
    first, second = passkey(lead), passkey(lead, "Laptop")
    client = confirmed(lead)

    client.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")
    client.post(f"/accounts/2fa/webauthn/keys/{second.pk}/remove/")

    assert list(Authenticator.objects.filter(user=lead)) == [second]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_leave_one_of_the_last_two(on_postgres, lead):
    two = passkey(lead), passkey(lead, "Laptop")
    together = threading.Barrier(2)

    def press(client: Client, which: Authenticator) -> None:
        together.wait()
        try:
            client.post(f"/accounts/2fa/webauthn/keys/{which.pk}/remove/")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(confirmed(lead), which)) for which in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Authenticator.objects.filter(user=lead).count() == 1


def test_whoever_need_not_have_one_may_take_their_last_away(area):
    learner = PostFactory(organisation=OrganisationFactory(local_area=area)).person
    own = passkey(learner)

    confirmed(learner).post(f"/accounts/2fa/webauthn/keys/{own.pk}/remove/")

    assert not second_step.has(learner)


def test_somebody_elses_passkey_is_not_there(lead, area):
    other = UserFactory()
    theirs = passkey(other)

    answer = confirmed(lead).post(f"/accounts/2fa/webauthn/keys/{theirs.pk}/remove/")

    assert answer.status_code in {302, 404}
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_changes_to_sign_in_ask_who_it_is_unless_they_signed_in_just_now(lead):
    give_app(lead)
    client = confirmed(lead)
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200

    with time_machine.travel(clock.now() + dt.timedelta(minutes=6)):
        assert client.get("/accounts/2fa/webauthn/add/").url.startswith("/accounts/reauthenticate/")


# --- A lost device -------------------------------------------------------------------------------


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person


def test_an_administrator_resets_a_lost_second_step_and_it_is_audited(
    lead, admin, area, django_capture_on_commit_callbacks
):
    give_app(lead)
    RecoveryCodes.activate(lead)
    client = Client(REMOTE_ADDR="192.0.2.10")
    client.force_login(lead)
    client.get("/contact/")
    session_key = client.session.session_key
    UserSession.objects.get_or_create(
        user=lead, session_key=session_key, defaults={"ip": "192.0.2.10", "user_agent": ""}
    )

    with django_capture_on_commit_callbacks(execute=True):
        services.reset_second_step(
            by=admin, person=lead, local_area=area, reason="Laptop stolen", at=clock.now()
        )

    assert not Authenticator.objects.filter(user=lead).exists()
    assert not Session.objects.filter(session_key=session_key).exists()
    event = AuditEvent.objects.get(verb="sign_in.second_step_reset")
    assert (event.actor, event.subject) == (admin.public_id, lead.public_id)
    assert event.reason == "Laptop stolen"
    assert [message.to for message in mail.outbox] == [[lead.email]]
    assert not Outbox.objects.exclude(payload={}).exists()


def test_nobody_resets_their_own_nor_anybody_elses_without_the_role(lead, admin, area, other_area):
    give_app(lead)
    give_app(admin)
    told = {"local_area": area, "reason": "Lost", "at": clock.now()}
    with pytest.raises(services.UnableToResetSecondStep):
        services.reset_second_step(by=admin, person=admin, **told)
    with pytest.raises(PermissionDenied):
        services.reset_second_step(by=lead, person=admin, **told)
    stranger = RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=other_area).person
    with pytest.raises(PermissionDenied):
        services.reset_second_step(by=stranger, person=lead, **(told | {"local_area": other_area}))

    assert Authenticator.objects.count() == 2


# --- New passwords -------------------------------------------------------------------------------


def ask_for_password(address: str) -> Client:
    client = Client(REMOTE_ADDR="192.0.2.10")
    response = client.post("/accounts/password/reset/", {"email": address})
    assert response.status_code == 302
    return client


def test_asking_for_a_new_password_sends_nothing_inline_and_writes_the_same_for_a_stranger(
    lead,
):
    with CaptureQueriesContext(connection) as known:
        ask_for_password(lead.email.upper())
    with CaptureQueriesContext(connection) as unknown:
        ask_for_password("nobody@merrowdale.example")

    assert mail.outbox == []
    rows = Outbox.objects.filter(kind="accounts.password_reset")
    assert rows.count() == 2
    assert sorted(len(row.payload["people"]) for row in rows) == [0, 1]
    assert "nobody@merrowdale.example" not in str(list(rows.values()))
    assert abs(len(known) - len(unknown)) <= 1


def test_the_link_sets_a_password_once_and_is_not_kept(lead, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_password(lead.email)
    (letter,) = mail.outbox
    link = next(line for line in letter.body.splitlines() if "/password/reset/key/" in line)
    assert Outbox.objects.get().payload == {}
    path = link.removeprefix("http://testserver")
    client = Client(REMOTE_ADDR="192.0.2.10")
    form = client.get(path).url

    for weak in ("short", "password12345678", lead.email):
        assert client.post(form, {"password1": weak, "password2": weak}).status_code == 200
    new = "three unrelated words"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302

    lead.refresh_from_db()
    assert lead.check_password(new)
    assert b"does not work any more" in Client(REMOTE_ADDR="192.0.2.11").get(path).content


@pytest.mark.parametrize(
    "weak",
    ["password12345678", "!!Waymark2026!!", "passwordpassword", "qwertyuiopas", "abababababab"],
)
def test_what_is_guessed_first_is_no_password(weak):
    with pytest.raises(ValidationError):
        validate_password(weak)


@pytest.mark.parametrize(
    "good", ["three unrelated words", "tangerine-otter-kettle", "üñîçødé täglich"]
)
def test_words_without_capitals_or_figures_are_a_password(good):
    validate_password(good)


def test_asking_again_and_again_fills_nobodys_letter_box(lead, django_capture_on_commit_callbacks):
    with time_machine.travel("2026-03-02T10:00:01Z", tick=False):
        for _ in range(8):
            with django_capture_on_commit_callbacks(execute=True):
                ask_for_password(lead.email)

    assert len(mail.outbox) == 1


def test_the_pages_say_what_a_password_must_be(lead):
    page = confirmed(lead).get("/accounts/password/change/").content

    assert b"Use 12 characters or more" in page
    assert b"No capitals, figures or signs" in page
