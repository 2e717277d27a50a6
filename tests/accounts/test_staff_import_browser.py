"""A list of staff in a real browser: file, preview, decision, undo; by keyboard, on a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import ImportMode, JobRole, Role
from accounts.models import Post
from tests.factories.accounts import OrganisationFactory, PostFactory, RoleGrantFactory
from tests.factories.staffing import as_csv, draft, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(area):
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def head(school, area):
    found = PostFactory(
        organisation=school, job_role=JobRole.HEADTEACHER, starts_on=dt.date(2020, 9, 1)
    ).person
    RoleGrantFactory(person=found, role=Role.SETTING_LEAD, organisation=school, local_area=area)
    return found


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_file_becomes_a_preview_then_people_then_is_undone(
    browse, accessible, school, head, screen, tmp_path
):
    PostFactory.create_batch(2, organisation=school)
    path = tmp_path / "staff.csv"
    path.write_text(
        as_csv(
            person(number="17", hours="32.5"),
            person("Eve", title="Forest School Lead"),
            person("Bo", start="31/02/2026"),
            Salary="1",
        )
    )
    page = browse(head, size=screen)
    page.goto("/people/import/")
    accessible(page)
    page.get_by_label("The full list of staff").check()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Show what would change").click()

    assert page.get_by_role("heading", name="Look before you import").is_visible()
    assert fits(page)
    accessible(page)
    page.get_by_label("Forest School Lead").select_option("teacher")
    page.get_by_role("button", name="Save what they mean").click()
    page.get_by_role("button", name="Import", exact=True).click()
    assert page.locator("[data-error-summary]").is_visible()
    accessible(page)
    page.get_by_label("Import the 2 correct rows and leave 1 out").check()
    page.get_by_label("How many posts will end?").fill("2")
    page.get_by_role("button", name="Import", exact=True).click()

    assert page.get_by_role("heading", name="Imported").is_visible()
    assert fits(page)
    accessible(page)
    assert Post.objects.filter(ends_on=None).count() == 3
    page.get_by_role("link", name="Undo this import").click()
    accessible(page)
    page.get_by_role("button", name="Undo this import").click()

    assert page.get_by_text("This import was undone").is_visible()
    assert fits(page)
    accessible(page)
    assert Post.objects.filter(ends_on=None).count() == 3
    assert not Post.objects.filter(person__given_name__in=["Tom", "Eve"]).exists()


def test_rows_are_pasted_and_imported_by_keyboard_alone(browse, school, head):
    page = browse(head)
    page.goto("/people/import/")
    page.get_by_label("Changes only").focus()
    page.keyboard.press("Space")
    page.get_by_label("A file").focus()
    page.keyboard.press("ArrowRight")
    box = page.get_by_label("Rows", exact=True)
    box.wait_for(state="visible")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(as_csv(person(), delimiter="\t"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Look before you import").wait_for()
    page.get_by_role("button", name="Import", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Imported").wait_for()

    assert Post.objects.filter(person__given_name="Tom").count() == 1


def test_a_long_preview_fits_a_phone(browse, accessible, school, head):
    rows = [person(f"Bartholomew{n}", "Featherstonehaugh-Cholmondeley") for n in range(40)]
    found = draft(as_csv(*rows, person(email="x" * 200)), school, by=head, mode=ImportMode.FULL)
    page = browse(head, size=(320, 640))

    page.goto(f"/people/import/{found.pk}/")

    assert fits(page)
    accessible(page)
    page.get_by_role("link", name="Show all 40").click()
    page.wait_for_load_state()
    assert fits(page)
    page.goto("/people/import/earlier/")
    assert fits(page)
    accessible(page)
