"""The command that brings a package into a course: quarantined, in a draft, once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from courses.models import ContentPackage, LessonPage, PackageRevision
from tests.factories.accounts import RoleGrantFactory, member_of
from tests.factories.courses import make_course
from tests.factories.packages import scorm_course, zip_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(area):
    return RoleGrantFactory(
        person=member_of(area), role=Role.TRAINING_ADMIN, local_area=area
    ).person


@pytest.fixture
def course(area):
    return make_course(area)


@pytest.fixture
def package(tmp_path) -> Path:
    file = tmp_path / "fire.zip"
    file.write_bytes(scorm_course().read())
    return file


def run(file: Path, course, **options) -> str:
    out = StringIO()
    call_command("import_package", file, course=course.page.slug, stdout=out, **options)
    return out.getvalue()


def test_it_is_kept_and_waits_in_a_draft_lesson(administrator, course, package):
    before = LessonPage.objects.live().count()

    said = run(package, course)

    assert "waits for its preview and approval" in said
    revision = PackageRevision.objects.get()
    assert (revision.state, revision.uploaded_by) == ("quarantined", administrator)
    lesson = LessonPage.objects.get(title="Fire safety")
    assert not lesson.live
    assert lesson.body[0].value["package"] == revision.package
    assert lesson.is_child_of(course.page)
    assert LessonPage.objects.live().count() == before


def test_the_same_file_twice_is_one_lesson(administrator, course, package):
    run(package, course)

    assert "already in" in run(package, course)

    assert LessonPage.objects.filter(title="Fire safety").count() == 1
    assert ContentPackage.objects.count() == 1


def test_a_refused_file_leaves_nothing_and_says_why(administrator, course, tmp_path):
    bad = tmp_path / "bad.zip"
    bad.write_bytes(zip_file({"index.html": b"<p>"}).read())

    with pytest.raises(CommandError, match=r"Nothing was kept.\n.*no H5P package"):
        run(bad, course)
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "gone.zip", course)

    assert not ContentPackage.objects.exists()


def test_whoever_uploads_is_an_administrator_of_the_area(area, administrator, course, package):
    with pytest.raises(CommandError, match="may not upload"):
        run(package, course, by=member_of(area).email)
    with pytest.raises(CommandError, match="Nobody here"):
        run(package, course, by="nobody@merrowdale.example")

    RoleGrantFactory(person=member_of(area), role=Role.TRAINING_ADMIN, local_area=area)
    with pytest.raises(CommandError, match="--by EMAIL"):
        run(package, course)
    assert not ContentPackage.objects.exists()
    assert "is kept" in run(package, course, by=administrator.email.upper())


def test_a_course_that_is_not_there_is_named(administrator, package):
    with pytest.raises(CommandError, match="no course with the address gone"):
        call_command("import_package", package, course="gone")
