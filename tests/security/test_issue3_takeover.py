"""Nobody comes into an account that opens more than they may give, nor into a stranger's record."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied

from accounts import sign_in_mail
from accounts.enums import ImportMode, InvitationKind, JobRole, Role
from accounts.models import Invitation, Post, RoleProposal, User
from accounts.services.claim_cards import make_cards
from accounts.services.invitations import (
    UnableToAccept,
    accept_with_password,
    invite_people,
    withdraw_invitation,
)
from accounts.services.people import NewPerson, add_person, correct_person
from accounts.staffing.committing import commit_import
from accounts.staffing.drafting import draft_import
from accounts.staffing.undoing import undo_import
from core import clock, outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ATTACKER, VICTIM = "attacker@mail.example", "victim@otterford.example"
PASSWORD = "correct horse battery staple"
DAY = dt.timedelta(days=1)


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def lead(area, school):
    grant = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school)
    PostFactory(person=grant.person, organisation=school, job_role=JobRole.HEADTEACHER)
    return grant.person


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person


@pytest.fixture
def import_list(area, school):
    """Return a function that imports a list of the school's staff."""

    def _import(by, text, mode=ImportMode.CHANGES):
        drafted = draft_import(
            by=by, local_area=area, organisation=school, mode=mode, content=text,
            source_name="staff.csv", at=clock.now(),
        )  # fmt: skip
        return commit_import(by=by, staff_import=drafted, at=clock.now())

    return _import


def rows(*lines: str) -> str:
    return "\n".join(
        ["Given name,Family name,Email,Staff number,Job title,Start date,End date", *lines]
    )


# --- An account that opens more than one may give -------------------------------------------------


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DPO, Role.AUDITOR, Role.TRAINING_ADMIN])
@pytest.mark.parametrize("begins_in", [-1, 10])
def test_a_lead_cannot_readdress_an_account_with_a_higher_role_that_nobody_has_used(
    lead, school, area, role, begins_in
):
    person = PostFactory(organisation=school, person__email=VICTIM).person
    starts_on = clock.today() + begins_in * DAY
    RoleGrantFactory(person=person, role=role, local_area=area, starts_on=starts_on)

    with pytest.raises(PermissionDenied):
        correct_person(by=lead, person=person, who=NewPerson("A", "B", ATTACKER), at=clock.now())

    person.refresh_from_db()
    assert person.email == VICTIM


def test_a_training_administrator_cannot_readdress_a_system_administrator(admin, area, school):
    person = PostFactory(organisation=school, person__email=VICTIM).person
    RoleGrantFactory(person=person, role=Role.SYSTEM_ADMIN, local_area=area)

    with pytest.raises(PermissionDenied):
        correct_person(by=admin, person=person, who=NewPerson("A", "B", ATTACKER), at=clock.now())


def test_nobody_readdresses_whoever_is_proposed_as_a_system_administrator(admin, area, school):
    person = PostFactory(organisation=school, person__email=VICTIM).person
    RoleProposal.objects.create(
        person=person, local_area=area, role=Role.SYSTEM_ADMIN, starts_on=clock.today(),
        proposed_at=clock.now(), proposed_by=UserFactory(),
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        correct_person(by=admin, person=person, who=NewPerson("A", "B", ATTACKER), at=clock.now())


def test_a_lead_still_corrects_another_lead_they_could_have_made(lead, area, school):
    person = PostFactory(organisation=school, person__email="wrong@otterford.example").person
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)

    correct_person(by=lead, person=person, who=NewPerson("A", "B", VICTIM), at=clock.now())

    person.refresh_from_db()
    assert person.email == VICTIM


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.DPO])
def test_a_card_is_printed_for_no_account_with_a_higher_role(lead, school, area, role):
    person = PostFactory(organisation=school, person__email=None, person__is_active=False).person
    RoleGrantFactory(person=person, role=role, local_area=area)

    made = make_cards(by=lead, person_ids=[person.pk], organisation=school, at=clock.now())

    assert (made.cards, made.with_higher_roles) == ([], 1)
    assert not Invitation.objects.filter(person=person, kind=InvitationKind.CARD).exists()


