"""Thin edges in the CMS seen from the roof: who is handed a document an editor uploaded."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.documents import get_permission_policy
from wagtail.models import Page, ReferenceIndex

from core.models import HouseDocument
from core.pages import GuardedPage


@hooks.register("before_serve_document", order=20)
def guard_documents(document: HouseDocument, request: HttpRequest) -> None:
    """Refuse a document unless a page that leads to it is visible, or the person keeps it.

    Files of resources were answered before (resources_repo). A document that no page uses yet,
    or only a draft, is its editors' own.
    """
    policy = get_permission_policy()
    if policy.user_has_permission_for_instance(request.user, "change", document):
        return
    references = ReferenceIndex.get_references_to(document).values_list(
        "base_content_type", "object_id"
    )
    page_type = ContentType.objects.get_for_model(Page)
    ids = [key for kind, key in references if kind == page_type.pk and key.isdecimal()]
    for page in Page.objects.filter(pk__in=ids).live().specific():
        if isinstance(page, GuardedPage) and page.can_view(request.user):
            return
    raise Http404
