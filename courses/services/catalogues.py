"""Set up an area's catalogue of courses."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Page

from accounts.models import LocalArea
from courses.models import CourseIndexPage

INTRODUCTION = (
    "Training for everyone who helps children with special educational needs and disabilities: "
    "short courses to take now, live sessions, and longer programmes."
)


@transaction.atomic
def set_up_catalogue(*, local_area: LocalArea) -> CourseIndexPage:
    """Create /courses/ below the area's home, or return it; idempotent."""
    found = CourseIndexPage.objects.child_of(local_area.root_page).first()
    if found is not None:
        return found
    index = CourseIndexPage(
        title="Courses",
        slug="courses",
        introduction=INTRODUCTION,
        is_public=True,
        show_in_menus=True,
    )
    Page.objects.get(pk=local_area.root_page.pk).add_child(instance=index)
    return index
