"""Routes of libraries: the CMS behind its door, documents and pages by who may read them."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from tests.architecture.walk.rooms import name_of as network_name
from tests.architecture.walk.routes import Route

EDITORS = ("training admin", "system admin")
# Behind no door: signing in and out, and the words of the interface.
OPEN_IN_CMS = frozenset(
    {"cms/login/", "cms/logout/", "cms/sprite/", "cms/test404/", "cms/failwhale/"}
)
# Fails on purpose, to show its administrator what a failure looks like.
FAILS = frozenset({"cms/failwhale/"})
# What an editor's browser says of itself while a form is open.
# Renditions are made on first sight; whoever edits a page hears of comments on it.
ALLOWED_IN_CMS = frozenset(
    {
        "wagtailadmin_editingsession",
        "wagtailadmin_formstate",
        "wagtailusers_userprofile",
        "core_houserendition",
        "wagtailcore_pagesubscription",
    }
)

_PAGES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")


def names_page(route: Route) -> bool:
    """Whether the address names a page."""
    return any(name in route.arguments for name in _PAGES) or (
        "pk" in route.arguments and "/pages/" in route.pattern.replace("^", "")
    )


def leaks(rooms: dict[str, SimpleNamespace]) -> tuple[bytes, ...]:
    """Return words no editor of the first area may read: hidden circles, and the next area's."""
    foreign = rooms["foreign"]
    words = [
        network_name("sibling"),
        network_name("foreign"),
        foreign.page.title,
        foreign.draft.title,
        foreign.document.title,
        foreign.image.title,
        foreign.resource.title,
        foreign.submitted.title,
        foreign.course.title,
        foreign.quiz.title,
    ]
    return tuple(word.encode() for word in words)


def cms_path(route: Route, room: SimpleNamespace, *, page: Any) -> str:
    """Return the address of the route for the room's things, with this page where one is meant."""
    values: dict[str, Any] = dict.fromkeys(_PAGES, page.pk) | {
        "document_id": room.document.pk,
        "doc_id": room.document.pk,
        "image_id": room.image.pk,
        "collection_id": room.area.collection_id,
        "revision_id": page.latest_revision_id or 1,
        "package_id": room.package.public_id,
        "public_id": room.revision.public_id,
        "content_type_app_name": "website",
        "content_type_model_name": "standardpage",
        "app_label": "website",
        "model_name": "standardpage",
        "app_name": "taggit",
        "filter_spec": "width-10",
        "action_name": "publish",
        "action": "delete",
        "object_id": page.pk,
        "uidb64": "x",
        "token": "x",
        "pk": _key(route.pattern, room, page),
    }
    path = route.pattern
    if "compare" in path:
        return f"/cms/pages/{page.pk}/revisions/compare/earliest...live/"
    if path == "cms/^.*/$":
        return "/cms/no-such-screen/"
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], 1)), path)
    return "/" + path.replace("^", "").replace("$", "")


def _key(pattern: str, room: SimpleNamespace, page: Any) -> Any:
    """Return what `pk` means on the route."""
    for part, key in (
        ("documents/", room.document.pk),
        ("images/", room.image.pk),
        ("collections/", room.area.collection_id),
        ("users/", room.member.pk),
        ("groups/", room.area.editors_id),
        ("sites/", room.area.site_id),
        ("quiz", room.quiz.pk),
        ("package-chooser/", room.package.pk),
        ("settings/", room.area.site_id),
    ):
        if part in pattern:
            return key
    return page.pk
