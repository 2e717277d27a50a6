"""Organisations through the door: the list, one setting's page, what is kept by hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import JobRole, LinkType, OrganisationKind, OrganisationStatus, Phase, Role
from accounts.models import AuditEvent, Organisation, OrganisationConversion, OrganisationLink
from accounts.services.directory import (
    Described,
    UnableToChangeOrganisation,
    add_organisation,
    change_organisation,
    close_organisation,
    set_trust,
)
from core import clock
from tests.core.test_pupil_identifiers import make_upn
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(area):
    return RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person


@pytest.fixture
def school(area):
    return OrganisationFactory(
        local_area=area, name="Otterford Primary School", ward="Otter Vale", postcode="MD1 1AA"
    )


@pytest.fixture
def lead(area, school):
    return RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=school).person


def page(client, organisation):
    return client.get(reverse("accounts:organisation", args=[organisation.pk]))


# --- The list -------------------------------------------------------------------------------


def test_the_list_is_narrowed_and_sorted_by_the_url(area, admin, school, sign_in):
    OrganisationFactory(
        local_area=area, name="Acorns", kind=OrganisationKind.PVI_NURSERY, urn=None, ward="Harbour"
    )
    OrganisationFactory(local_area=area, name="Closed one", status=OrganisationStatus.CLOSED)
    OrganisationFactory(local_area=area, name="Zebra High", phase=Phase.SECONDARY)
    client = sign_in(admin)

    def names(query: str) -> list[str]:
        return [row.name for row in client.get("/organisations/" + query).context["page_obj"]]

    assert names("") == ["Acorns", "Otterford Primary School", "Zebra High"]
    assert names("?order_by=-name")[0] == "Zebra High"
    assert names("?order_by=password") == names("")
    assert names("?q=otter") == ["Otterford Primary School"]
    assert names(f"?q={school.urn}") == ["Otterford Primary School"]
    assert names("?kind=pvi_nursery") == ["Acorns"]
    assert names("?phase=secondary") == ["Zebra High"]
    assert names("?ward=Harbour") == ["Acorns"]
    assert names("?status=closed") == ["Closed one"]
    assert len(names("?status=all")) == 4
    assert names("?kind=nonsense&page=999999999") == names("")


def test_another_areas_organisations_are_neither_listed_nor_shown(area, other_area, lead, sign_in):
    foreign = OrganisationFactory(local_area=other_area, name="Foreign")
    reference = OrganisationFactory(local_area=None, name="Reference")
    client = sign_in(lead)

    listed = client.get("/organisations/?status=all").content.decode()

    assert "Foreign" not in listed and "Reference" not in listed
    assert page(client, foreign).status_code == 404
    assert page(client, reference).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_queries_for_1_and_30(
    area, admin, sign_in, number, django_assert_num_queries
):
    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST)
    OrganisationFactory.create_batch(number, local_area=area, trust=trust)
    client = sign_in(admin)
    client.get("/organisations/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/organisations/")


LIST_QUERIES = 8


# --- One setting ----------------------------------------------------------------------------


def test_its_lead_sees_who_is_who_and_what_is_vacant(area, school, lead, sign_in):
    senco = PostFactory(organisation=school, job_role=JobRole.SENCO)
    PostFactory(organisation=school, job_role=JobRole.ELSA)
    PostFactory.create_batch(3, organisation=school, job_role=JobRole.TEACHER)
    PostFactory(organisation=school, job_role=JobRole.HEADTEACHER, ends_on=dt.date(2025, 12, 31))

    who = page(sign_in(lead), school).context["who"]

    assert who.people == "5"
    held = {each.role: [post.person for post in each.posts] for each in who.key}
    assert held["SENCO"] == [senco.person]
    assert held["Headteacher"] == held["Designated safeguarding lead"] == []
    assert [(each.role, each.number) for each in who.others] == [("Teacher", 3)]


@pytest.mark.parametrize("looker", ["sibling's lead", "teacher there", "system administrator"])
def test_others_in_the_area_see_facts_and_a_number(area, school, sign_in, looker):
    posts = PostFactory.create_batch(6, organisation=school)
    sibling = OrganisationFactory(local_area=area)
    person = {
        "sibling's lead": lambda: (
            RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=sibling).person
        ),
        "teacher there": lambda: posts[0].person,
        "system administrator": lambda: (
            RoleGrantFactory(role=Role.SYSTEM_ADMIN, local_area=area).person
        ),
    }[looker]()

    response = page(sign_in(person), school)

    body = response.content.decode()
    assert "6 people with a post" in body
    assert "Otter Vale" in body
    for post in posts[1:]:
        assert post.person.family_name not in body
    assert "Vacant" not in body


@pytest.mark.parametrize(("number", "words"), [(0, "Nobody"), (4, "Fewer than 5"), (5, "5")])
def test_small_numbers_of_people_are_not_told(area, school, sign_in, number, words):
    PostFactory.create_batch(number, organisation=school)
    colleague = PostFactory(organisation=OrganisationFactory(local_area=area)).person

    assert page(sign_in(colleague), school).context["who"].people == words


def test_a_trusts_lead_sees_suppressed_numbers_of_its_academies_and_no_names(area, sign_in):
    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST, urn=None)
    large, small = OrganisationFactory.create_batch(2, local_area=area, trust=trust)
    many = PostFactory.create_batch(7, organisation=large)
    few = PostFactory.create_batch(2, organisation=small)
    lead = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=trust).person

    response = page(sign_in(lead), trust)

    body = response.content.decode()
    told = {place.organisation: place.people for place in response.context["below"]}
    assert told == {large: "7", small: "Fewer than 5"}
    assert not [post for post in (*many, *few) if post.person.family_name in body]


def test_a_childminder_shows_a_ward_and_never_an_address(area, admin, sign_in):
    childminder = OrganisationFactory(
        local_area=area,
        kind=OrganisationKind.CHILDMINDER,
        urn=None,
        ward="Fenside",
        postcode="MD9 9ZZ",
    )
    client = sign_in(admin)

    body = page(client, childminder).content.decode()

    assert "Fenside" in body
    assert "MD9" not in body
    assert "MD9" not in client.get("/organisations/").content.decode()


def test_the_line_of_a_school_says_what_it_was_and_until_when(area, school, lead, sign_in):
    before = OrganisationFactory(
        local_area=area,
        name="Otterford Infants",
        status=OrganisationStatus.CLOSED,
        closed_on=dt.date(2019, 8, 31),
    )
    OrganisationLink.objects.create(
        urn=school.urn,
        organisation=school,
        linked_urn=before.urn,
        linked=before,
        linked_name=before.name,
        link_type=LinkType.PREDECESSOR,
    )

    body = " ".join(page(sign_in(lead), school).content.decode().split())

    assert "Otterford Infants</a> until 31 August 2019" in body


@pytest.mark.parametrize("number", [1, 30])
def test_a_settings_page_takes_the_same_queries_for_1_and_30_people(
    area, school, lead, sign_in, number, django_assert_num_queries
):
    PostFactory.create_batch(number, organisation=school, job_role=JobRole.ELSA)
    client = sign_in(lead)
    page(client, school)
    with django_assert_num_queries(PAGE_QUERIES):
        page(client, school)


PAGE_QUERIES = 21


# --- Kept by hand -----------------------------------------------------------------------------


def form(**answers: object) -> dict:
    return {
        "name": "Harbour Youth Project",
        "kind": OrganisationKind.VOLUNTARY,
        "phase": Phase.NOT_APPLICABLE,
        "ward": "",
        "postcode": "",
        "parent": "",
    } | answers


@pytest.mark.parametrize("role", [Role.TRAINING_ADMIN, Role.SYSTEM_ADMIN])
def test_an_administrator_adds_what_the_register_does_not_know(area, sign_in, role):
    admin = RoleGrantFactory(role=role, local_area=area).person

    response = sign_in(admin).post("/organisations/add/", form(postcode="md1 1aa"))

    made = Organisation.objects.get(name="Harbour Youth Project")
    assert response.url == reverse("accounts:organisation", args=[made.pk])
    assert (made.local_area, made.urn, made.postcode) == (area, None, "MD1 1AA")
    assert AuditEvent.objects.get(verb="organisation.added").actor == admin.public_id


def test_a_childminders_address_is_refused_as_ward_and_dropped_as_postcode(area, admin, sign_in):
    client = sign_in(admin)
    childminder = {"name": "Childminder 9", "kind": OrganisationKind.CHILDMINDER}

    refused = client.post("/organisations/add/", form(**childminder, ward="MD1 1AA"))
    missing = client.post("/organisations/add/", form(**childminder))
    client.post("/organisations/add/", form(**childminder, ward="Fenside", postcode="MD1 1AA"))

    assert "Enter the name of the ward, not an address" in refused.content.decode()
    assert "Enter the ward: it stands for the address." in missing.content.decode()
    made = Organisation.objects.get(name="Childminder 9")
    assert (made.ward, made.postcode) == ("Fenside", "")


@pytest.mark.parametrize(
    "answers",
    [
        {"kind": OrganisationKind.SCHOOL},
        {"kind": "nonsense"},
        {"name": ""},
        {"postcode": "not one"},
        {"name": f"Pupil {make_upn('999200012345')}"},
    ],
)
def test_a_wrong_answer_adds_nothing(area, admin, sign_in, answers):
    response = sign_in(admin).post("/organisations/add/", form(**answers))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Organisation.objects.exists()


def test_foreign_parents_are_refused(area, other_area, admin, sign_in):
    foreign = OrganisationFactory(
        local_area=other_area, kind=OrganisationKind.LOCAL_AUTHORITY, urn=None
    )

    response = sign_in(admin).post(
        "/organisations/add/", form(kind=OrganisationKind.LA_TEAM, parent=foreign.pk)
    )

    assert response.context["form"].errors["parent"]


@pytest.mark.parametrize("role", [Role.SETTING_LEAD, Role.TEAM_MANAGER, Role.DIRECTOR, Role.DSCO])
def test_nobody_else_keeps_the_directory(area, school, sign_in, role):
    person = RoleGrantFactory(
        role=role,
        local_area=area,
        organisation=school if role == Role.SETTING_LEAD else None,
    ).person
    client = sign_in(person)

    for name in ("change", "close", "convert", "trust"):
        path = reverse(f"accounts:organisation-{name}", args=[school.pk])
        assert client.get(path).status_code in {403, 404}
        assert client.post(path, form()).status_code in {403, 404}
    assert client.post("/organisations/add/", form()).status_code == 403
    with pytest.raises(PermissionDenied):
        add_organisation(
            by=person,
            local_area=area,
            described=Described("A", OrganisationKind.VOLUNTARY),
            at=clock.now(),
        )


def test_an_administrator_over_one_setting_keeps_no_directory(area, school, sign_in):
    person = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area, organisation=school).person

    assert sign_in(person).post("/organisations/add/", form()).status_code == 403


@pytest.fixture
def tree(area):
    """A council with a department and a team below that, and an NHS trust."""
    council = OrganisationFactory(
        local_area=area, name="Council", kind=OrganisationKind.LOCAL_AUTHORITY, urn=None
    )
    department = OrganisationFactory(
        local_area=area, name="Department", kind=OrganisationKind.LA_TEAM, urn=None, parent=council
    )
    team = OrganisationFactory(
        local_area=area, name="Team", kind=OrganisationKind.LA_TEAM, urn=None, parent=department
    )
    nhs = OrganisationFactory(
        local_area=area, name="NHS", kind=OrganisationKind.NHS_PROVIDER, urn=None
    )
    return council, department, team, nhs


def test_a_tree_has_no_circles_and_no_branch_of_another_tree(area, admin, tree):
    council, department, team, nhs = tree

    for organisation, parent, words in (
        (department, team, "is below"),
        (department, department, "is below"),
        (team, nhs, "another employer's tree"),
        (nhs, council, "another employer's tree"),
    ):
        with pytest.raises(UnableToChangeOrganisation, match=words):
            change_organisation(
                by=admin,
                organisation=organisation,
                described=Described(organisation.name, organisation.kind, parent=parent),
                at=clock.now(),
            )
    change_organisation(
        by=admin,
        organisation=team,
        described=Described("Team", OrganisationKind.LA_TEAM, parent=council),
        at=clock.now(),
    )
    team.refresh_from_db()
    assert team.parent == council


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle(on_postgres, area):
    import threading

    from django.db import connection

    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    one, other = (
        OrganisationFactory(local_area=area, name=name, kind=OrganisationKind.LA_TEAM, urn=None)
        for name in ("One", "Other")
    )
    start = threading.Barrier(2)

    def move(team, below):
        try:
            start.wait()
            change_organisation(
                by=admin,
                organisation=team,
                described=Described(team.name, team.kind, parent=below),
                at=clock.now(),
            )
        except UnableToChangeOrganisation:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Organisation.objects.filter(parent__isnull=False).count() == 1


def test_what_rules_ask_is_worked_out_again_when_a_team_moves(area, admin, tree):
    from accounts.signals import posts_changed

    council, _, team, _ = tree
    post = PostFactory(organisation=team)
    heard = []
    listen = lambda sender, person_ids, **kwargs: heard.append(person_ids)  # noqa: E731
    posts_changed.connect(listen)
    try:
        for name in ("Renamed", "Renamed"):
            change_organisation(
                by=admin,
                organisation=team,
                described=Described(name, team.kind, parent=council),
                at=clock.now(),
            )
    finally:
        posts_changed.disconnect(listen)

    assert heard == [{post.person_id}]


def test_an_organisation_closes_when_nobody_works_there_and_nothing_is_below(area, admin, tree):
    _, department, team, _ = tree
    post = PostFactory(organisation=team)
    today = clock.today()

    def close(organisation, day=today):
        close_organisation(by=admin, organisation=organisation, closed_on=day, at=clock.now())

    with pytest.raises(UnableToChangeOrganisation, match="open teams below"):
        close(department)
    with pytest.raises(UnableToChangeOrganisation, match="1 post goes on here"):
        close(team)
    post.ends_on = today
    post.save()
    with pytest.raises(UnableToChangeOrganisation, match="today or earlier"):
        close(team, today + dt.timedelta(days=1))
    close(team)
    with pytest.raises(UnableToChangeOrganisation, match="already"):
        close(team)

    team.refresh_from_db()
    assert (team.status, team.closed_on) == (OrganisationStatus.CLOSED, today)


def test_what_the_register_says_is_not_changed_by_hand(area, admin, school, sign_in):
    client = sign_in(admin)

    for name in ("change", "close"):
        path = reverse(f"accounts:organisation-{name}", args=[school.pk])
        assert client.get(path).status_code == 404
    with pytest.raises(UnableToChangeOrganisation):
        change_organisation(
            by=admin,
            organisation=school,
            described=Described("Mine", OrganisationKind.OTHER),
            at=clock.now(),
        )


def test_a_trust_is_set_by_hand_and_only_a_trust(area, other_area, admin, school, sign_in):
    trust = OrganisationFactory(local_area=area, kind=OrganisationKind.TRUST, urn=None)
    foreign = OrganisationFactory(local_area=other_area, kind=OrganisationKind.TRUST, urn=None)
    path = reverse("accounts:organisation-trust", args=[school.pk])
    client = sign_in(admin)

    assert client.post(path, {"trust": foreign.pk}).status_code == 200
    for wrong in (foreign, OrganisationFactory(local_area=area)):
        with pytest.raises(UnableToChangeOrganisation):
            set_trust(by=admin, organisation=school, trust=wrong, at=clock.now())
    client.post(path, {"trust": trust.pk})

    school.refresh_from_db()
    assert school.trust == trust


def test_a_conversion_is_made_and_undone_on_the_page(area, admin, school, sign_in):
    old = OrganisationFactory(
        local_area=area,
        name="Old",
        status=OrganisationStatus.CLOSED,
        closed_on=dt.date(2024, 8, 31),
    )
    post = PostFactory(organisation=old)
    client = sign_in(admin)
    path = reverse("accounts:organisation-convert", args=[old.pk])

    assert "1 post goes on here" in client.get(path).content.decode()
    client.post(path, {"successor": school.pk})

    post.refresh_from_db()
    assert post.organisation == school
    assert "Its people moved to Otterford" in page(client, old).content.decode()
    assert client.get(path).status_code == 404
    undo = reverse("accounts:organisation-convert-undo", args=[old.pk])
    assert client.get(undo).status_code == 200
    assert OrganisationConversion.objects.exists(), "asking undoes nothing"
    client.post(undo)
    post.refresh_from_db()
    assert post.organisation == old


def test_a_visitor_is_asked_to_sign_in(area, school):
    from django.test import Client

    for path in ("/organisations/", "/clusters/", f"/organisations/{school.pk}/"):
        assert Client().get(path).status_code == 302


def test_somebody_of_no_area_sees_an_empty_list(area, school, sign_in):
    client = sign_in(UserFactory())

    assert list(client.get("/organisations/").context["page_obj"]) == []
    assert page(client, school).status_code == 404


@pytest.mark.browser
def test_the_screens_work_on_both_sizes_and_for_everyone(
    browse, accessible, screen, area, admin, school, lead
):
    PostFactory(organisation=school, job_role=JobRole.SENCO)
    OrganisationFactory.create_batch(30, local_area=area)
    window = browse(admin, screen)
    for path in (
        "/organisations/",
        f"/organisations/{school.pk}/",
        "/organisations/add/",
        "/clusters/",
    ):
        window.goto(path)
        accessible(window)
        width = window.evaluate("document.documentElement.scrollWidth")
        assert width <= screen[0], (path, width)
    window.goto("/organisations/add/")
    window.get_by_label("Name", exact=True).fill("Compass")
    window.get_by_role("button", name="Add the organisation").click()
    accessible(window)
    assert window.get_by_role("alert").count() == 1
    window.get_by_label("Kind").select_option("voluntary")
    window.get_by_role("button", name="Add the organisation").click()
    assert window.get_by_role("heading", name="Compass", level=1).is_visible()
