"""The screens of personal data in a browser, on both screens, by keyboard, without barriers."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.models import PrivacyRequest
from accounts.privacy.requests import ask_for_copy, ask_for_erasure
from core import clock
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.privacy import make_known_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page) -> bool:
    return page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def test_a_person_reads_their_data_and_asks_to_be_erased(area, browse, accessible, screen):
    person = make_known_person(area)
    ask_for_copy(person=person, local_area=area, at=clock.now())
    page = browse(person, screen)

    page.goto("/profile/data/")
    accessible(page)
    assert fits(page)
    page.get_by_role("link", name="What is erased, what stays, and how to ask").click()
    accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Ask to be erased").click()
    assert page.get_by_role("alert").get_by_text("Tick the box").is_visible()
    accessible(page)
    box = page.get_by_label("I have read what is erased and what stays")
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/profile/data/")
    assert page.get_by_role("button", name="Withdraw your request").is_visible()
    assert PrivacyRequest.objects.filter(kind="erasure", person=person).exists()


def test_the_officer_works_through_the_desk(area, browse, accessible, screen):
    person = make_known_person(area)
    asked = ask_for_erasure(person=person, local_area=area, at=clock.now())
    dpo = UserFactory()
    RoleGrantFactory(person=dpo, role=Role.DPO, local_area=area)
    page = browse(dpo, screen)

    for path in (
        "/privacy/requests/",
        f"/privacy/requests/{asked.pk}/",
        "/privacy/requests/new/",
        "/privacy/holds/",
        "/privacy/holds/place/",
        "/privacy/retention/?count=today",
        "/privacy/retention/leavers/",
    ):
        page.goto(path)
        accessible(page)
        assert fits(page), path
    page.goto(f"/privacy/requests/{asked.pk}/")
    page.get_by_label("Refuse it").check()
    page.get_by_label("What do you tell them?").fill("You still work here.")
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("Refused. The person is told.").wait_for()
    accessible(page)
