"""The CMS as an editor of one area: other areas, hidden networks, users and documents."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Page

from accounts.enums import Role
from accounts.models import User
from accounts.services.roles import grant_role
from core import clock
from core.models import HouseDocument
from networks.enums import Visibility
from tests.factories.networks import join, make_network, make_person
from website.models import StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(area):
    """A training administrator of Merrowdale."""
    person = make_person(area)
    grant_role(
        by=None,
        person=person,
        role=Role.TRAINING_ADMIN,
        local_area=area,
        starts_on=dt.date(2025, 9, 1),
        at=clock.now(),
    )
    return User.objects.get(pk=person.pk)


@pytest.fixture
def document(area):
    """A document an editor has uploaded."""
    document = HouseDocument(title="Draft panel minutes", collection=area.collection)
    document.file.save("minutes.txt", ContentFile(b"Not for everyone"), save=False)
    document.save()
    yield document
    document.file.delete(save=False)


def test_the_chooser_offers_no_other_area(area, other_area, editor, sign_in):
    client = sign_in(editor)
    root = Page.get_first_root_node()

    body = client.get(f"/cms/choose-page/{root.pk}/").content.decode()

    assert "Merrowdale" in body
    assert "Eastmarch" not in body


def test_a_hidden_network_is_not_there_for_an_editor_outside_it(area, editor, sign_in):
    hidden = make_network(area, "Family group conference", visibility=Visibility.HIDDEN)
    index = hidden.page.get_parent()
    client = sign_in(editor)

    assert "Family group" not in client.get(f"/cms/pages/{index.pk}/").content.decode()
    assert "Family group" not in client.get(f"/cms/choose-page/{index.pk}/").content.decode()
    assert client.get(f"/cms/pages/{hidden.page.pk}/edit/").status_code == 404

    join(hidden, editor)
    assert "Family group" in client.get(f"/cms/pages/{index.pk}/").content.decode()
    assert client.get(f"/cms/pages/{hidden.page.pk}/edit/").status_code == 200


@pytest.mark.parametrize(
    "address", ["/cms/account/", "/cms/users/edit/{pk}/", "/cms/users/new/", "/cms/groups/new/"]
)
def test_no_editor_makes_themselves_a_superuser(editor, sign_in, address):
    client = sign_in(editor)
    people = User.objects.count()

    client.post(
        address.format(pk=editor.pk),
        {"email": "new@evil.example", "is_superuser": "on", "is_staff": "on", "groups": ["1"]},
    )

    editor.refresh_from_db()
    assert (editor.is_superuser, editor.is_staff) == (False, False)
    assert [group.name for group in editor.groups.all()] == ["Merrowdale: editors"]
    assert User.objects.count() == people


@pytest.mark.parametrize(
    "screen", ["users/", "groups/", "sites/", "collections/", "workflows/list/"]
)
def test_an_editor_sees_no_administration(editor, sign_in, screen):
    response = sign_in(editor).get(f"/cms/{screen}")

    assert response.headers["Location"] == "/cms/"


BAD_FILES = {
    "plan.txt": b"<html><script>alert(1)</script></html>",
    "plan.pdf": b"MZ\x90\x00 a program under another name",
    "plan.docx": b"not an archive",
    "pupils.csv": b"Name,NHS number\nA child,943 476 5919\n",
    "plan.html.txt": b"two endings",
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("screen", ["documents/add/", "documents/multiple/add/"])
def test_an_upload_is_judged_by_what_it_is(area, editor, sign_in, name, screen):
    file = SimpleUploadedFile(name, BAD_FILES[name])
    sent = {"title": "Plan", "collection": area.collection_id, "file": file, "files[]": file}

    sign_in(editor).post(f"/cms/{screen}", sent, headers={"x-requested-with": "XMLHttpRequest"})

    assert not HouseDocument.objects.exists()


@pytest.mark.parametrize("screen", ["documents/add/", "documents/multiple/add/"])
def test_an_honest_upload_is_kept_whole(area, editor, sign_in, screen):
    file = SimpleUploadedFile("plan.txt", b"One small step a week.")
    field = "file" if screen == "documents/add/" else "files[]"
    sent = {"title": "Plan", "collection": area.collection_id, field: file}

    sign_in(editor).post(f"/cms/{screen}", sent, headers={"x-requested-with": "XMLHttpRequest"})

    document = HouseDocument.objects.get()
    with document.open_file() as kept:
        assert kept.read() == b"One small step a week."
    document.file.delete(save=False)


def test_the_interfaces_that_list_every_areas_files_are_closed(area, document, editor, sign_in):
    client = sign_in(editor)

    for path in ("documents/", "images/", f"documents/{document.pk}/"):
        assert client.get(f"/cms/api/main/{path}").status_code == 403
    assert client.get("/cms/reports/page-types-usage/").status_code == 403


def test_a_hidden_network_is_in_no_search_history_or_bulk_action(area, editor, sign_in):
    hidden = make_network(area, "Family group conference", visibility=Visibility.HIDDEN)
    page, client = hidden.page, sign_in(editor)
    hidden_from = (
        "pages/search/?q=Family",
        "reports/site-history/",
        f"bulk/wagtailcore/page/unpublish/?id={page.pk}",
        f"choose-page/chosen-multiple/?id={page.pk}",
        f"pages/{page.pk}/history/",
        f"pages/{page.pk}/view_draft/",
        f"pages/{page.pk}/lock/",
        f"pages/{page.pk}/move/",
    )

    for path in hidden_from:
        assert b"Family group" not in client.get(f"/cms/{path}").content, path
    path_before = page.path
    client.post(f"/cms/pages/{page.pk}/set_position/?position=0")
    page.refresh_from_db()
    assert page.path == path_before

    join(hidden, editor)
    for path in hidden_from[:2]:
        assert b"Family group" in client.get(f"/cms/{path}").content, path


def test_no_link_signs_an_editor_out(editor, sign_in):
    client = sign_in(editor)

    client.get("/cms/logout/")
    assert client.get("/cms/").status_code == 200

    client.post("/cms/logout/")
    assert client.get("/cms/").status_code == 302


class TestDocument:
    """Whoever knows number and name of a document gets it only with a page that leads to it."""

    def address(self, document: HouseDocument) -> str:
        return f"/documents/{document.pk}/{document.filename}"

    def page(self, area, document: HouseDocument, **fields: bool) -> StandardPage:
        page = StandardPage(
            title="How we decide",
            slug="how-we-decide",
            body=f'<p><a linktype="document" id="{document.pk}">x</a></p>',
            **fields,
        )
        return area.root_page.add_child(instance=page)

    def test_that_no_page_uses_is_its_editors_own(self, area, document, editor, client, sign_in):
        assert client.get(self.address(document)).status_code == 404
        assert sign_in(make_person(area)).get(self.address(document)).status_code == 404
        assert sign_in(editor).get(self.address(document)).status_code == 200

    def test_of_a_draft_is_not_handed_out(self, area, document, client, sign_in):
        self.page(area, document, live=False, is_public=True)

        assert client.get(self.address(document)).status_code == 404
        assert sign_in(make_person(area)).get(self.address(document)).status_code == 404

    def test_of_a_page_behind_sign_in_needs_sign_in(self, area, document, client, sign_in):
        self.page(area, document, is_public=False)

        assert client.get(self.address(document)).status_code == 404
        assert sign_in(make_person(area)).get(self.address(document)).status_code == 200

    def test_of_a_public_page_is_public(self, area, document, client):
        self.page(area, document, is_public=True)

        assert client.get(self.address(document)).status_code == 200
