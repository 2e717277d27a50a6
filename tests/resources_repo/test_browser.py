"""The library, the matrix and sharing in a browser, on both screens, with axe."""

from __future__ import annotations

import pytest

from resources_repo.models import ResourcePage
from resources_repo.services.library import set_up_library
from tests.factories.networks import join, make_network, make_person
from tests.factories.resources_repo import make_reviewer, office_file, publish, text_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page, screen) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]


def test_find_by_filters_and_take_them_off(area, browse, accessible, screen) -> None:
    publish(area, title="Quiet corners", tags={"need": ["ASD"], "phase": ["primary"]})
    publish(area, title="Return plan", file=text_file())
    page = browse(make_person(area), screen)
    page.goto("/resources/")
    accessible(page)
    fits(page, screen)
    page.fill("[name=q]", "return")
    page.keyboard.press("Enter")
    page.wait_for_selector("h2:has-text('1 resource')")
    assert "Quiet corners" not in page.inner_text("main")
    page.click(".wm-chip--remove")
    page.wait_for_selector("h2:has-text('2 resources')")
    page.click("text=Return plan")
    page.wait_for_selector("text=plan.txt")
    accessible(page)
    fits(page, screen)


def test_the_matrix_leads_to_sharing_what_is_missing(area, browse, accessible, screen) -> None:
    publish(area)
    page = browse(make_person(area), screen)
    page.goto("/resources/matrix/")
    accessible(page)
    fits(page, screen)
    page.click("a:has-text('Share one: Hearing impairment, Primary')")
    page.wait_for_url("**/resources/submit/**")
    assert page.is_checked("input[name=needs][value=HI]")
    assert page.is_checked("input[name=phases][value=primary]")
    accessible(page)
    fits(page, screen)


def test_share_review_and_publish(area, browse, accessible, screen) -> None:
    set_up_library(local_area=area)
    author, reviewer = make_person(area), make_reviewer(area)
    network = make_network(area, "Special schools and additionally resourced mainstream outreach")
    join(network, author)
    page = browse(author, screen)
    page.goto("/resources/submit/")
    fits(page, screen)
    page.click("button:has-text('Send to a reviewer')")
    page.wait_for_selector("text=There is a problem")
    accessible(page)
    page.fill("[name=title]", "Hall audit")
    page.fill("[name=summary]", "Twelve questions for a walk through the hall.")
    page.select_option("[name=resource_type]", "audit")
    upload = office_file()
    page.set_input_files(
        "[name=file]", {"name": upload.name, "mimeType": "", "buffer": upload.read()}
    )
    for name, value in (("phases", "primary"), ("tiers", "universal"), ("licence", "ogl")):
        page.check(f"input[name={name}][value={value}]")
    page.check("[name=no_pupil_data]")
    page.click("button:has-text('Send to a reviewer')")
    page.wait_for_selector("text=Thank you")
    accessible(page)

    desk = browse(reviewer, screen)
    desk.goto("/resources/review/")
    accessible(desk)
    desk.click("text=Hall audit")
    desk.check("input[name=decision][value=approve]")
    accessible(desk)
    fits(desk, screen)
    desk.click("text=Save decision")
    desk.wait_for_selector("text=“Hall audit” is published.")
    assert ResourcePage.objects.get().live
