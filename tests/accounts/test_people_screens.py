"""The screens a setting lead keeps people with: list, add, one person, leavers, and refusals."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import AuditEvent, Invitation, LocalArea, Organisation, Post, RoleGrant, User
from accounts.services.people import NewPerson, add_person, correct_person, may_correct
from accounts.services.posts import end_post
from core import clock, outbox
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def sibling(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Bramblewick Primary")


@pytest.fixture
def lead(area: LocalArea, school: Organisation) -> User:
    person = UserFactory(given_name="Nadia", family_name="Ferreira")
    PostFactory(person=person, organisation=school, job_role=JobRole.SENCO)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


@pytest.fixture
def client(lead, sign_in):
    return sign_in(lead)


def date_of(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_0": str(day.day), f"{name}_1": str(day.month), f"{name}_2": str(day.year)}


def add_form(school: Organisation, today: dt.date, **changes: str) -> dict[str, str]:
    return {
        "token": str(uuid.uuid4()),
        "setting": str(school.pk),
        "given_name": "Amara",
        "family_name": "Okafor",
        "has_email": "yes",
        "email": "Amara.Okafor@Otterford.sch.example",
        "employment": "yes",
        "job_role": JobRole.TEACHING_ASSISTANT,
        "handles_personal_data": "",
        **date_of("starts_on", today),
        **changes,
    }


def person_url(person: User) -> str:
    return reverse("accounts:person", args=[person.public_id])


# --- The list -------------------------------------------------------------------------------------


def test_the_list_shows_who_is_here_and_nobody_else(client, school, sibling, lead, today):
    PostFactory(
        organisation=school,
        person__given_name="Tom",
        person__family_name="Akinwale",
        line_manager=lead,
        weekly_hours=27.5,
    )
    PostFactory(organisation=sibling, person__family_name="Elsewhere")
    PostFactory(
        organisation=school, person__family_name="Gone", ends_on=today - dt.timedelta(days=100)
    )
    page = client.get("/people/").content.decode()
    assert "Tom Akinwale" in page
    assert "27.5" in page
    assert "Nadia Ferreira" in page
    assert "No sign-in yet" in page
    assert "Elsewhere" not in page
    assert "Gone" not in page


def test_two_roles_are_one_row_and_another_employers_post_is_not_told(
    client, school, sibling, today
):
    person = UserFactory(given_name="Tom", family_name="Akinwale")
    PostFactory(person=person, organisation=school, job_role=JobRole.ELSA)
    PostFactory(person=person, organisation=school, job_role=JobRole.TEACHING_ASSISTANT)
    PostFactory(person=person, organisation=sibling, job_role=JobRole.MIDDAY_SUPERVISOR)
    page = client.get("/people/").content.decode()
    assert page.count(">Tom Akinwale</a>") == 1
    assert "Emotional literacy support assistant, Teaching assistant" in page
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "Midday" not in rows


def test_a_line_manager_out_of_scope_has_no_name(client, school, sibling, today):
    outsider = PostFactory(organisation=sibling, person__family_name="Secretname").person
    PostFactory(organisation=school, line_manager=outsider)
    page = client.get("/people/").content.decode()
    assert "Somebody outside this setting" in page
    assert "Secretname" not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=akin", {"Akinwale"}),
        ("q=tom+akin", {"Akinwale"}),
        ("q=T77", {"Akinwale"}),
        ("job_role=elsa", {"Bishop"}),
        ("show=left", {"Leaver"}),
        ("show=no_sign_in", {"Akinwale", "Ferreira", "Newcomer"}),
        ("show=nonsense", {"Akinwale", "Bishop", "Ferreira", "Newcomer"}),
    ],
)
def test_filters(client, school, today, query, expected):
    PostFactory(
        organisation=school,
        person__given_name="Tom",
        person__family_name="Akinwale",
        staff_number="t77",
    )
    PostFactory(
        organisation=school,
        job_role=JobRole.ELSA,
        person__family_name="Bishop",
        person__password="md5$in$use",
    )
    PostFactory(
        organisation=school,
        person__family_name="Newcomer",
        starts_on=today + dt.timedelta(days=10),
    )
    PostFactory(
        organisation=school,
        person__family_name="Leaver",
        starts_on=today - dt.timedelta(days=400),
        ends_on=today - dt.timedelta(days=3),
    )
    User.objects.filter(family_name="Ferreira").update(last_login=None)
    rows = client.get(f"/people/?{query}").context["rows"]
    found = {row.person.family_name for row in rows}
    assert found == expected


def test_sign_in_states(client, school, today):
    people = {
        "active": UserFactory(password="md5$in$use"),
        "suspended": UserFactory(password="md5$in$use", suspended_at=clock.now()),
        "none": UserFactory(),
        "invited": UserFactory(),
    }
    for person in people.values():
        PostFactory(person=person, organisation=school)
    Invitation.objects.create(
        person=people["invited"],
        organisation=school,
        kind="mail",
        secret_digest="x",
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    rows = {row.person.pk: row.sign_in.key for row in client.get("/people/").context["rows"]}
    assert {key: rows[person.pk] for key, person in people.items()} == {key: key for key in people}


def test_the_list_costs_the_same_with_one_person_and_with_thirty(
    client, school, lead, django_assert_num_queries
):
    queries = 15
    client.get("/people/")
    with django_assert_num_queries(queries):
        assert len(client.get("/people/").context["rows"]) == 1
    for _ in range(30):
        PostFactory(organisation=school, line_manager=lead)
    with django_assert_num_queries(queries):
        assert len(client.get("/people/").context["rows"]) == 25


def test_with_several_settings_the_address_remembers_which(area, school, sibling, sign_in):
    manager = UserFactory()
    RoleGrantFactory(person=manager, role=Role.TRAINING_ADMIN, local_area=area)
    PostFactory(organisation=school, person__family_name="Here")
    PostFactory(organisation=sibling, person__family_name="There")
    client = sign_in(manager)
    page = client.get(f"/people/?setting={school.pk}").content.decode()
    assert "Here" in page
    assert ">There" not in page
    assert f'value="{school.pk}" selected' in page


@pytest.mark.parametrize("asked", ["0", "abc", "99999999999999999999"])
def test_a_setting_that_is_not_led_is_not_there(client, sibling, asked):
    assert client.get(f"/people/?setting={sibling.pk}").status_code == 404
    assert client.get(f"/people/?setting={asked}").status_code == 404


def test_another_areas_setting_is_not_there_even_for_its_own_lead(
    client, lead, other_area, sign_in
):
    foreign = OrganisationFactory(local_area=other_area)
    RoleGrantFactory(
        person=lead, role=Role.SETTING_LEAD, local_area=other_area, organisation=foreign
    )
    somebody = PostFactory(organisation=foreign).person
    assert client.get(f"/people/?setting={foreign.pk}").status_code == 404
    assert client.get(person_url(somebody)).status_code == 404


@pytest.mark.parametrize("role", [None, Role.DIRECTOR, Role.EVALUATOR, Role.REVIEWER])
def test_whoever_leads_no_setting_has_no_list(area, school, sign_in, role):
    person = PostFactory(organisation=school).person
    if role:
        RoleGrantFactory(person=person, role=role, local_area=area)
    for path in ("/people/", "/people/add/", person_url(person)):
        assert sign_in(person).get(path).status_code == 403


# --- Adding ---------------------------------------------------------------------------------------


def test_somebody_is_added_with_a_post(client, school, lead, today):
    response = client.post(
        "/people/add/",
        add_form(school, today, line_manager=str(lead.pk), staff_number=" 88 ", title="TA, Year 2"),
    )
    person = User.objects.get(family_name="Okafor")
    assert response.url == person_url(person)
    assert person.email == "amara.okafor@otterford.sch.example"
    assert not person.has_usable_password()
    post = person.posts.get()
    assert (post.organisation, post.line_manager, post.staff_number) == (school, lead, "88")
    assert (post.starts_on, post.is_employment, post.handles_personal_data) == (today, True, True)


def test_the_same_form_sent_twice_is_one_person(client, school, today):
    form = add_form(school, today)
    client.post("/people/add/", form)
    page = client.post("/people/add/", form, follow=True).content.decode()
    assert "had been added already" in page
    assert User.objects.filter(family_name="Okafor").count() == 1
    assert Post.objects.filter(person__family_name="Okafor").count() == 1


def test_somebody_without_email_is_added_once_too(client, school, today):
    form = add_form(school, today, has_email="no", email="", job_role=JobRole.MIDDAY_SUPERVISOR)
    for _ in range(2):
        client.post("/people/add/", form)
    person = User.objects.get(family_name="Okafor")
    assert person.email is None
    assert not person.is_active
    assert person.posts.count() == 1


def test_a_governor_is_not_employed_whatever_the_form_says(client, school, today):
    client.post(
        "/people/add/", add_form(school, today, job_role=JobRole.GOVERNOR, employment="yes")
    )
    post = Post.objects.get(person__family_name="Okafor")
    assert (post.is_employment, post.handles_personal_data) == (False, False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "Enter their email address, or say that they have none"),
        ({"email": "nonsense"}, "Enter a valid email address"),
        ({"given_name": ""}, "Enter given name"),
        ({"starts_on_1": "13"}, "First day must be a real date"),
        ({"starts_on_2": "1901"}, "Check the year"),
        ({"starts_on_2": "2199"}, "Check the year"),
        ({"ends_on_0": "1", "ends_on_1": "1", "ends_on_2": "2020"}, "must not be before the first"),
        ({"weekly_hours": "lots"}, "must be a number"),
        ({"weekly_hours": "-3"}, "greater than or equal"),
        ({"job_role": "emperor"}, "Select a valid choice"),
        ({"line_manager": "999999"}, "Select a valid choice"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_writes_nothing(
    client, school, today, changes, message
):
    before = User.objects.count(), Post.objects.count()
    response = client.post("/people/add/", add_form(school, today, **changes))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert (User.objects.count(), Post.objects.count()) == before


def test_a_line_manager_of_another_employer_is_refused_and_not_named(
    client, school, sibling, today
):
    outsider = PostFactory(organisation=sibling, person__family_name="Secretname").person
    assert "Secretname" not in client.get("/people/add/").content.decode()
    response = client.post("/people/add/", add_form(school, today, line_manager=str(outsider.pk)))
    assert "Select a valid choice" in response.content.decode()
    assert "Secretname" not in response.content.decode()


def test_a_pupil_number_is_no_name(client, school, today):
    response = client.post(
        "/people/add/", add_form(school, today, family_name="Smith 943 476 5919")
    )
    assert "Remove the pupil or NHS number" in response.content.decode()
    assert not User.objects.filter(family_name__contains="943").exists()


def test_an_address_that_is_known_is_asked_about_and_nothing_is_told(
    client, school, sibling, today
):
    known = UserFactory(given_name="Secret", family_name="Person", email="amara@home.example")
    PostFactory(person=known, organisation=sibling)
    form = add_form(school, today, email="AMARA@home.example")

    page = client.post("/people/add/", form).content.decode()

    assert "There is already an account with this address" in page
    for secret in ("Secret", "Person", "Bramblewick"):
        assert secret not in page
    assert known.posts.count() == 1

    client.post("/people/add/", form | {"is_same_person": "on"})

    known.refresh_from_db()
    assert (known.given_name, known.family_name) == ("Secret", "Person")
    assert known.posts.filter(organisation=school).count() == 1
    assert not User.objects.filter(given_name="Amara").exists()


def test_who_had_an_account_is_told_that_a_post_was_added(client, school, sibling, today):
    known = UserFactory(email="amara@home.example")
    PostFactory(person=known, organisation=sibling)
    form = add_form(school, today, email="amara@home.example", is_same_person="on")
    client.post("/people/add/", form)
    outbox.sweep(at=clock.now() + dt.timedelta(minutes=1))
    [letter] = mail.outbox
    assert letter.to == ["amara@home.example"]
    assert "Otterford Primary" in letter.subject
    assert "Bramblewick" not in letter.body


def test_ones_own_address_finds_the_account_too(client, school, sibling, today):
    known = UserFactory(personal_email="amara@home.example")
    PostFactory(person=known, organisation=sibling)
    form = add_form(school, today, email="amara@home.example")
    assert "already an account" in client.post("/people/add/", form).content.decode()


def test_a_staff_number_that_is_taken_is_named(client, school, today):
    PostFactory(organisation=school, staff_number="88")
    page = client.post("/people/add/", add_form(school, today, staff_number="88"))
    assert "Staff number 88 belongs to another post" in page.content.decode()
    assert not User.objects.filter(family_name="Okafor").exists()


def test_a_namesake_is_asked_about(client, school, today):
    there = PostFactory(
        organisation=school, person__given_name="amara", person__family_name="okafor"
    ).person
    form = add_form(school, today)
    page = client.post("/people/add/", form).content.decode()
    assert "Is this somebody else?" in page
    assert person_url(there) in page
    client.post("/people/add/", form | {"is_other_person": "on"})
    assert User.objects.filter(family_name__iexact="okafor").count() == 2


def test_a_foreign_setting_in_the_form_is_not_there(client, school, sibling, today):
    response = client.post("/people/add/", add_form(school, today, setting=str(sibling.pk)))
    assert response.status_code == 404
    assert not User.objects.filter(family_name="Okafor").exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_person(on_postgres, area, school, lead, today):
    token, barrier, found = uuid.uuid4(), threading.Barrier(4), []

    def run():
        try:
            barrier.wait(timeout=10)
            found.append(
                add_person(
                    by=lead,
                    organisation=school,
                    who=NewPerson("Amara", "Okafor"),
                    token=token,
                    job_role=JobRole.TEACHER,
                    starts_on=today,
                    at=clock.now(),
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(added.is_new for added in found) == [False, False, False, True]
    assert Post.objects.filter(person__family_name="Okafor").count() == 1


# --- One person -----------------------------------------------------------------------------------


def test_a_persons_page_shows_this_settings_posts_only(client, school, sibling, today):
    person = UserFactory(given_name="Tom", family_name="Akinwale")
    PostFactory(person=person, organisation=school)
    PostFactory(person=person, organisation=sibling, job_role=JobRole.MIDDAY_SUPERVISOR)
    page = client.get(person_url(person)).content.decode()
    assert "Teacher" in page
    assert "Bramblewick" not in page
    assert "Midday" not in page


def test_the_visit_is_recorded_for_the_person_to_see(client, school, lead):
    person = PostFactory(organisation=school).person
    client.get(person_url(person))
    event = AuditEvent.objects.get(verb="person.viewed", subject=person.public_id)
    assert event.actor == lead.public_id


def test_who_left_is_still_found_by_whom_they_left_and_by_nobody_else(
    area, client, school, sibling, sign_in, today
):
    person = PostFactory(organisation=school, ends_on=today - dt.timedelta(days=1)).person
    other = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=sibling).person
    assert client.get(person_url(person)).status_code == 200
    assert sign_in(other).get(person_url(person)).status_code == 404


def _routes(person: User, post: Post) -> list[str]:
    args = [person.public_id]
    return [
        person_url(person),
        reverse("accounts:person-correct", args=args),
        reverse("accounts:post-add", args=args),
        *(
            reverse(f"accounts:{name}", args=[*args, post.pk])
            for name in ("post-change", "post-job", "post-end", "post-reopen")
        ),
        reverse("cpd_tracking:pauses", args=args),
    ]


def test_a_sibling_lead_finds_none_of_the_persons_pages(area, school, sibling, sign_in):
    post = PostFactory(organisation=school)
    other = RoleGrantFactory(role=Role.SETTING_LEAD, local_area=area, organisation=sibling).person
    client = sign_in(other)
    person_page, *others = _routes(post.person, post)
    assert client.get(person_page).status_code == 404
    for url in others:
        assert client.post(url, {}).status_code == 404, url
    post.refresh_from_db()
    assert post.ends_on is None


def test_a_post_is_not_reached_through_another_person(client, school, sibling):
    mine = PostFactory(organisation=school)
    theirs = PostFactory(organisation=sibling)
    for url in _routes(mine.person, theirs)[3:7]:
        assert client.post(url, {}).status_code == 404, url


def test_details_of_a_post_are_put_right(client, school, lead, today):
    post = PostFactory(organisation=school)
    client.post(
        reverse("accounts:post-change", args=[post.person.public_id, post.pk]),
        {"title": "Year 5", "weekly_hours": "32.5", **date_of("starts_on", dt.date(2025, 9, 3))},
    )
    post.refresh_from_db()
    assert (post.title, str(post.weekly_hours), post.starts_on) == (
        "Year 5",
        "32.5",
        dt.date(2025, 9, 3),
    )
    assert post.handles_personal_data is False  # the tick was taken away
    page = client.get(person_url(post.person)).content.decode()
    assert "Job title set to Year 5" in page
    assert "by Nadia Ferreira" in page


def test_a_line_manager_out_of_sight_is_kept(client, school, sibling):
    outsider = PostFactory(organisation=sibling).person
    post = PostFactory(organisation=school, line_manager=outsider)
    url = reverse("accounts:post-change", args=[post.person.public_id, post.pk])
    client.post(url, {"title": "Year 5", **date_of("starts_on", post.starts_on)})
    post.refresh_from_db()
    assert (post.title, post.line_manager) == ("Year 5", outsider)


def test_a_change_of_job_through_the_screen(client, school, today):
    post = PostFactory(organisation=school)
    client.post(
        reverse("accounts:post-job", args=[post.person.public_id, post.pk]),
        {"job_role": JobRole.ELSA, "setting": school.pk, **date_of("on_day", today)},
    )
    post.refresh_from_db()
    assert post.ends_on == today - dt.timedelta(days=1)
    assert post.person.posts.get(ends_on=None).job_role == JobRole.ELSA


def test_another_post_here_through_the_screen(client, school, today):
    person = PostFactory(organisation=school).person
    form = add_form(school, today, job_role=JobRole.DSL)
    url = reverse("accounts:post-add", args=[person.public_id])
    client.post(url, form)
    page = client.post(url, form).content.decode()
    assert "already holds this post" in page
    assert person.posts.filter(job_role=JobRole.DSL).count() == 1


def test_a_post_is_ended_and_opened_again(client, school, today):
    post = PostFactory(organisation=school)
    args = [post.person.public_id, post.pk]
    page = client.get(reverse("accounts:post-end", args=args)).content.decode()
    assert "You are not asked why" in page
    client.post(reverse("accounts:post-end", args=args), date_of("ends_on", today))
    post.refresh_from_db()
    assert post.ends_on == today
    client.post(reverse("accounts:post-reopen", args=args))
    post.refresh_from_db()
    assert post.ends_on is None


def test_reading_changes_nothing(client, school, today):
    post = PostFactory(organisation=school, ends_on=today)
    args = [post.person.public_id, post.pk]
    assert client.get(reverse("accounts:post-reopen", args=args)).status_code == 405
    assert client.get("/people/end/").status_code == 405
    assert client.get("/people/reopen/").status_code == 405


def test_name_and_address_are_put_right_before_the_first_sign_in(client, school, lead):
    person = PostFactory(organisation=school, person__email="amra@otterford.example").person
    url = reverse("accounts:person-correct", args=[person.public_id])
    client.post(
        url, {"given_name": "Amara", "family_name": "Okafor", "email": "Amara@otterford.example"}
    )
    person.refresh_from_db()
    assert (person.given_name, person.email) == ("Amara", "amara@otterford.example")


def test_an_open_invitation_ends_with_the_address_it_went_to(client, school, lead):
    person = PostFactory(organisation=school).person
    invitation = Invitation.objects.create(
        person=person,
        organisation=school,
        kind="mail",
        secret_digest="x",
        made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(days=1),
    )
    correct_person(
        by=lead, person=person, who=NewPerson("A", "B", "new@otterford.example"), at=clock.now()
    )
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_no_employer_changes_the_address_of_an_account_in_use(client, lead, school, sibling, today):
    in_use = PostFactory(organisation=school, person__password="md5$in$use").person
    signed_in = PostFactory(organisation=school, person__last_login=clock.now()).person
    with_two = PostFactory(organisation=school).person
    PostFactory(person=with_two, organisation=sibling)
    for person in (in_use, signed_in, with_two, lead):
        assert not may_correct(lead, person, today)
        url = reverse("accounts:person-correct", args=[person.public_id])
        before = person.email
        assert client.post(url, {"given_name": "X", "family_name": "Y"}).status_code == 404
        person.refresh_from_db()
        assert person.email == before
        assert before not in client.get(person_url(person)).content.decode()


def test_an_address_of_another_account_is_refused(client, school):
    person = PostFactory(organisation=school).person
    UserFactory(email="taken@otterford.example")
    url = reverse("accounts:person-correct", args=[person.public_id])
    page = client.post(
        url, {"given_name": "A", "family_name": "B", "email": "TAKEN@otterford.example"}
    )
    assert "belongs to another account" in page.content.decode()


# --- Leavers together -----------------------------------------------------------------------------


def test_nine_leavers_end_together_and_come_back_together(client, school, today):
    posts = [PostFactory(organisation=school) for _ in range(9)]
    chosen = [str(post.person.public_id) for post in posts]
    page = client.post("/people/end/", {"setting": school.pk, "person": chosen}).content.decode()
    assert "When do these 9 people leave?" in page
    last_day = today - dt.timedelta(days=1)
    response = client.post(
        "/people/end/",
        {
            "setting": school.pk,
            "person": chosen,
            "confirmed": "yes",
            **date_of("ends_on", last_day),
        },
        follow=True,
    )
    assert "Undo" in response.content.decode()
    assert Post.objects.filter(organisation=school, ends_on=last_day).count() == 9
    client.post("/people/reopen/", {"setting": school.pk, "post": [post.pk for post in posts]})
    assert Post.objects.filter(organisation=school, ends_on=None).count() == 10


def test_people_of_other_settings_and_oneself_are_not_ended(client, lead, school, sibling, today):
    theirs = PostFactory(organisation=sibling)
    with_two = PostFactory(organisation=school)
    elsewhere = PostFactory(person=with_two.person, organisation=sibling)
    client.post(
        "/people/end/",
        {
            "setting": school.pk,
            "confirmed": "yes",
            "person": [
                str(theirs.person.public_id),
                str(lead.public_id),
                str(with_two.person.public_id),
                "nonsense",
            ],
            **date_of("ends_on", today),
        },
    )
    ended = Post.objects.filter(ends_on__isnull=False)
    assert [post.pk for post in ended] == [with_two.pk]
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on is None


def test_one_wrong_day_ends_nobody(client, school, today):
    posts = [PostFactory(organisation=school) for _ in range(2)]
    PostFactory(organisation=school, starts_on=today)
    everybody = Post.objects.filter(organisation=school).values_list("person__public_id", flat=True)
    page = client.post(
        "/people/end/",
        {
            "setting": school.pk,
            "confirmed": "yes",
            "person": [str(key) for key in everybody],
            **date_of("ends_on", today - dt.timedelta(days=2)),
        },
    )
    assert "The last day is before the first" in page.content.decode()
    assert not Post.objects.filter(pk__in=[p.pk for p in posts], ends_on__isnull=False).exists()


def test_others_posts_are_neither_shown_as_ended_nor_opened(area, client, school, sibling, today):
    theirs = PostFactory(organisation=sibling, person__family_name="Secretname")
    admin = RoleGrantFactory(role=Role.TRAINING_ADMIN, local_area=area).person
    end_post(by=admin, post=theirs, ends_on=today, at=clock.now())
    page = client.get(f"/people/ended/?setting={school.pk}&post={theirs.pk}", follow=True)
    assert "Secretname" not in page.content.decode()
    client.post("/people/reopen/", {"setting": school.pk, "post": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.ends_on == today


def test_a_team_manager_keeps_teams_below(area, sign_in, today):
    service = OrganisationFactory(
        local_area=area, kind=OrganisationKind.SOCIAL_CARE_TEAM, urn=None, name="Assessment"
    )
    team = OrganisationFactory(local_area=area, parent=service, urn=None, name="Duty team")
    manager = UserFactory()
    PostFactory(person=manager, organisation=service)
    RoleGrant.objects.create(
        person=manager,
        role=Role.TEAM_MANAGER,
        local_area=area,
        organisation=service,
        starts_on=today,
    )
    PostFactory(organisation=team, person__family_name="Worker")
    page = sign_in(manager).get(f"/people/?setting={team.pk}").content.decode()
    assert "Worker" in page
