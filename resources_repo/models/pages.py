"""Pages of resources_repo: the library at /resources/, and a page for each resource."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager, PagePermissionTester
from wagtail.search import index

from core.pages import GuardedPage
from resources_repo.blocks import ResourceBodyBlock
from resources_repo.enums import AREA_OF_NEED, FACET_CHOICES, Facet, Licence, ResourceType
from resources_repo.page_forms import ResourcePageForm
from resources_repo.querysets import ResourcePageQuerySet

ResourcePageManager = PageManager.from_queryset(ResourcePageQuerySet)


class ResourceIndexPage(GuardedPage):
    """The library: search with facets."""

    introduction = models.TextField(blank=True, max_length=400)

    content_panels = [*GuardedPage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["website.HomePage"]
    subpage_types = ["resources_repo.ResourcePage"]
    max_count_per_parent = 1
    template = "pages/resources_repo/index.html"

    class Meta:
        verbose_name = "resource library"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the results of the filters in the address."""
        from resources_repo.screens import library_context

        context = super().get_context(request, *args, **kwargs)
        context |= library_context(request, self)
        return context


class ResourcePermissions(PagePermissionTester):
    """What someone may do in the CMS: as elsewhere, but nobody publishes what is their own."""

    def can_publish(self) -> bool:
        """Whether the person may publish: an editor or reviewer who did not submit it."""
        own = self.user.pk in (self.page.contributor_id, self.page.owner_id)
        return bool(super().can_publish() and (self.user.is_superuser or not own))


class ResourcePage(GuardedPage):
    """A resource: what it is for, its text, its file, who owns it and keeps it fresh.

    `current_version` is part of the page's revision, so a proposed file waits with its draft and
    goes live (or not) with it.
    """

    summary = models.TextField(
        max_length=260, help_text="What it is for, in two lines. Shown in lists."
    )
    resource_type = models.CharField("type", max_length=20, choices=ResourceType)
    body = StreamField(ResourceBodyBlock(), blank=True)
    network = models.ForeignKey(
        "networks.Network",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resources",
        help_text="The network that owns it and keeps it fresh.",
    )
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resources_contributed",
    )
    credit = models.CharField(
        max_length=200, blank=True, help_text="Who is thanked, as it should read."
    )
    licence = models.CharField(max_length=10, choices=Licence, default=Licence.OGL)
    review_by_on = models.DateField("review by", null=True, blank=True)
    no_pupil_data_confirmed = models.BooleanField(
        "holds no information about any child", default=False
    )
    current_version = models.ForeignKey(
        "resources_repo.ResourceVersion",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    objects = ResourcePageManager()
    base_form_class = ResourcePageForm

    search_fields = [
        *GuardedPage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.SearchField("tag_words"),
    ]
    content_panels = [
        *GuardedPage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("resource_type"),
                FieldPanel("needs"),
                FieldPanel("themes"),
                FieldPanel("phases"),
                FieldPanel("tiers"),
                FieldPanel("stages"),
            ],
            heading="How people find it",
        ),
        FieldPanel("body"),
        HelpPanel("The file and its versions are added from the resource's own page."),
        MultiFieldPanel(
            [
                FieldPanel("network"),
                FieldPanel("credit"),
                FieldRowPanel([FieldPanel("licence"), FieldPanel("review_by_on")]),
                FieldPanel("no_pupil_data_confirmed"),
            ],
            heading="Ownership and terms",
        ),
    ]
    parent_page_types = ["resources_repo.ResourceIndexPage"]
    subpage_types: list[str] = []
    template = "pages/resources_repo/resource.html"

    class Meta:
        verbose_name = "resource"
        indexes = [
            models.Index(fields=["resource_type"], name="resource_by_type"),
            models.Index(fields=["network"], name="resource_by_network"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Let nobody publish their own in the CMS either; see ResourcePermissions."""
        return ResourcePermissions(user, self)

    def values_of(self, facet: str) -> list[str]:
        """Return the page's tags of one facet, in the order of the vocabulary."""
        held = {tag.value for tag in self._tag_list() if tag.facet == facet}
        return [value for value in FACET_CHOICES[facet].values if value in held]

    def _tag_list(self) -> list[ResourceTag]:
        manager: Any = self.tags
        return list(manager.all())

    def set_tags(self, **facets: Iterable[str]) -> None:
        """Replace the tags: `need=["ASD"], phase=[...]`; areas of need follow from the needs.

        Raises ValueError for a word that is not in the vocabulary. Saved with the page or its
        revision.
        """
        tags = []
        needs = set(facets.get(Facet.NEED, ()))
        facets[Facet.AREA] = {AREA_OF_NEED[need] for need in needs if need in AREA_OF_NEED}
        for facet, values in facets.items():
            allowed = FACET_CHOICES[facet].values
            for value in sorted(set(values)):
                if value not in allowed:
                    raise ValueError(f"{value} is not a {facet}.")
                tags.append(ResourceTag(facet=facet, value=value))
        self.tags = tags

    def tag_words(self) -> str:
        """Return the labels of all tags, so that searching for words finds them."""
        return " ".join(
            [self.get_resource_type_display(), *(tag.label for tag in self._tag_list())]
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add files, versions, use and what the person may do."""
        from resources_repo.screens import resource_context

        context = super().get_context(request, *args, **kwargs)
        context |= resource_context(request, self)
        return context


class ResourceTag(models.Model):
    """One word of one vocabulary on a resource; revisioned with it."""

    page = ParentalKey(ResourcePage, on_delete=models.CASCADE, related_name="tags")
    facet = models.CharField(max_length=10, choices=Facet)
    value = models.CharField(max_length=20)

    class Meta:
        ordering = ["facet", "value"]
        constraints = [
            models.UniqueConstraint(fields=["page", "facet", "value"], name="one_tag_of_a_value")
        ]
        indexes = [models.Index(fields=["facet", "value"], name="tag_by_value")]

    def __str__(self) -> str:
        return f"{self.facet}:{self.value}"

    @property
    def label(self) -> str:
        """The word as shown."""
        return str(FACET_CHOICES[self.facet](self.value).label)
