"""Bring an H5P or SCORM file into a course: manage.py import_package FILE --course SLUG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.enums import Role
from accounts.models import LocalArea, RoleGrant, User
from core import clock
from courses.models import Course
from courses.packages.store import UnableToStorePackage
from courses.services.imports import import_package


class Command(BaseCommand):
    """Thin edge around courses.services.imports.import_package."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--course", required=True, metavar="SLUG")
        parser.add_argument("--local-area", metavar="CODE", help="needed where several have it")
        parser.add_argument(
            "--by",
            metavar="EMAIL",
            help="the training administrator who uploads it; may be left out where there is one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Store, add the lesson, say what is left to do; a refused file changes nothing."""
        course = self._course(options["course"], options["local_area"])
        by = self._administrator(options["by"], course.local_area)
        try:
            with options["file"].open("rb") as file:
                done = import_package(file=file, course=course, by=by, at=clock.now())
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except PermissionDenied as error:
            raise CommandError(f"{by} may not upload packages for {course.local_area}.") from error
        except UnableToStorePackage as error:
            raise CommandError("Nothing was kept.\n" + "\n".join(error.reasons)) from error
        where = f"the draft lesson “{done.lesson.title}” of “{course}”"
        self.stdout.write(
            f"{done.revision} is kept and waits for its preview and approval. "
            f"{'It is in' if done.is_new else 'It was already in'} {where}."
        )

    def _course(self, slug: str, code: str | None) -> Course:
        found = Course.objects.filter(page__slug=slug).select_related("local_area", "page")
        if code:
            found = found.filter(local_area__code=code)
        courses = list(found[:2])
        if not courses:
            raise CommandError(f"There is no course with the address {slug}.")
        if len(courses) > 1:
            raise CommandError("Several local areas have such a course. Say which: --local-area.")
        return courses[0]

    def _administrator(self, email: str | None, local_area: LocalArea) -> User:
        if email:
            person = User.objects.filter(email__iexact=email, is_active=True).first()
            if person is None:
                raise CommandError(f"Nobody here has the address {email}.")
            return person
        grants = RoleGrant.objects.in_force(clock.today()).filter(
            role=Role.TRAINING_ADMIN, local_area=local_area, organisation__isnull=True
        )
        people = list(User.objects.filter(pk__in=grants.values("person"), is_active=True)[:2])
        if len(people) != 1:
            raise CommandError("Say who uploads it: --by EMAIL of a training administrator.")
        return people[0]