@pytest.mark.parametrize("begins_in", [-1, 10])
def test_a_list_readdresses_no_account_with_a_role_over_the_area(
    lead, school, area, import_list, begins_in
):
    post = PostFactory(
        organisation=school, person__email=VICTIM, person__given_name="Ann",
        person__family_name="Lee", staff_number="7", job_role=JobRole.TEACHER,
    )  # fmt: skip
    starts_on = clock.today() + begins_in * DAY
    RoleGrantFactory(person=post.person, role=Role.DPO, local_area=area, starts_on=starts_on)

    import_list(lead, rows(f"Ann,Lee,{ATTACKER},7,Teacher,01/09/2025,"))

    post.person.refresh_from_db()
    assert post.person.email == VICTIM


# --- A stranger's record --------------------------------------------------------------------------


def test_the_next_employer_cannot_take_a_leavers_account_that_was_never_used(
    lead, school, area, admin
):
    """What the first employer recorded is not for whoever adds the address next."""
    elsewhere = OrganisationFactory(local_area=area)
    person = PostFactory(
        organisation=elsewhere, person__email=VICTIM, ends_on=clock.today() - 30 * DAY
    ).person
    add_person(
        by=lead, organisation=school, who=NewPerson("X", "Y", VICTIM), token=uuid.uuid4(),
        job_role=JobRole.TEACHER, starts_on=clock.today(), at=clock.now(), is_same_person=True,
    )  # fmt: skip

    with pytest.raises(PermissionDenied):
        correct_person(by=lead, person=person, who=NewPerson("X", "Y", ATTACKER), at=clock.now())

    # Who answers for both places still can.
    correct_person(
        by=admin, person=person, who=NewPerson("X", "Y", "right@otterford.example"), at=clock.now()
    )


def test_a_list_of_the_next_employer_does_not_readdress_a_leaver_either(
    lead, school, area, import_list
):
    elsewhere = OrganisationFactory(local_area=area)
    person = PostFactory(
        organisation=elsewhere, person__email=VICTIM, person__given_name="Ann",
        person__family_name="Lee", ends_on=clock.today() - 30 * DAY,
    ).person  # fmt: skip
    PostFactory(person=person, organisation=school, staff_number="7", job_role=JobRole.TEACHER)

    import_list(lead, rows(f"Ann,Lee,{ATTACKER},7,Teacher,01/09/2025,"))

    person.refresh_from_db()
    assert person.email == VICTIM


def test_undoing_a_list_gives_nobody_back_the_address_of_an_account_in_use(
    lead, school, import_list, area
):
    """An earlier address is a way to a new password: the sign-in since stands."""
    post = PostFactory(
        organisation=school, person__email=ATTACKER, person__given_name="Ann",
        person__family_name="Lee", staff_number="7", job_role=JobRole.TEACHER,
    )  # fmt: skip
    done = import_list(lead, rows(f"Ann,Lee,{VICTIM},7,Teacher,01/09/2025,"))
    person = User.objects.get(pk=post.person_id)
    assert person.email == VICTIM
    invite_people(by=lead, person_ids=[person.pk], organisation=school, at=clock.now())
    accept_with_password(
        invitation_pk=Invitation.objects.get(person=person).pk, password=PASSWORD, at=clock.now()
    )

    undone = undo_import(by=lead, staff_import=done, at=clock.now())

    person.refresh_from_db()
    assert person.email == VICTIM
    assert undone.left_people == [person.pk]


