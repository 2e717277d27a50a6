"""Who reads people without managing them: officers, clerks, overseers by decision; the trees."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts import access
from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import Post, User
from accounts.permissions import can_manage_posts, can_view_person, can_view_post
from core import clock
from cpd_tracking.models import Nudge, Obligation
from cpd_tracking.permissions import can_adjust, can_attest
from cpd_tracking.services.nudges import nudge, nudgeable
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory
from tests.factories.cpd_tracking import build, make_rule, make_topic
from tests.factories.sharing import decide

pytestmark = pytest.mark.django_db
READERS = (Role.DSCO, Role.DCO, Role.BOARD_CLERK)


@pytest.fixture
def places(area):
    """A council with a social-care team and another team, an NHS trust with a team, a board."""
    kinds = {
        "council": (OrganisationKind.LOCAL_AUTHORITY, None),
        "social care": (OrganisationKind.SOCIAL_CARE_TEAM, "council"),
        "inclusion": (OrganisationKind.LA_TEAM, "council"),
        "nhs": (OrganisationKind.NHS_PROVIDER, None),
        "therapies": (OrganisationKind.NHS_PROVIDER, "nhs"),
        "board": (OrganisationKind.GOVERNING_BOARD, None),
        "other board": (OrganisationKind.GOVERNING_BOARD, None),
        "school": (OrganisationKind.SCHOOL, None),
    }
    made = {}
    for name, (kind, parent) in kinds.items():
        made[name] = OrganisationFactory(
            local_area=area, name=name, kind=kind, parent=made.get(parent), urn=None
        )
    return made


@pytest.fixture
def posts(places):
    """One post at each place: governors on the boards, and the clerk's own colleague there."""
    made = {
        name: PostFactory(organisation=place, job_role=JobRole.SOCIAL_WORKER)
        for name, place in places.items()
        if "board" not in name
    }
    for name in ("board", "other board"):
        made[name] = PostFactory(organisation=places[name], job_role=JobRole.LINK_GOVERNOR)
    made["board's caretaker"] = PostFactory(
        organisation=places["board"], job_role=JobRole.SCHOOL_OFFICE
    )
    return made


@pytest.mark.parametrize(
    ("role", "at", "reached"),
    [
        (Role.DSCO, None, {"social care"}),
        (Role.DSCO, "council", {"social care"}),
        (Role.DSCO, "nhs", set()),
        (Role.DCO, None, {"nhs", "therapies"}),
        (Role.DCO, "therapies", {"therapies"}),
        (Role.DCO, "council", set()),
        (Role.BOARD_CLERK, "board", {"board"}),
        (Role.BOARD_CLERK, "school", set()),
        (Role.BOARD_CLERK, None, set()),
        (Role.DPO, None, set()),
    ],
)
def test_each_reads_their_own_agency_or_board_and_nothing_else(
    area, places, posts, role, at, reached
):
    reader = RoleGrantFactory(
        role=role, local_area=area, organisation=places[at] if at else None
    ).person
    on = clock.today()

    seen = set(Post.objects.visible_to(reader, on))

    assert seen == {posts[name] for name in reached}
    for name, post in posts.items():
        assert can_view_post(reader, post, on=on) is (name in reached)
        assert can_view_person(reader, post.person, on=on) is (name in reached)


@pytest.mark.parametrize("role", READERS)
def test_whoever_only_reads_writes_nothing(area, places, posts, role):
    place = {Role.DSCO: "social care", Role.DCO: "nhs", Role.BOARD_CLERK: "board"}[role]
    reader = RoleGrantFactory(role=role, local_area=area, organisation=places[place]).person
    make_rule(area, make_topic(area), key="R1")
    on = clock.today()
    build(on)
    post = posts[place]
    duties = list(
        Obligation.objects.visible_to(reader, on).filter(learner=post.person).values_list("pk")
    )
    assert duties, "there is something to nudge about"
    everything = list(Obligation.objects.values_list("pk", flat=True))

    assert not can_manage_posts(reader, places[place], on=on)
    assert not can_attest(reader, places[place], on=on)
    assert not can_adjust(reader, post, on=on)
    assert nudgeable(by=reader, obligation_ids=everything, on=on) == []
    assert nudge(by=reader, obligation_ids=everything, at=clock.now()).obligations == 0
    assert not Nudge.objects.exists()


@pytest.mark.parametrize("role", READERS)
def test_the_grid_and_a_persons_page_open_to_readers_without_a_nudge(
    area, places, posts, role, sign_in
):
    place = {Role.DSCO: "social care", Role.DCO: "nhs", Role.BOARD_CLERK: "board"}[role]
    reader = RoleGrantFactory(role=role, local_area=area, organisation=places[place]).person
    make_rule(area, make_topic(area), key="R1")
    build(clock.today())
    client = sign_in(reader)

    grid = client.get("/team/").content.decode()
    page = client.get(reverse("cpd_tracking:person", args=[posts[place].person.public_id]))

    assert posts[place].person.family_name in grid
    assert posts["school"].person.family_name not in grid
    assert "Nudge" not in grid
    assert page.status_code == 200
    assert "Nudge" not in page.content.decode()
    assert client.get("/setting/").status_code == 403
    assert client.get("/setting/sessions/new/").status_code == 403
    assert client.get("/people/").status_code == 403
    hidden = client.get(reverse("cpd_tracking:person", args=[posts["school"].person.public_id]))
    assert hidden.status_code == 404


