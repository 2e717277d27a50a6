"""Lists of staff in the browser's hands: who gets which screen, what is refused, what leaks not."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import ImportMode, ImportState, JobRole, Role
from accounts.models import AuditEvent, Post, RoleGrant, StaffImport, User
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.staffing import as_csv, bring, draft, person

pytestmark = pytest.mark.django_db

START = "/people/import/"


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def sibling(area):
    return OrganisationFactory(local_area=area, name="Bramblewick Primary")


def lead(school, role=Role.SETTING_LEAD, organisation="school"):
    found = PostFactory(
        organisation=school, job_role=JobRole.HEADTEACHER, starts_on=dt.date(2020, 9, 1)
    ).person
    RoleGrantFactory(
        person=found,
        role=role,
        organisation=school if organisation else None,
        local_area=school.local_area,
    )
    return found


@pytest.fixture
def head(school):
    return lead(school)


@pytest.fixture
def client(head, sign_in):
    return sign_in(head)


def post_list(client, content, school, *, mode=ImportMode.CHANGES, how="file", **data):
    sent = {"setting": school.pk if school else "all", "mode": mode, "how": how}
    if how == "file":
        raw = content.encode() if isinstance(content, str) else content
        sent["file"] = SimpleUploadedFile("staff.csv", raw, content_type="text/csv")
    else:
        sent["rows"] = content
    return client.post(START, sent | data)


def text(response):
    return response.content.decode()


# --- The way through -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["file", "paste"])
def test_a_list_goes_from_the_form_through_the_preview_to_the_people(client, school, head, how):
    response = post_list(client, as_csv(person(number="17")), school, how=how)
    found = StaffImport.objects.get()
    page = client.get(response.url)

    assert response.url == reverse("accounts:staff-import", args=[found.pk])
    assert "Look before you import" in text(page)
    assert "Tom Adeyemi" in text(page)
    assert Post.objects.filter(person__given_name="Tom").count() == 0

    done = client.post(f"{response.url}commit/", follow=True)

    assert "1 joiner" in text(done)
    assert Post.objects.get(person__given_name="Tom").organisation == school
    assert reverse("accounts:invitations-of", args=[school.pk]) in text(done)
    assert client.post(f"{response.url}commit/").status_code == 302
    assert Post.objects.filter(person__given_name="Tom").count() == 1


def test_undoing_asks_first_and_then_puts_back(client, school, head):
    done = bring(as_csv(person(), person("Eve")), school, by=head)
    User.objects.filter(given_name="Eve").update(last_login="2026-05-05T09:00Z")
    url = reverse("accounts:staff-import-undo", args=[done.pk])

    asked = client.get(url)
    assert "1 post that it added goes" in text(asked)
    assert "Eve Adeyemi" in text(asked)
    assert "Tom Adeyemi" not in text(asked)
    assert Post.objects.filter(person__given_name="Tom").exists()
    undone = client.post(url, follow=True)

    assert "This import was undone" in text(undone)
    assert "Eve Adeyemi" in text(undone)
    assert not User.objects.filter(given_name="Tom").exists()
    assert "nothing to undo" in text(client.post(url, follow=True))


def test_a_discarded_list_is_gone(client, school, head):
    found = draft(as_csv(person()), school, by=head)

    client.post(reverse("accounts:staff-import-discard", args=[found.pk]))
    page = client.get(reverse("accounts:staff-import", args=[found.pk]))

    assert "Tom" not in text(page)
    assert "discarded" in text(page)
    assert AuditEvent.objects.filter(verb="staff_import.discarded").count() == 1


def test_titles_are_explained_on_the_preview(client, school, head):
    found = draft(as_csv(person(title="Forest School Lead")), school, by=head)
    url = reverse("accounts:staff-import-titles", args=[found.pk])
    page = reverse("accounts:staff-import", args=[found.pk])
    assert "No row can be imported" in text(client.get(page))

    wrong = client.post(url, {"title_0": "system_admin"})
    right = client.post(url, {"title_0": "teacher", "title_9": "teacher"}, follow=True)

    assert wrong.status_code == 422
    assert "Import 1 joiner" in text(right)
    client.post(f"{page}commit/")
    assert Post.objects.get(person__given_name="Tom").job_role == JobRole.TEACHER
    assert RoleGrant.objects.count() == 1


def test_rows_with_errors_must_be_left_out_in_words(client, school, head):
    found = draft(as_csv(person(), person("Eve", start="31/02/2026")), school, by=head)
    url = reverse("accounts:staff-import-commit", args=[found.pk])

    refused = client.post(url)
    assert refused.status_code == 422
    assert "Import the correct row and leave 1 out" in text(refused)
    assert "31/02/2026" in text(refused)
    assert Post.objects.count() == 1
    client.post(url, {"leave_out": "on"})

    assert Post.objects.count() == 2


def test_the_number_of_posts_that_end_must_be_typed(client, school, head):
    PostFactory.create_batch(3, organisation=school)
    found = draft(as_csv(person()), school, by=head, mode=ImportMode.FULL)
    url = reverse("accounts:staff-import-commit", args=[found.pk])

    for typed in ("", "2", "three"):
        assert client.post(url, {"ending": typed}).status_code == 422
    assert not Post.objects.exclude(ends_on=None).exists()
    client.post(url, {"ending": "3"})

    assert Post.objects.exclude(ends_on=None).count() == 3


def test_a_preview_that_is_no_longer_true_is_shown_again(client, school, head):
    found = draft(as_csv(person()), school, by=head)
    PostFactory(
        organisation=school,
        job_role=JobRole.TEACHING_ASSISTANT,
        person__given_name="Tom",
        person__family_name="Adeyemi",
        person__email="tom.adeyemi@otterford.example",
        title="Teaching assistant",
    )

    page = client.post(reverse("accounts:staff-import-commit", args=[found.pk]), follow=True)

    assert "have changed since the preview" in text(page)
    assert "Nothing would change" in text(page)


# --- What comes in that should not -------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 a workbook", "CSV UTF-8"),
        (b"\x00\x01\x02\x03" * 50, "not a text file"),
        ("Email,Email,Forename,Surname,Job title\na@b.example,,T,A,TA\n", "is there twice"),
        ("UPN,Forename,Surname\nA1,Tom,Adeyemi\n", "list of pupils"),
        (as_csv(person(family="x" * 200_000)), "Line 2 cannot be read"),
        ("nothing to see\nhere", "does not find the headings"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole_and_leaves_an_event(
    client, school, head, content, words
):
    response = post_list(client, content, school)

    assert response.status_code == 422
    assert words in text(response)
    assert not StaffImport.objects.exists()
    event = AuditEvent.objects.get(verb="refused.staff_import")
    assert event.actor == head.public_id
    assert "Adeyemi" not in str(event.data)


def test_what_a_cell_holds_is_shown_short_and_never_as_markup(client, school):
    rows = as_csv(
        person(email="<script>alert(1)</script>"),
        person("Eve", start="=" + "9" * 250),
        role="system_admin",
        **{"<b>Pay</b>": "1"},
    )

    response = post_list(client, rows, school)
    page = text(client.get(response.url))
    lines = b"".join(client.get(f"{response.url}errors.csv").streaming_content).decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "9" * 90 not in page
    assert "<b>Pay</b>" not in page
    assert "&lt;b&gt;Pay&lt;/b&gt;" in page
    assert "role" in page
    assert ",'=999" in lines
    assert "9" * 90 not in lines


def test_neither_file_nor_rows_nor_an_unknown_kind_is_taken(client, school):
    for data in (
        {"mode": "changes", "how": "file"},
        {"mode": "changes", "how": "paste", "rows": "  "},
        {"mode": "everything", "how": "paste", "rows": as_csv(person())},
        {"how": "paste", "rows": as_csv(person())},
        {"mode": "changes", "how": "mail"},
    ):
        response = client.post(START, {"setting": school.pk, **data})
        assert response.status_code == 422, data
    assert not StaffImport.objects.exists()


def test_a_setting_beyond_ones_scope_is_no_choice(client, school, sibling, other_area):
    foreign = OrganisationFactory(local_area=other_area)

    for place in (sibling, foreign):
        assert post_list(client, as_csv(person()), place).status_code == 422
    assert post_list(client, as_csv(person()), None).status_code == 422
    assert not StaffImport.objects.exists()


def test_only_the_areas_administrators_bring_lists_of_several_schools(
    school, sibling, sign_in, other_area
):
    foreign = OrganisationFactory(local_area=other_area)
    client = sign_in(lead(school, Role.TRAINING_ADMIN, organisation=None))
    rows = as_csv(
        person(school=school.urn),
        person("Eve", school=sibling.urn),
        person("Bo", school=foreign.urn),
    )

    response = post_list(client, rows, None)
    page = client.get(response.url)

    assert "Several settings of Merrowdale" in text(client.get(START))
    assert "Bramblewick Primary" in text(page)
    found = StaffImport.objects.get()
    assert [error["line"] for error in found.plan["errors"]] == [4]
    client.post(f"{response.url}commit/", {"leave_out": "on"})
    assert not Post.objects.filter(organisation=foreign).exists()
    assert Post.objects.filter(organisation=sibling).count() == 1


# --- Who sees what -----------------------------------------------------------------------------

PAGES = ("staff-import", "staff-import-errors", "staff-import-undo")
DECISIONS = (
    "staff-import-titles",
    "staff-import-commit",
    "staff-import-discard",
    "staff-import-undo",
)


@pytest.mark.parametrize("who", ["sibling's lead", "another area's administrator", "auditor"])
def test_another_schools_import_is_not_there(school, sibling, sign_in, who, head, other_area):
    found = draft(as_csv(person()), school, by=head)
    if who == "sibling's lead":
        stranger, status = lead(sibling), 404
    elif who == "auditor":
        stranger, status = lead(school, Role.AUDITOR, organisation=None), 403
    else:
        foreign = OrganisationFactory(local_area=other_area)
        stranger, status = lead(foreign, Role.TRAINING_ADMIN, organisation=None), 403
    client = sign_in(stranger)

    for name in PAGES:
        response = client.get(reverse(f"accounts:{name}", args=[found.pk]))
        assert response.status_code == status
        assert "Tom" not in text(response)
    for name in DECISIONS:
        assert client.post(reverse(f"accounts:{name}", args=[found.pk])).status_code == status
    found.refresh_from_db()
    assert found.state == ImportState.PREVIEW


def test_the_other_areas_site_does_not_show_it(client, school, head, other_area):
    found = draft(as_csv(person()), school, by=head)
    RoleGrantFactory(person=head, role=Role.TRAINING_ADMIN, local_area=other_area)
    there = urlsplit(f"http://{other_area.site.hostname}").hostname

    response = client.get(
        reverse("accounts:staff-import", args=[found.pk]), headers={"host": there}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("role", [None, Role.EVALUATOR, Role.SYSTEM_ADMIN])
def test_whoever_manages_nobodys_posts_is_refused(school, sign_in, role):
    learner = PostFactory(organisation=school).person
    if role:
        RoleGrantFactory(person=learner, role=role, local_area=school.local_area)
    client = sign_in(learner)

    for url in (START, f"{START}earlier/", f"{START}1/"):
        assert client.get(url).status_code == 403
    assert post_list(client, as_csv(person()), school).status_code == 403


def test_visitors_are_asked_to_sign_in(client, school):
    client.logout()

    assert client.get(START).url.startswith("/accounts/login/")


def test_what_changes_something_is_never_a_get(client, school, head):
    found = draft(as_csv(person()), school, by=head)

    for name in ("titles", "commit", "discard"):
        url = reverse(f"accounts:staff-import-{name}", args=[found.pk])
        assert client.get(url).status_code == 405


def test_a_lead_who_has_left_since_cannot_commit(client, school, head):
    found = draft(as_csv(person()), school, by=head)
    RoleGrant.objects.filter(person=head).update(ends_on=dt.date(2025, 9, 30))

    response = client.post(reverse("accounts:staff-import-commit", args=[found.pk]))

    assert response.status_code in (403, 404)
    assert not Post.objects.filter(person__given_name="Tom").exists()


# --- Full and empty ----------------------------------------------------------------------------


def test_the_list_of_imports_says_what_each_did_and_asks_as_often_with_30_as_with_one(
    client, school, head
):
    bring(as_csv(person()), school, by=head)
    counts = []
    for number in (0, 29):
        for _ in range(number):
            draft(as_csv(person("Eve")), school, by=head)
        client.get(f"{START}earlier/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get(f"{START}earlier/")
        counts.append(len(captured))

    assert counts[0] == counts[1]
    assert "Otterford Primary" in text(page)
    assert "changes only · 1 joiner · by " in text(client.get(f"{START}earlier/?page=2"))


def test_a_long_preview_asks_as_often_as_a_short_one(client, school, head):
    counts = []
    for number in (1, 120):
        rows = [person(f"N{n}", "Adeyemi") for n in range(number)]
        found = draft(as_csv(*rows), school, by=head)
        client.get(reverse("accounts:staff-import", args=[found.pk]))
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("accounts:staff-import", args=[found.pk]))
        counts.append(len(captured))
    alone = client.get(reverse("accounts:staff-import", args=[found.pk]) + "?show=joiners&page=2")

    assert counts[0] == counts[1]
    assert "Show all 120" in text(page)
    assert "N119 Adeyemi" in text(alone)
    assert "N3 Adeyemi" not in text(alone)


def test_an_empty_list_to_fill_in_holds_headings_only(client):
    content = b"".join(client.get(f"{START}empty-list.csv").streaming_content).decode("utf-8-sig")

    assert content.splitlines() == [
        "Email address,Staff number,First name,Last name,Job title,Start date,End date,"
        "Weekly hours,Line manager,Term time only"
    ]


def test_nobodys_name_is_in_what_an_import_shows_of_people_elsewhere(client, school, sibling, head):
    PostFactory(
        organisation=sibling,
        person__email="tom.adeyemi@otterford.example",
        person__given_name="Secret",
        person__family_name="Identity",
    )
    UserFactory(email="eve.adeyemi@otterford.example", given_name="Hidden")

    response = post_list(client, as_csv(person(), person("Eve")), school)
    page = text(client.get(response.url))

    assert "Secret" not in page
    assert "Identity" not in page
    assert "Hidden" not in page
    assert "Bramblewick" not in page
