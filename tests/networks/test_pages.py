"""Pages of networks and resources: routable, renderable, editable, previewable."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data, streamfield

from accounts.enums import Role
from accounts.models import User
from networks.models import NetworkPage
from resources_repo.models import ResourceIndexPage, ResourcePage
from resources_repo.services.library import set_up_library
from tests.factories.accounts import RoleGrantFactory, make_area
from tests.factories.networks import make_led_network
from tests.factories.resources_repo import publish, text_file
from website.models import HomePage


class PageTests(WagtailPageTestCase):
    """Every page type of the two rooms, for an editor of the area."""

    def setUp(self) -> None:
        """Sign in the break-glass account, who sees all of the CMS."""
        self.area = make_area()
        self.editor = User.objects.create_superuser(
            "editor@merrowdale.example", "not-used", given_name="Eda", family_name="Itor"
        )
        RoleGrantFactory(person=self.editor, role=Role.TRAINING_ADMIN, local_area=self.area)
        self.client = Client()
        self.client.force_login(self.editor)

    def _check(self, page) -> None:
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page, user=self.editor)
        self.assertPageIsPreviewable(page)

    def test_the_list_of_networks_and_a_home(self) -> None:
        network, _ = make_led_network(self.area)
        home = NetworkPage.objects.get(network=network)
        index = home.get_parent().specific
        content = nested_form_data({"introduction": streamfield([])})
        self.assertPageIsRoutable(home)
        self.assertPageIsPreviewable(home, post_data=content)
        self.assertPageIsEditable(
            home, post_data={**content, "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
        )
        self._check(index)
        self.assertPageIsEditable(index)
        self.assertAllowedSubpageTypes(NetworkPage, {})

    def test_networks_are_not_begun_in_the_cms(self) -> None:
        assert not NetworkPage.is_creatable

    def test_the_library_and_a_resource(self) -> None:
        index = set_up_library(local_area=self.area)
        self._check(index)
        self.assertPageIsEditable(index)
        page = publish(self.area, file=text_file())
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page, user=self.editor)
        self.assertAllowedParentPageTypes(ResourcePage, {ResourceIndexPage})
        self.assertAllowedParentPageTypes(ResourceIndexPage, {HomePage})


@pytest.mark.django_db
def test_the_editor_saves_tags_as_a_draft_and_the_live_page_keeps_its_own(area) -> None:
    editor = User.objects.create_superuser(
        "editor@merrowdale.example", "not-used", given_name="Eda", family_name="Itor"
    )
    page = publish(area, file=text_file())
    form_class = ResourcePage.get_edit_handler().get_form_class()
    form = form_class(
        {
            "title": page.title, "slug": page.slug, "summary": page.summary,
            "resource_type": "guide", "needs": ["ASD", "HI"], "phases": ["primary"],
            "tiers": ["universal"], "licence": "ogl", "body-count": "0",
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
        },
        instance=page.get_latest_revision_as_object(),
        for_user=editor,
    )  # fmt: skip
    assert form.is_valid(), form.errors
    draft = form.save(commit=False)
    revision = draft.save_revision(user=editor)

    live = ResourcePage.objects.get(pk=page.pk)
    assert live.values_of("need") == ["SEMH"]
    revision.publish()
    live = ResourcePage.objects.get(pk=page.pk)
    assert live.values_of("need") == ["ASD", "HI"]
    assert live.values_of("area") == ["communication", "sensory"]
    assert live.current_version == page.current_version