def test_a_reader_whose_board_is_empty_still_finds_the_room(area, places, sign_in):
    clerk = RoleGrantFactory(
        role=Role.BOARD_CLERK, local_area=area, organisation=places["board"]
    ).person

    assert sign_in(clerk).get("/team/").status_code == 200


@pytest.fixture
def trust(area):
    """A trust with two academies, its lead, and the leads of the academies."""
    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST, urn=None)
    one, two = OrganisationFactory.create_batch(2, local_area=area, trust=trust)
    return {
        "trust": trust,
        "one": one,
        "two": two,
        "lead": RoleGrantFactory(
            role=Role.SETTING_LEAD, local_area=area, organisation=trust
        ).person,
        "head of one": RoleGrantFactory(
            role=Role.SETTING_LEAD, local_area=area, organisation=one
        ).person,
        "in one": PostFactory(organisation=one),
        "in two": PostFactory(organisation=two),
    }


def test_a_trusts_lead_sees_nobody_without_a_decision(trust):
    on = clock.today()

    assert not access.posts_in_scope(trust["lead"], on).exists()
    assert not can_view_person(trust["lead"], trust["in one"].person, on=on)


def test_a_decision_opens_one_academys_names_to_the_trust_to_read(trust):
    on = clock.today()
    decide(trust["one"], trust["trust"], by=trust["head of one"])

    assert set(Post.objects.visible_to(trust["lead"], on)) == {trust["in one"]}
    assert not can_manage_posts(trust["lead"], trust["one"], on=on)
    assert not can_attest(trust["lead"], trust["one"], on=on)
    assert not can_adjust(trust["lead"], trust["in one"], on=on)
    reach = access.reach_of(trust["lead"], on)
    assert reach.is_partly_read_only
    assert not reach.managed_posts().exists()


@pytest.mark.parametrize("how", ["withdrawn", "over", "to come"])
def test_a_decision_that_does_not_stand_opens_nothing(trust, how):
    on = clock.today()
    day = dt.timedelta(days=1)
    dates = {
        "withdrawn": (on - day, on + day),
        "over": (on - 9 * day, on - day),
        "to come": (on + day, on + 9 * day),
    }[how]
    decision = decide(
        trust["one"], trust["trust"], by=trust["head of one"], starts_on=dates[0], ends_on=dates[1]
    )
    if how == "withdrawn":
        decision.withdrawn_at = clock.now()
        decision.save()

    assert not Post.objects.visible_to(trust["lead"], on).exists()


def test_siblings_see_nothing_of_one_another_whatever_is_shared_with_the_trust(trust):
    on = clock.today()
    decide(trust["two"], trust["trust"], by=trust["head of one"])

    assert set(Post.objects.visible_to(trust["head of one"], on)) == {trust["in one"]}


def test_what_is_shared_with_a_trust_is_not_shared_on_by_it(area, trust, places):
    on = clock.today()
    decide(trust["one"], trust["trust"], by=trust["head of one"])
    decide(trust["trust"], places["council"], by=trust["lead"])
    manager = RoleGrantFactory(
        role=Role.TEAM_MANAGER, local_area=area, organisation=places["council"]
    ).person

    assert not Post.objects.visible_to(manager, on).filter(pk=trust["in one"].pk).exists()


def test_a_decision_covers_the_employers_teams_and_reaches_whoever_leads_above(area, places):
    """The council shares with the NHS trust's therapies: the trust's manager is above them."""
    on = clock.today()
    worker = PostFactory(organisation=places["social care"])
    therapist = PostFactory(organisation=places["therapies"])
    decide(places["council"], places["therapies"], by=worker.person)
    manager = RoleGrantFactory(
        role=Role.TEAM_MANAGER, local_area=area, organisation=places["nhs"]
    ).person

    assert set(User.objects.visible_to(manager, on)) == {
        manager,
        worker.person,
        therapist.person,
    }


def test_a_nudge_from_an_overseer_reaches_only_their_own_people(area, trust):
    on = clock.today()
    make_rule(area, make_topic(area), key="R1")
    decide(trust["one"], trust["trust"], by=trust["head of one"])
    own = PostFactory(organisation=trust["trust"])
    build(on)
    everything = list(Obligation.objects.values_list("pk", flat=True))

    rows = nudgeable(by=trust["lead"], obligation_ids=everything, on=on)

    assert {row.learner for row in rows} == {own.person}


@pytest.mark.parametrize("number", [1, 30])
def test_reach_takes_two_queries_however_much_is_shared(
    area, trust, number, django_assert_num_queries
):
    for school in OrganisationFactory.create_batch(number, local_area=area, trust=trust["trust"]):
        PostFactory(organisation=school)
        decide(school, trust["trust"], by=trust["head of one"])
    with django_assert_num_queries(3):
        assert len(Post.objects.visible_to(trust["lead"], clock.today())) == number
