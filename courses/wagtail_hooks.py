"""What the CMS gets from courses: the quiz bank, choosers, and the refusal of unready courses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from accounts.models import User
from courses.choosers import package_chooser_viewset
from courses.integrity import Finding, course_findings, lesson_findings
from courses.models import Course, CoursePage, LessonPage
from courses.packages.permissions import can_upload_package
from courses.quiz_bank import QuizViewSet
from courses.services.versions import keep_as_draft

register_snippet(QuizViewSet)


@hooks.register("register_admin_viewset")
def register_package_chooser() -> ViewSet:
    """Offer the chooser of packages."""
    return package_chooser_viewset


@hooks.register("register_admin_urls")
def register_package_urls() -> list[URLResolver]:
    """Mount the screens of packages below /cms/packages/."""
    return [path("packages/", include("courses.cms_urls"))]


class PackageMenuItem(MenuItem):
    """Shown to whoever may upload packages for the area."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the person administers training here."""
        user, area = request.user, request.local_area  # type: ignore[attr-defined]
        return bool(
            isinstance(user, User) and area and can_upload_package(user, area, on=request.today)  # type: ignore[attr-defined]
        )


@hooks.register("register_admin_menu_item")
def register_package_menu() -> MenuItem:
    """Add packages to the menu, after the quizzes."""
    return PackageMenuItem(
        "Packages", reverse_lazy("courses_packages:list"), icon_name="media", order=320
    )


@hooks.register("before_publish_page")
def refuse_unready(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Keep the draft and say what is missing, instead of publishing an unready course or lesson."""
    specific = page.specific if type(page) is Page else page
    findings = findings_of(specific)
    if not findings:
        return None
    keep_as_draft(page=specific)
    items = format_html_join("", "<li>{}</li>", ((str(finding),) for finding in findings))
    messages.error(
        request,
        format_html(
            "Your changes are saved as a draft. “{}” was not published, because:<ul>{}</ul>",
            specific.title,
            items,
        ),
    )
    return redirect("wagtailadmin_pages:edit", specific.pk)


@hooks.register("before_delete_page")
def refuse_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Send whoever deletes a published course to unpublish it: records rest on it."""
    published = Course.objects.filter(page__path__startswith=page.path)
    lessons = LessonPage.objects.filter(path__startswith=page.path, activities__isnull=False)
    if not published.exists() and not lessons.exists():
        return None
    messages.error(
        request,
        f"“{page.get_admin_display_title()}” cannot be deleted: people's records rest on it. "
        "Unpublish it instead; nobody will see it then.",
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


def findings_of(page: Page) -> list[Finding]:
    """Return what a page of ours lacks; other pages lack nothing."""
    if isinstance(page, CoursePage):
        return course_findings(page)
    if isinstance(page, LessonPage):
        return lesson_findings(page)
    return []
