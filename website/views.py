"""Views of the roof: search, robots and the site map. The home is a page (website.models)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import get_page_models

from accounts.models import LocalArea, User
from accounts.policies import role_required
from core import policies
from core.pages import GuardedPage
from website.administration import KEEPERS, administration_of
from website.navigation import roles_of
from website.search import search_groups, tidy

_NOT_FOR_ROBOTS = (
    "/accounts/",
    "/cms/",
    "/my-",
    "/team/",
    "/setting/",
    "/people/",
    "/profile/",
    "/administration/",
    "/join/",
    "/search/",
    "/certificates/",
)


def _area(request: HttpRequest) -> LocalArea:
    area = request.local_area  # type: ignore[attr-defined]
    if not area:
        raise Http404("No local area answers on this host.")
    return area  # type: ignore[no-any-return]


@policies.public
@require_safe
def search_site(request: HttpRequest) -> HttpResponse:
    """Show what a search finds, grouped by room."""
    query = tidy(request.GET.get("q", ""))
    groups = search_groups(query, user=request.user, local_area=_area(request))  # type: ignore[arg-type]
    return render(
        request,
        "pages/website/search.html",
        {"query": query, "groups": groups, "page_title": "Search"},
    )


@role_required(*KEEPERS, whole_area=True)
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Show an administrator the rooms they keep, and what waits for them there."""
    user, area = request.user, _area(request)
    assert isinstance(user, User)
    roles = roles_of(request, user, request.today, whole_area=True)  # type: ignore[attr-defined]
    return render(
        request,
        "pages/website/administration.html",
        {
            "page_title": "Administration",
            "page_caption": area.name,
            "sections": administration_of(area, roles),
        },
    )


@policies.public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone; a demo is left alone altogether."""
    lines = ["User-agent: *"]
    if settings.DEMO:
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {path}" for path in _NOT_FOR_ROBOTS]
        lines.append(f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@policies.public
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages that are open to everyone."""
    area = _area(request)
    pages = []
    for model in get_page_models():
        if issubclass(model, GuardedPage):
            visible = model.objects.in_area(area).visible_to(AnonymousUser())
            pages.extend(visible.only("pk", "path", "url_path", "last_published_at")[:5_000])
    root = area.root_page.url_path
    rows = [
        {
            "address": request.build_absolute_uri("/" + page.url_path.removeprefix(root)),
            "changed": page.last_published_at,
        }
        for page in sorted(pages, key=lambda page: page.path)
    ]
    return render(
        request, "pages/website/sitemap.xml", {"rows": rows}, content_type="application/xml"
    )
