"""A page that is not public is for the people of its own local area."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Post
from core import clock
from courses.models import Course, CoursePage, LessonPage
from tests.factories.accounts import UserFactory, member_of
from tests.factories.courses import make_course
from tests.factories.resources_repo import publish

pytestmark = pytest.mark.django_db

EASTMARCH = "eastmarch.localhost"


@pytest.fixture
def theirs(area, other_area):
    """A course of the next area, and a page of its library."""
    return make_course(other_area), publish(other_area)


@pytest.mark.parametrize("whose", ["the neighbours", "nobody"])
def test_a_stranger_who_is_signed_in_reads_public_pages_only(area, sign_in, theirs, whose):
    course, resource = theirs
    stranger = member_of(area) if whose == "the neighbours" else UserFactory()
    client = sign_in(stranger)

    for page in (course.page, course.page.get_children().first(), resource):
        assert client.get(page.relative_url(None), headers={"host": EASTMARCH}).status_code == 404
    assert not Course.objects.visible_to(stranger).exists()
    assert not CoursePage.objects.visible_to(stranger).exists()
    assert not LessonPage.objects.visible_to(stranger).exists()
    assert course.title.encode() not in client.get("/courses/", headers={"host": EASTMARCH}).content

    CoursePage.objects.update(is_public=True)
    assert (
        client.get(course.page.relative_url(None), headers={"host": EASTMARCH}).status_code == 200
    )
    assert Course.objects.visible_to(stranger).get() == course


def test_whoever_works_there_reads_them_until_the_post_ends(other_area, sign_in, theirs):
    course, _ = theirs
    colleague = member_of(other_area)
    client = sign_in(colleague)
    address = course.page.relative_url(None)
    assert client.get(address, headers={"host": EASTMARCH}).status_code == 200

    yesterday = clock.today() - dt.timedelta(days=1)
    Post.objects.filter(person=colleague).update(ends_on=yesterday)

    assert client.get(address, headers={"host": EASTMARCH}).status_code == 404
