"""The record of a person whom the viewer does not see by role: open for an hour after a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.policies import reads_audit_log
from accounts.selectors.opened_records import opened_record as opened_record_of
from core import clock
from cpd_tracking.selectors.opened_record import statuses_here
from cpd_tracking.views.requests import Request


@reads_audit_log
@require_GET
def opened_record(request: Request, public_id: UUID) -> HttpResponse:
    """Show posts and statuses in this area, read-only; ask for a reason where none was given.

    Whether there is such a person is not told without one.
    """
    opened = opened_record_of(
        by=request.user, public_id=public_id, local_area=request.local_area, at=clock.now()
    )
    if opened is None:
        messages.info(request, "Say why you need to see a record. It then stays open for an hour.")
        return redirect("accounts:open-record")
    shown = statuses_here(opened.person, request.local_area, request.today)
    return render(
        request,
        "pages/cpd_tracking/opened_record.html",
        {
            "page_title": opened.person.get_full_name(),
            "page_caption": "Record, opened with a reason",
            "opened": opened,
            "posts": shown.posts,
            "rows": shown.rows,
            "breadcrumbs": [
                {"label": "Audit log", "url": "/audit-log/"},
                {"label": "Open a person’s record", "url": "/records/open/"},
            ],
        },
    )
