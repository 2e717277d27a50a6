"""Priya in a browser: the register by keyboard alone, the home on both screens, axe on each."""

from __future__ import annotations

import pytest

from networks.models import Attendance, Reply
from tests.factories.accounts import OrganisationFactory
from tests.factories.networks import join, make_led_network, make_meeting, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def forum(area):
    network, lead = make_led_network(area, standing_items="Shared practice")
    for _ in range(13):
        setting = OrganisationFactory(local_area=area)
        for _ in range(3):
            join(network, make_person(area, setting))
    return network, lead


def test_forty_people_are_registered_by_one_key_each(forum, browse, accessible, screen) -> None:
    network, lead = forum
    meeting = make_meeting(network, lead)
    page = browse(lead, screen)
    page.goto(f"{meeting.get_absolute_url()}register/")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]

    page.focus("[data-register-row] input")
    for key in "p" * 36 + "aaxx":
        page.keyboard.press(key)
    assert page.inner_text("[data-register-count]") == "40"
    # After the last person the button has the focus: one more press saves.
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{meeting.get_absolute_url()}")

    assert "36 present, 2 apologies, 2 absent" in page.inner_text("main")
    assert Attendance.objects.count() == 40


def test_the_register_works_without_the_script(forum, chromium, browse) -> None:
    network, lead = forum
    meeting = make_meeting(network, lead)
    page = browse(lead)
    page.route("**/*.js", lambda route: route.abort())
    page.goto(f"{meeting.get_absolute_url()}register/")
    page.focus("[data-register-row] input")
    page.keyboard.press("Space")
    page.click("text=Save the register")
    assert "39 still to record" in page.inner_text("main")
    assert Attendance.objects.get().presence == "present"


def test_one_press_on_the_home_answers_the_invitation(forum, browse, accessible, screen) -> None:
    network, lead = forum
    make_meeting(network, lead, days=5)
    member = network.memberships.exclude(person=lead).first().person
    page = browse(member, screen)
    page.goto(network.get_absolute_url())
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
    page.focus("text=I am going")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You are going.")
    assert Reply.objects.get().person == member


def test_a_held_message_tells_its_author_calmly(forum, browse, accessible, screen) -> None:
    network, lead = forum
    member = network.memberships.exclude(person=lead).first().person
    page = browse(member, screen)
    page.goto(f"{network.get_absolute_url()}messages/write/")
    accessible(page)
    page.fill("[name=title]", "A form")
    page.fill("[name=body]", "The number on it is 943 476 5919")
    page.focus("button:has-text('Send')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your message is held")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
