"""Finding the page of an address: fewer questions, the same answers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from wagtail.models import Page, PageViewRestriction, Site

from accounts.models import LocalArea, User
from core.pages import GuardedPageQuerySet
from tests.factories.accounts import UserFactory, member_of
from website.models import StandardPage


def make_page(area: LocalArea, slug: str = "help", **fields: object) -> StandardPage:
    """Put a page of words below the area's home."""
    home = area.root_page
    home.refresh_from_db()
    return add_page(home, slug, **fields)


def add_page(parent: Page, slug: str, **fields: object) -> StandardPage:
    """Put a page of words below another page."""
    page = StandardPage(title=slug, slug=slug, body="<p>Words.</p>")
    for name, value in {"is_public": True, **fields}.items():
        setattr(page, name, value)
    return parent.add_child(instance=page)


def test_a_page_is_found_by_its_whole_address_at_any_depth(area: LocalArea) -> None:
    page = make_page(area)
    below = add_page(page, "more")
    client = Client()
    assert client.get("/help/").context["page"] == page
    assert client.get("/help/more/").context["page"] == below
    assert client.get("/help/less/").status_code == 404


def test_a_draft_and_another_areas_page_are_not_there(
    area: LocalArea, other_area: LocalArea
) -> None:
    make_page(area, "draft", live=False)
    make_page(other_area, "theirs")
    client = Client()
    assert client.get("/draft/").status_code == 404
    assert client.get("/theirs/").status_code == 404
    assert client.get("/theirs/", headers={"host": "eastmarch.localhost"}).status_code == 200


def test_wagtails_own_restriction_of_a_page_still_holds_below_it(
    area: LocalArea, sign_in: Callable[[User], Client]
) -> None:
    page = make_page(area)
    add_page(page, "more")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert Client().get("/help/more/").status_code == 302
    assert sign_in(member_of(area)).get("/help/more/").status_code == 200


def test_what_the_row_says_and_what_a_list_would_show_agree(
    area: LocalArea, other_area: LocalArea
) -> None:
    people = [AnonymousUser(), member_of(area), UserFactory(), member_of(other_area)]
    for number, (live, is_public) in enumerate(
        [(True, True), (True, False), (False, True), (False, False)]
    ):
        page = make_page(area, f"page-{number}", live=live, is_public=is_public)
        listed = StandardPage.objects.filter(pk=page.pk)
        assert isinstance(listed, GuardedPageQuerySet)
        for person in people:
            assert page.can_view(person) == listed.visible_to(person).exists()


def test_the_area_is_that_of_the_site_wagtail_would_choose(
    area: LocalArea, other_area: LocalArea
) -> None:
    area.site.port = 8000
    area.site.save()
    # The same host on the port asked for, with no area: Wagtail prefers it to the default site.
    rival = Site.objects.create(hostname=area.site.hostname, port=80, root_page=area.root_page)
    client = Client(headers={"host": area.site.hostname})
    assert not client.get("/search/").context["local_area"]
    rival.delete()
    assert client.get("/search/").context["local_area"] == area
    other = client.get("/search/", headers={"host": "eastmarch.localhost"})
    assert other.context["local_area"] == other_area
    # A host no site has gets the default site, as Wagtail has it.
    assert client.get("/search/", headers={"host": "127.0.0.1"}).context["local_area"] == area
