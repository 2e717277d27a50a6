"""Who looked at one's own record."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.selectors.accesses import access_rows, accesses_to
from core import clock
from core.policies import signed_in

PAGE_SIZE = 25


@signed_in
@require_GET
def accesses(request: Request) -> HttpResponse:
    """Show the person who opened their page or record, when, and why if a reason was given."""
    page = Paginator(accesses_to(request.user, clock.now()), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "pages/accounts/audit/accesses.html",
        {
            "page_title": "Who looked at your record",
            "page_lede": "Every time somebody else opens your page, you see it here.",
            "rows": access_rows(page.object_list, request.today),
            "page_obj": page,
            "breadcrumbs": [{"label": "My profile", "url": "/profile/"}],
        },
    )
