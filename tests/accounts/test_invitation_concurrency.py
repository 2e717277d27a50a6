"""Invitations and merges at once, on PostgreSQL, in threads of their own."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.enums import InvitationKind, Role
from accounts.invitation_secrets import new_nonce, token_digest, token_of
from accounts.models import AccountMerge, Invitation, User
from accounts.services.claim_cards import make_cards
from accounts.services.invitations import (
    UnableToAccept,
    accept_with_password,
    invite_people,
    withdraw_invitation,
)
from accounts.services.merges import UnableToMerge, UnableToUndoMerge, merge_accounts, undo_merge
from core import clock
from core.models import Outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("on_postgres"),
]


def at_once(*work: Callable[[], object]) -> tuple[list[object], list[BaseException]]:
    """Do each in a thread and transaction of its own, all starting together."""
    start = threading.Barrier(len(work))
    results: list[object] = []
    errors: list[BaseException] = []

    def run(item: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            results.append(item())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(item,)) for item in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results, errors


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area)


@pytest.fixture
def lead(area, school):
    person = PostFactory(organisation=school).person
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


def newcomers(school, number: int, **fields) -> list[User]:
    return [
        PostFactory(organisation=school, person=UserFactory(is_active=False, **fields)).person
        for _ in range(number)
    ]


@pytest.fixture
def invitation(school):
    (person,) = newcomers(school, 1)
    return Invitation.objects.create(
        person=person,
        organisation=school,
        kind=InvitationKind.MAIL,
        address=person.email,
        secret_digest=token_digest(token_of(new_nonce())),
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=14),
    )


def test_of_eight_who_accept_at_once_one_comes_in(invitation):
    def accept(number: int) -> Callable[[], object]:
        password = f"the words of number {number}"
        return lambda: (
            accept_with_password(invitation_pk=invitation.pk, password=password, at=clock.now())
            and password
        )

    results, errors = at_once(*(accept(number) for number in range(8)))

    assert len(results) == 1
    assert len(errors) == 7 and all(isinstance(error, UnableToAccept) for error in errors)
    person = User.objects.get(pk=invitation.person_id)
    assert person.check_password(str(results[0]))


def test_accepting_and_withdrawing_at_once_is_one_or_the_other(lead, invitation):
    results, errors = at_once(
        lambda: accept_with_password(
            invitation_pk=invitation.pk, password="correct horse battery", at=clock.now()
        ),
        lambda: withdraw_invitation(by=lead, invitation=invitation, at=clock.now()),
    )

    assert all(isinstance(error, UnableToAccept) for error in errors)
    invitation.refresh_from_db()
    person = User.objects.get(pk=invitation.person_id)
    assert (invitation.accepted_at is None) is (invitation.withdrawn_at is not None)
    assert person.is_active is (invitation.accepted_at is not None)
    assert results


def test_two_leads_who_invite_the_same_people_at_once_send_one_mail_each(area, school, lead):
    other = PostFactory(organisation=school).person
    RoleGrantFactory(person=other, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    people = [person.pk for person in newcomers(school, 20)]
    at = clock.now()

    results, errors = at_once(
        lambda: invite_people(by=lead, person_ids=people, organisation=school, at=at),
        lambda: invite_people(by=other, person_ids=people[::-1], organisation=school, at=at),
        lambda: invite_people(by=lead, person_ids=people[5:], organisation=school, at=at),
    )

    assert errors == []
    assert sum(result.sent for result in results) == 20
    assert Invitation.objects.open(at).count() == 20
    assert Outbox.objects.filter(kind="accounts.invitation").count() == 20


def test_people_of_one_name_carded_at_two_settings_at_once_get_different_names(area, school, lead):
    other_school = OrganisationFactory(local_area=area)
    other = RoleGrantFactory(
        role=Role.SETTING_LEAD, local_area=area, organisation=other_school
    ).person
    alike = {"given_name": "Tom", "family_name": "Akinwale", "email": None}
    here = [person.pk for person in newcomers(school, 6, **alike)]
    there = [person.pk for person in newcomers(other_school, 6, **alike)]

    results, errors = at_once(
        lambda: make_cards(by=lead, person_ids=here, organisation=school, at=clock.now()),
        lambda: make_cards(by=other, person_ids=there, organisation=other_school, at=clock.now()),
    )

    assert errors == []
    assert sum(len(result.cards) for result in results) == 12
    names = list(User.objects.filter(pk__in=here + there).values_list("sign_in_name", flat=True))
    assert len(set(names)) == 12 and None not in names


@pytest.fixture
def administrators(area):
    return [RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person for _ in range(2)]


@pytest.mark.parametrize("crossed", [True, False], ids=["each into the other", "the same twice"])
def test_of_two_merges_at_once_one_is_done(area, school, administrators, crossed):
    first, second = (PostFactory(organisation=school).person for _ in range(2))
    pairs = [(first, second), (second, first) if crossed else (first, second)]

    results, errors = at_once(
        *(
            lambda by=by, pair=pair: merge_accounts(
                by=by, kept=pair[0], merged=pair[1], local_area=area, at=clock.now()
            )
            for by, pair in zip(administrators, pairs, strict=True)
        )
    )

    assert len(results) == 1
    assert [type(error) for error in errors] == [UnableToMerge]
    merge = AccountMerge.objects.get()
    assert User.objects.filter(merged_into__isnull=False).get() == merge.merged
    assert merge.kept.posts.count() == 2


def test_of_two_who_undo_at_once_one_does(area, school, administrators):
    first, second = (PostFactory(organisation=school).person for _ in range(2))
    merge = merge_accounts(
        by=administrators[0], kept=first, merged=second, local_area=area, at=clock.now()
    )

    results, errors = at_once(
        *(lambda by=by: undo_merge(by=by, merge=merge, at=clock.now()) for by in administrators)
    )

    assert results == [[]]
    assert [type(error) for error in errors] == [UnableToUndoMerge]


def test_accepting_while_being_merged_away_opens_no_second_account(
    area, school, administrators, invitation
):
    kept = PostFactory(organisation=school).person

    at_once(
        lambda: accept_with_password(
            invitation_pk=invitation.pk, password="correct horse battery", at=clock.now()
        ),
        lambda: merge_accounts(
            by=administrators[0],
            kept=kept,
            merged=invitation.person,
            local_area=area,
            at=clock.now(),
        ),
    )

    merged = User.objects.get(pk=invitation.person_id)
    assert merged.merged_into == kept
    assert not merged.is_active
