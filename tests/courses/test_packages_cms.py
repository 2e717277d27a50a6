"""Packages in the CMS: two people, one area, and a refusal that says why."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from accounts.services.roles import project_editor_rights
from core import clock
from courses.models import ContentPackage, PackageRevision
from h5p.build import build_lesson
from tests.factories.accounts import RoleGrantFactory, UserFactory


def administrator(area):
    person = UserFactory()
    RoleGrantFactory(person=person, role=Role.TRAINING_ADMIN, local_area=area)
    project_editor_rights(person=person, local_area=area, on=clock.today())
    return person


@pytest.fixture
def lesson_file(tmp_path: Path) -> bytes:
    return build_lesson("information-governance", tmp_path).read_bytes()


def upload(client, content: bytes, name: str = "lesson.h5p"):
    return client.post(
        reverse("courses_packages:upload"),
        {"file": SimpleUploadedFile(name, content), "title": ""},
        follow=True,
    )


@pytest.mark.django_db(transaction=True)
def test_one_uploads_another_tries_and_approves(area, sign_in, lesson_file) -> None:
    callum, imogen = sign_in(administrator(area)), sign_in(administrator(area))
    kept = upload(callum, lesson_file)
    assert "somebody else must approve it" in kept.content.decode()
    revision = PackageRevision.objects.get()
    own = callum.post(reverse("courses_packages:approve", args=[revision.public_id]))
    assert own.headers["Location"] == reverse("wagtailadmin_home")
    revision.refresh_from_db()
    assert revision.state == "quarantined"

    before = imogen.post(
        reverse("courses_packages:approve", args=[revision.public_id]), follow=True
    )
    assert "Open the preview first" in before.content.decode()
    preview = imogen.post(reverse("courses_packages:preview", args=[revision.public_id]))
    assert preview.context["player"].statements_url in preview.content.decode()
    imogen.post(reverse("courses_packages:approve", args=[revision.public_id]))
    revision.refresh_from_db()
    assert revision.is_playable
    listed = callum.get(reverse("courses_packages:list")).content.decode()
    assert revision.package.title in listed


@pytest.mark.django_db
def test_a_broken_file_is_refused_with_its_reasons(area, sign_in) -> None:
    client = sign_in(administrator(area))
    answer = upload(client, io.BytesIO(b"not an archive").getvalue())
    page = answer.content.decode()
    assert "The file was not kept." in page
    assert answer.context["form"].errors["file"]
    assert not ContentPackage.objects.exists()


@pytest.mark.django_db
def test_other_areas_packages_are_not_there(area, other_area, sign_in, lesson_file) -> None:
    upload(sign_in(administrator(area)), lesson_file)
    revision = PackageRevision.objects.get()
    stranger = sign_in(administrator(other_area))
    url = reverse("courses_packages:revision", args=[revision.public_id])
    assert stranger.get(url, headers={"host": "eastmarch.localhost"}).status_code == 404
    # On Merrowdale's own site the stranger administers nothing: the CMS sends them home.
    assert stranger.get(url).headers["Location"] == reverse("wagtailadmin_home")


@pytest.mark.django_db
def test_learners_have_no_business_there(area, sign_in) -> None:
    answer = sign_in(UserFactory()).get(reverse("courses_packages:list"))
    assert answer.status_code in (302, 403)
    assert "Packages" not in answer.content.decode()
