"""An administrator uploads our own lesson in the browser and a colleague tries and approves it."""

from __future__ import annotations

import os
import re
from copy import deepcopy
from pathlib import Path

import pytest

from accounts.services.roles import project_editor_rights
from core import clock
from courses.packages.models import PackageRevision
from courses.packages.services import store_package
from tests.courses.packages.player_host import free_port, running_content_server
from tests.courses.packages.test_services import AT, make_admin
from tests.factories.packages import h5p_file

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def content_server(settings, site_url, tmp_path):
    """Run the content server over the packages of the live application."""
    port = free_port()
    settings.PACKAGE_ROOT = tmp_path / "packages"
    settings.CONTENT_HOST = f"content.localhost:{port}"
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["frame-src"] = [f"http://*.content.localhost:{port}"]
    settings.CONTENT_SECURITY_POLICY = policy
    settings.CMS_CONTENT_SECURITY_POLICY = settings.CMS_CONTENT_SECURITY_POLICY.replace(
        "content.localhost:8001", f"content.localhost:{port}"
    )
    with running_content_server(tmp_path / "packages", port, app_origin=site_url):
        yield


@pytest.fixture
def editor(area):
    """Return a function that makes an administrator with the editor's rights in the CMS."""

    def _editor():
        person = make_admin(area)
        project_editor_rights(person=person, local_area=area, on=clock.today())
        return person

    return _editor


def picture(page, name):
    """Keep a picture of the screen where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"packages-{name}.png", full_page=True)


def test_upload_try_and_approve(content_server, editor, browse, lesson_file):
    uploader, approver = editor(), editor()
    page = browse(uploader)
    page.goto("/cms/packages/")
    page.get_by_role("link", name="Upload").first.click()
    page.get_by_label("Package", exact=True).set_input_files(
        {"name": "bad.h5p", "mimeType": "application/zip", "buffer": b"PK not a zip"}
    )
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("not a zip archive").first.wait_for()
    page.get_by_label("Package", exact=True).set_input_files(lesson_file("information-governance"))
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("somebody else must approve it").first.wait_for()

    colleague = browse(approver)
    colleague.goto(page.url)
    picture(colleague, "waiting")
    colleague.get_by_role("button", name="Try it").click()
    frame = colleague.frame_locator(".app-player iframe")
    frame.get_by_role("heading", name="Why this matters to you").wait_for()
    picture(colleague, "preview")
    width = colleague.locator(".app-player iframe").bounding_box()["width"]
    assert width > 500
    colleague.get_by_role("link", name="Back to the revision").click()
    colleague.get_by_role("button", name="Approve for lessons").click()
    colleague.wait_for_load_state()

    revision = PackageRevision.objects.get()
    assert (revision.state, revision.expected_max) == ("approved", 6.0)
    assert revision.approved_by == approver


def test_the_preview_learns_the_highest_score_of_other_peoples_content(
    area, content_server, editor, browse
):
    script = """
    var H5P = H5P || {};
    H5P.QuestionSet = function () {
      H5P.EventDispatcher.call(this);
      this.attach = function () { this.triggerXAPIScored(3, 5, 'completed', true, true); };
    };
    H5P.QuestionSet.prototype = Object.create(H5P.EventDispatcher.prototype);
    """
    uploader, approver = editor(), editor()
    revision = store_package(
        file=h5p_file(main="H5P.QuestionSet", script=script.encode()),
        local_area=area,
        by=uploader,
        at=AT,
    )
    page = browse(approver)
    page.goto(f"/cms/packages/revisions/{revision.public_id}/")
    with page.expect_response(re.compile("statements")):
        page.get_by_role("button", name="Try it").click()

    revision.refresh_from_db()
    assert revision.expected_max == 5