def test_undoing_a_list_gives_nobody_back_the_address_of_whoever_has_a_higher_role_by_now(
    lead, school, import_list, area
):
    post = PostFactory(
        organisation=school, person__email=ATTACKER, person__given_name="Ann",
        person__family_name="Lee", staff_number="7", job_role=JobRole.TEACHER,
    )  # fmt: skip
    done = import_list(lead, rows(f"Ann,Lee,{VICTIM},7,Teacher,01/09/2025,"))
    RoleGrantFactory(person=post.person, role=Role.DPO, local_area=area)

    undo_import(by=lead, staff_import=done, at=clock.now())

    post.person.refresh_from_db()
    assert post.person.email == VICTIM


def test_whoever_gets_a_post_from_a_list_of_another_employer_is_told(
    lead, school, area, import_list, django_capture_on_commit_callbacks
):
    """As where one is added by hand: an employer comes to see the name behind an address."""
    person = PostFactory(organisation__local_area=area, person__email=VICTIM).person

    with django_capture_on_commit_callbacks(execute=True):
        import_list(lead, rows(f"Ann,Lee,{VICTIM},7,Teacher,01/09/2025,"))
    outbox.sweep(at=clock.now())

    assert person.posts.filter(organisation=school).exists()
    assert [sent.to for sent in mail.outbox] == [[VICTIM]]
    assert school.name in mail.outbox[0].subject


# --- Mail that waits ------------------------------------------------------------------------------


def test_a_new_password_asked_for_at_an_old_address_goes_nowhere(area, client):
    """The mail waits in the outbox while the address is put right or handed over."""
    person = UserFactory(email="old@employer.example")
    person.set_password(PASSWORD)
    person.save()
    client.post("/accounts/password/reset/", {"email": "old@employer.example"})
    User.objects.filter(pk=person.pk).update(email=VICTIM)
    EmailAddress.objects.filter(user=person).delete()

    outbox.sweep(at=clock.now())

    assert mail.outbox == []


def test_a_new_password_goes_to_the_address_that_is_kept_not_to_one_that_looks_alike(area):
    """Letters that a comparison without case takes for one another (long s for s)."""
    person = UserFactory(email="ruth.moss@merrowdale.example")
    person.set_password(PASSWORD)
    person.save()

    sign_in_mail.promise_password_reset(
        address="ruth.mo\u017fs@merrowdale.example",
        people=[person.pk],
        site="http://localhost",
        at=clock.now(),
    )
    outbox.sweep(at=clock.now())

    assert all(sent.to == [person.email] for sent in mail.outbox)


def test_a_withdrawn_invitation_is_not_replaced_by_asking_for_a_new_password(client, lead, school):
    """The address was mistyped, the invitation withdrawn: the stranger's mailbox opens nothing."""
    person = PostFactory(organisation=school, person__email="stranger@mail.example").person
    invite_people(by=lead, person_ids=[person.pk], organisation=school, at=clock.now())
    withdraw_invitation(by=lead, invitation=person.invitations.get(), at=clock.now())

    client.post("/accounts/password/reset/", {"email": "stranger@mail.example"})
    outbox.sweep(at=clock.now())

    assert mail.outbox == []


def test_whoever_signs_in_by_a_proved_address_alone_may_choose_a_password(area, client):
    """As a leaver whose employer's directory signs in no more."""
    person = UserFactory(email="tom@gmail.com")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)

    client.post("/accounts/password/reset/", {"email": "Tom@gmail.com"})
    outbox.sweep(at=clock.now())

    assert [sent.to for sent in mail.outbox] == [["tom@gmail.com"]]


# --- What held ------------------------------------------------------------------------------------


def test_an_invitation_withdrawn_between_link_and_password_opens_nothing(lead, school):
    person = PostFactory(organisation=school).person
    invite_people(by=lead, person_ids=[person.pk], organisation=school, at=clock.now())
    invitation = Invitation.objects.get(person=person)
    Post.objects.filter(person=person).update(ends_on=clock.today() - DAY)

    with pytest.raises(UnableToAccept):
        accept_with_password(invitation_pk=invitation.pk, password=PASSWORD, at=clock.now())
