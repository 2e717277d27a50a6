"""What an employer shares with who oversees it: decided, shown, withdrawn, by its lead only."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from accounts.enums import OrganisationKind, OrganisationStatus, Role
from accounts.models import AuditEvent, Post, SharingDecision
from accounts.services.sharing import (
    UnableToShare,
    UnableToWithdrawSharing,
    possible_overseers,
    record_sharing,
    withdraw_sharing,
)
from core import clock
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory
from tests.factories.sharing import decide

pytestmark = pytest.mark.django_db
YEAR = dt.timedelta(days=365)


@pytest.fixture
def trust(area):
    return OrganisationFactory(
        local_area=area, name="Merrow Learning Trust", kind=OrganisationKind.TRUST, urn=None
    )


@pytest.fixture
def school(area, trust):
    return OrganisationFactory(local_area=area, name="Otterford", trust=trust)


@pytest.fixture
def lead(area, school):
    return RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person


@pytest.fixture
def overseer(area, trust):
    return RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=trust).person


def share(by, school, trust, **fields):
    today = clock.today()
    return record_sharing(
        **{
            "by": by,
            "employer": school,
            "overseer": trust,
            "purpose": "Planning training",
            "starts_on": today,
            "ends_on": today + YEAR,
            "at": clock.now(),
        }
        | fields
    )


def answers(trust, **fields):
    today = clock.today()
    last = today + YEAR
    return {
        "overseer": trust.pk,
        "purpose": "Planning training",
        "starts_on_0": today.day,
        "starts_on_1": today.month,
        "starts_on_2": today.year,
        "ends_on_0": last.day,
        "ends_on_1": last.month,
        "ends_on_2": last.year,
    } | fields


def test_the_lead_decides_and_the_trust_reads_names_until_it_is_withdrawn(
    school, trust, lead, overseer, sign_in
):
    post = PostFactory(organisation=school)
    PostFactory.create_batch(5, organisation=school)
    theirs, ours = sign_in(overseer), sign_in(lead)
    shown = reverse("accounts:organisation", args=[school.pk])
    name = post.person.get_full_name()
    assert name not in theirs.get("/team/").content.decode()

    ours.post(reverse("accounts:sharing-add", args=[school.pk]), answers(trust))

    decision = SharingDecision.objects.get()
    assert (decision.recorded_by, decision.purpose) == (lead, "Planning training")
    assert name in theirs.get("/team/").content.decode()
    assert "Where everyone’s training stands" in theirs.get(shown).content.decode()
    assert "Planning training" in theirs.get(shown).content.decode()
    withdraw = reverse("accounts:sharing-withdraw", args=[school.pk, decision.pk])
    assert "numbers only" in ours.get(withdraw).content.decode()
    ours.post(withdraw)
    assert name not in theirs.get("/team/").content.decode()
    assert "Where everyone’s training stands" not in theirs.get(shown).content.decode()
    person = reverse("cpd_tracking:person", args=[post.person.public_id])
    assert theirs.get(person).status_code == 404
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"sharing.decided", "sharing.withdrawn"} <= verbs


@pytest.mark.parametrize(
    "who", ["overseer", "administrator of the area", "sibling's lead", "teacher"]
)
def test_nobody_decides_for_an_employer_but_its_own_lead(
    area, school, trust, overseer, sign_in, who
):
    sibling = OrganisationFactory(local_area=area, trust=trust)
    person = {
        "overseer": lambda: overseer,
        "administrator of the area": lambda: (
            RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
        ),
        "sibling's lead": lambda: (
            RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=sibling).person
        ),
        "teacher": lambda: PostFactory(organisation=school).person,
    }[who]()

    response = sign_in(person).post(
        reverse("accounts:sharing-add", args=[school.pk]), answers(trust)
    )

    assert response.status_code == 403
    with pytest.raises(PermissionDenied):
        share(person, school, trust)
    decision = decide(school, trust, by=overseer)
    with pytest.raises(PermissionDenied):
        withdraw_sharing(by=person, decision=decision, at=clock.now())


def test_a_team_decides_nothing_apart_from_its_employer(area, trust):
    council = OrganisationFactory(local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY, urn=None)
    team = OrganisationFactory(
        local_area=area, kind=OrganisationKind.LA_TEAM, urn=None, parent=council
    )
    manager = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=team).person
    head = RoleGrantFactory(role=Role.TEAM_MANAGER, local_area=area, organisation=council).person

    with pytest.raises(PermissionDenied):
        share(manager, team, trust)
    assert share(head, council, trust).employer == council


def test_only_who_may_oversee_is_offered(area, other_area, school, trust):
    council = OrganisationFactory(local_area=area, kind=OrganisationKind.LOCAL_AUTHORITY, urn=None)
    OrganisationFactory(local_area=area)
    OrganisationFactory(local_area=area, kind=OrganisationKind.GOVERNING_BOARD, urn=None)
    OrganisationFactory(local_area=other_area, kind=OrganisationKind.TRUST, urn=None)
    OrganisationFactory(
        local_area=area,
        kind=OrganisationKind.TRUST,
        urn=None,
        status=OrganisationStatus.CLOSED,
    )

    assert set(possible_overseers(school)) == {trust, council}
    assert set(possible_overseers(council)) == {trust}


def test_a_decision_that_cannot_be_is_refused_in_words(area, school, trust, lead):
    today = clock.today()
    sibling = OrganisationFactory(local_area=area)
    for fields, words in (
        ({"overseer": sibling}, "Choose a trust"),
        ({"overseer": school}, "Choose a trust"),
        ({"purpose": "  "}, "Say what for"),
        ({"starts_on": today - dt.timedelta(days=1)}, "today or later"),
        ({"ends_on": today - dt.timedelta(days=1)}, "before the first"),
        ({"ends_on": today + 4 * YEAR}, "3 years at most"),
    ):
        with pytest.raises(UnableToShare, match=words):
            share(lead, school, trust, **fields)
    decision = share(lead, school, trust)
    with pytest.raises(UnableToShare, match="already"):
        share(lead, school, trust)
    withdraw_sharing(by=lead, decision=decision, at=clock.now())
    with pytest.raises(UnableToWithdrawSharing):
        withdraw_sharing(by=lead, decision=decision, at=clock.now())
    share(lead, school, trust)


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose": ""},
        {"ends_on_0": "31", "ends_on_1": "2"},
        {"ends_on_2": ""},
        {"overseer": "999999"},
        {"purpose": "x" * 301},
    ],
)
def test_a_wrong_answer_records_nothing(school, trust, lead, sign_in, fields):
    response = sign_in(lead).post(
        reverse("accounts:sharing-add", args=[school.pk]), answers(trust, **fields)
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not SharingDecision.objects.exists()


def test_a_decision_of_another_employer_is_not_withdrawn_through_this_one(
    area, school, trust, lead, sign_in
):
    other = OrganisationFactory(local_area=area, trust=trust)
    decision = decide(other, trust, by=lead)
    path = reverse("accounts:sharing-withdraw", args=[school.pk, decision.pk])

    assert sign_in(lead).post(path).status_code == 404


def test_asking_withdraws_nothing(school, trust, lead, sign_in):
    decision = decide(school, trust, by=lead)

    sign_in(lead).get(reverse("accounts:sharing-withdraw", args=[school.pk, decision.pk]))

    decision.refresh_from_db()
    assert decision.withdrawn_at is None


def test_what_is_shared_is_no_news_for_others(area, school, trust, lead, sign_in):
    decide(school, trust, by=lead)
    colleague = PostFactory(organisation=OrganisationFactory(local_area=area)).person

    body = sign_in(colleague).get(reverse("accounts:organisation", args=[school.pk]))

    assert "Planning training" not in body.content.decode()


def test_a_conversion_ends_what_the_old_employer_shared(area, school, trust, lead, overseer):
    """The academy has a new employer, which decides anew."""
    from accounts.services.conversions import convert

    post = PostFactory(organisation=school)
    decide(school, trust, by=lead)
    school.status = OrganisationStatus.CLOSED
    school.save()
    academy = OrganisationFactory(local_area=area, trust=trust)
    convert(by=None, predecessor_id=school.pk, successor_id=academy.pk, at=clock.now())

    assert not Post.objects.visible_to(overseer, clock.today()).filter(pk=post.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_record_one_decision(on_postgres, area):
    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST, urn=None)
    school = OrganisationFactory(local_area=area, trust=trust)
    lead = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person
    start = threading.Barrier(2)

    def attempt() -> None:
        try:
            start.wait()
            share(lead, school, trust)
        except UnableToShare:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert SharingDecision.objects.count() == 1


@pytest.mark.browser
def test_deciding_and_withdrawing_work_on_both_sizes(
    browse, accessible, screen, school, trust, lead
):
    PostFactory(organisation=school)
    window = browse(lead, screen)
    window.goto(f"/organisations/{school.pk}/")
    window.get_by_role("link", name="Share names").click()
    accessible(window)
    window.get_by_label("What for").fill("Planning training across the trust’s schools")
    last = clock.today() + YEAR
    boxes = window.get_by_role("group", name="Last day")
    for label, value in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
        boxes.get_by_label(label).fill(str(value))
    window.get_by_role("button", name="Record the decision").click()
    assert window.get_by_text("With Merrow Learning Trust", exact=True).is_visible()
    accessible(window)
    window.get_by_role("link", name="Withdraw").click()
    window.get_by_role("button", name="Stop sharing").click()
    assert window.get_by_text("Withdrawn", exact=True).is_visible()


def test_who_stands_in_for_the_lead_does_not_decide_for_the_employer(area, school, trust, lead):
    source = lead.role_grants.get()
    stand_in = RoleGrantFactory(
        role=Role.SETTING_LEAD,
        local_area=area,
        organisation=school,
        delegated_from=source,
        ends_on=clock.today() + dt.timedelta(days=14),
    ).person

    with pytest.raises(PermissionDenied):
        share(stand_in, school, trust)
    assert share(lead, school, trust).pk
