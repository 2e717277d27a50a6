"""Set up a local area: its site, collection, and the groups that roles are projected into."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
)

from accounts.colours import check_theme
from accounts.models import LocalArea

_EDITOR_PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_REVIEWER_PAGE_RIGHTS = ("change_page", "publish_page")
# Wagtail asks for the permissions of its own models, also where ours take their place.
_MEDIA_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "change_document"),
    ("wagtaildocs", "choose_document"),
)


@transaction.atomic
def set_up_local_area(
    *,
    name: str,
    slug: str,
    code: str,
    product_name: str,
    root_page: Page,
    hostname: str = "localhost",
    port: int | None = None,
    is_default_site: bool = False,
    **fields: str | bool,
) -> LocalArea:
    """Create the area, or bring an existing one of this code up to date; `root_page` is its home.

    Editors and reviewers of the area get their own Wagtail groups with rights below `root_page`
    and in the area's collection only. Idempotent. Raises UnreadableColours for a theme nobody
    could read.
    """
    check_theme(
        **{
            name: str(fields.get(name) or getattr(LocalArea(), name))
            for name in ("brand", "brand_ink", "tint")
        }
    )
    port = port or settings.PORT
    if is_default_site:
        # A new Wagtail database brings a default site with a welcome page: ours takes its place.
        Site.objects.exclude(root_page=root_page).filter(is_default_site=True).delete()
    site = (
        Site.objects.filter(root_page=root_page).first()
        or Site.objects.filter(hostname=hostname, port=port).first()
        or Site()
    )
    site.root_page, site.hostname, site.port = root_page, hostname, port
    site.site_name, site.is_default_site = product_name, is_default_site
    site.save()
    collection = Collection.objects.filter(name=name).first()
    if collection is None:
        collection = Collection.get_first_root_node().add_child(name=name)
    editors = _group(f"{name}: editors", root_page, collection, _EDITOR_PAGE_RIGHTS)
    reviewers = _group(f"{name}: reviewers", root_page, collection, _REVIEWER_PAGE_RIGHTS)
    area, _ = LocalArea.objects.update_or_create(
        code=code,
        defaults={
            "name": name,
            "slug": slug,
            "product_name": product_name,
            "site": site,
            "collection": collection,
            "editors": editors,
            "reviewers": reviewers,
            **fields,
        },
    )
    return area


def _group(name: str, root_page: Page, collection: Collection, rights: tuple[str, ...]) -> Group:
    """Return the group of this name, with its rights; those it has already stay."""
    group, _ = Group.objects.get_or_create(name=name)
    media = [f"{app_label}.{codename}" for app_label, codename in _MEDIA_RIGHTS]
    pages = [f"wagtailcore.{codename}" for codename in rights]
    wanted = {"wagtailadmin.access_admin", *media, *pages}
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.filter(
            codename__in={key.partition(".")[2] for key in wanted}
        ).select_related("content_type")
    }
    group.permissions.add(found["wagtailadmin.access_admin"])
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=group, page_id=root_page.pk, permission=found[key])
            for key in pages
        ],
        ignore_conflicts=True,
    )
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=found[key])
            for key in media
        ],
        ignore_conflicts=True,
    )
    return group
