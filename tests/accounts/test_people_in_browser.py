"""Joiners, leavers and a returner by keyboard and mouse, on a desktop and on a phone."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import JobRole, Role
from accounts.models import LocalArea, Organisation, Post, User
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(area: LocalArea) -> Organisation:
    return OrganisationFactory(local_area=area, name="Otterford Primary")


@pytest.fixture
def lead(area: LocalArea, school: Organisation) -> User:
    person = UserFactory(given_name="Nadia", family_name="Ferreira")
    PostFactory(person=person, organisation=school, job_role=JobRole.SENCO)
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    for name in ("Tom Akinwale", "Lucy Bishop", "Omar Cunningham"):
        given, family = name.split()
        PostFactory(organisation=school, person__given_name=given, person__family_name=family)
    return person


def fill_date(page, name: str, day: dt.date) -> None:
    for place, part in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name={name}_{place}]").fill(str(part))


def fits(page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_two_leave_and_come_back(browse, accessible, lead, school, screen, today):
    page = browse(lead, screen)
    page.goto("/people/")
    accessible(page)
    assert fits(page)
    for name in ("Lucy Bishop", "Tom Akinwale"):
        page.get_by_label(f"Select {name}").focus()
        page.keyboard.press("Space")
    assert page.get_by_text("2 selected").is_visible()
    page.get_by_role("button", name="Record their last day").press("Enter")

    page.get_by_role("heading", name="When do these 2 people leave?").wait_for()
    accessible(page)
    assert fits(page)
    fill_date(page, "ends_on", today - dt.timedelta(days=1))
    page.get_by_role("button", name="End 2 posts").click()

    page.get_by_role("heading", name="Their last days are recorded").wait_for()
    accessible(page)
    assert Post.objects.filter(organisation=school, ends_on__isnull=False).count() == 2
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 people are here as before.").wait_for()
    assert not Post.objects.filter(organisation=school, ends_on__isnull=False).exists()


def test_somebody_without_email_joins(browse, accessible, lead, school, screen, today):
    page = browse(lead, screen)
    page.goto("/people/")
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_role("button", name="Add", exact=True).click()
    summary = page.get_by_role("alert")
    summary.wait_for()
    accessible(page)
    assert fits(page)
    assert "Enter given name" in summary.inner_text()

    page.get_by_label("Given name").fill("Rosa")
    page.get_by_label("Family name").fill("Connolly")
    page.get_by_text("They have no email address").click()
    assert not page.locator("#id_email").is_visible()
    page.get_by_label("Job role").select_option(label="Midday supervisor")
    fill_date(page, "starts_on", today)
    page.get_by_role("button", name="Add", exact=True).click()

    page.get_by_role("heading", name="Rosa Connolly").wait_for()
    accessible(page)
    assert fits(page)
    person = User.objects.get(family_name="Connolly")
    assert (person.email, person.posts.get().job_role) == (None, JobRole.MIDDAY_SUPERVISOR)


def test_one_returns_from_leave(browse, accessible, lead, school, screen, today):
    page = browse(lead, screen)
    page.goto("/people/")
    page.get_by_role("link", name="Omar Cunningham").click()
    page.get_by_role("link", name="Leave and return").click()
    accessible(page)
    assert fits(page)
    fill_date(page, "starts_on", today - dt.timedelta(days=40))
    page.get_by_role("button", name="Record leave").click()
    page.get_by_text("On leave").first.wait_for()
    accessible(page)

    page.get_by_role("link", name="Back on").click()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("has at least 30 days for what is due").wait_for()
    assert fits(page)


def test_ones_own_profile(browse, accessible, lead, screen):
    page = browse(lead, screen)
    page.goto("/profile/")
    accessible(page)
    assert fits(page)
    page.get_by_role("link", name="Give your own address").click()
    page.get_by_label("Your own email address").fill("nadia@merrowdale.gov.uk")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("alert").wait_for()
    accessible(page)
    page.get_by_label("Your own email address").fill("nadia.ferreira@gmail.com")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_text("Waits for you to open the link").wait_for()
    accessible(page)
    assert fits(page)
