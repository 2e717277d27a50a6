"""What the library of resources holds about people."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Revision
from wagtail.search import index

from core.identity import Identity, take_out
from core.registry import (
    Carried,
    Column,
    OnErase,
    OnMerge,
    PersonalData,
    Trace,
    acted,
    declare,
)
from resources_repo.models import ResourcePage


def in_credits(identity: Identity) -> int:
    """Take the person's name out of credits: of live pages, their drafts and the search index."""
    pages = take_out(ResourcePage.objects.all(), "credit", identity)
    for page in ResourcePage.objects.filter(pk__in=pages):
        index.insert_or_update_object(page)
    drafts = 0
    kind = ContentType.objects.get_for_model(ResourcePage)
    revisions = Revision.objects.filter(content_type=kind, content__has_key="credit")
    for draft in revisions.iterator(chunk_size=50):
        said = draft.content["credit"] or ""
        if identity.is_in(said):
            content = {**draft.content, "credit": identity.without(said)}
            Revision.objects.filter(pk=draft.pk).update(content=content)
            drafts += 1
    return len(pages) + drafts


declare(
    PersonalData(
        model="resources_repo.ResourcePage",
        field="contributor",
        title="Resources you contributed",
        columns=("title", "credit", "licence", "first_published_at", "url_path"),
        # Nobody publishes their own: what they contributed goes over with them.
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=(
            "You gave the resource under an open licence and others use it. It stays, and no "
            "longer names you."
        ),
        carried=Carried(
            key="resources",
            place=6,
            columns=(
                Column("title", "title", "Resource"),
                Column("credit", "credit"),
                Column("licence", "licence", "Licence"),
                Column("first_published_at", "first_published_at", "Published"),
                Column("slug", "slug"),
            ),
            links={"url": "/resources/{slug}/"},
        ),
    ),
    PersonalData(
        model="resources_repo.ResourceUse",
        field="person",
        title="Resources you said you used",
        columns=("page__title", "organisation__name", "helped", "used_on"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    acted("resources_repo.ResourceVersion", "made_by", "Files of resources you added"),
    Trace("resources_repo.credits", "Credits of resources", in_credits),
)
