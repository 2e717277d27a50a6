"""Search finds what the person may read, and never hints at anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.test import Client

from accounts.models import LocalArea, User
from networks.enums import Visibility
from tests.factories.courses import make_course
from tests.factories.networks import join, make_led_network, make_network, make_person
from tests.factories.resources_repo import publish
from website.areas import add_standard_pages
from website.models import HomePage
from website.search import LONGEST_QUERY, search_groups, tidy


@pytest.fixture
def content(area: LocalArea) -> None:
    """One public and one closed thing of each type, all about lighthouses."""
    make_course(area, "Lighthouse teaching", is_public=True)
    make_course(area, "Lighthouse leadership", is_public=False)
    network, lead = make_led_network(area, name="Lighthouse forum")
    make_network(area, "Lighthouse keepers", visibility=Visibility.HIDDEN)
    publish(area, lead, title="Lighthouse plan", network=network)
    call_command("update_index", verbosity=0)


def titles(query: str, user: User | AnonymousUser, area: LocalArea) -> dict[str, list[str]]:
    groups = search_groups(query, user=user, local_area=area)
    return {group.name: sorted(found.title for found in group.results) for group in groups}


def test_a_colleague_finds_all_that_is_not_hidden(area: LocalArea, content: None) -> None:
    assert titles("lighthouse", make_person(area), area) == {
        "Courses": ["Lighthouse leadership", "Lighthouse teaching"],
        "Resources": ["Lighthouse plan"],
        "Networks": ["Lighthouse forum"],
    }


def test_a_visitor_finds_what_is_open_to_everyone(area: LocalArea, content: None) -> None:
    found = titles("lighthouse", AnonymousUser(), area)
    assert found["Courses"] == ["Lighthouse teaching"]
    assert "Networks" not in found


def test_members_find_their_hidden_network(area: LocalArea, content: None) -> None:
    hidden = make_network(area, "Lighthouse lamps", visibility=Visibility.HIDDEN)
    member = make_person(area)
    join(hidden, member)
    call_command("update_index", verbosity=0)
    assert "Lighthouse lamps" in titles("lamps", member, area)["Networks"]
    assert titles("lamps", make_person(area), area) == {}


def test_another_area_finds_nothing_of_ours(
    area: LocalArea, other_area: LocalArea, content: None
) -> None:
    assert titles("lighthouse", make_person(other_area), other_area) == {}


def test_one_query_a_type_whatever_there_is_to_find(
    area: LocalArea,
    content: None,
    django_assert_num_queries: Callable,
) -> None:
    person = make_person(area)
    area.root_page  # noqa: B018 - read once a request, by the middleware
    with django_assert_num_queries(4):
        search_groups("lighthouse", user=person, local_area=area)
    for number in range(12):
        make_course(area, f"Lighthouse course {number}", is_public=True)
    call_command("update_index", verbosity=0)
    with django_assert_num_queries(4):
        groups = search_groups("lighthouse", user=person, local_area=area)
    courses = next(group for group in groups if group.name == "Courses")
    assert len(courses.results) == 10
    assert courses.more_url == "/courses/?q=lighthouse"
    assert courses.count_text == "the first 10"


def test_the_page_groups_results_and_links_to_them(area: LocalArea, content: None) -> None:
    text = Client().get("/search/", {"q": "lighthouse"}).content.decode()
    assert 'href="/courses/lighthouse-teaching/"' in text
    assert "Lighthouse leadership" not in text
    assert "1 course" in text


def test_help_pages_are_found(area: LocalArea) -> None:
    add_standard_pages(home=HomePage.objects.get(pk=area.root_page.pk), area=area)
    call_command("update_index", verbosity=0)
    found = titles("accessibility", AnonymousUser(), area)
    assert "Accessibility statement" in found["Help and information"]


@pytest.mark.parametrize("query", ["zzzqqq", "' OR 1=1 --", '"', "*", "<script>"])
def test_odd_words_find_nothing_and_break_nothing(area: LocalArea, query: str) -> None:
    answer = Client().get("/search/", {"q": query})
    assert answer.status_code == 200
    assert b"<script>" not in answer.content.replace(b'<script type="module"', b"")


def test_a_query_is_tidied_before_it_is_used() -> None:
    assert tidy("  two \n words\x00 ") == "two words"
    assert len(tidy("x" * 5_000)) == LONGEST_QUERY


def test_an_empty_search_asks_for_words(area: LocalArea) -> None:
    text = Client().get("/search/").content.decode()
    assert "Nothing found" not in text
    assert 'type="search"' in text
