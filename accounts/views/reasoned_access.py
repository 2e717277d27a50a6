"""Open one person's record, with a reason that the person reads."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms.audit import OpenRecordForm
from accounts.policies import reads_audit_log
from accounts.requests import Request
from accounts.services.reasoned_access import UnableToOpenRecord, open_record
from core import clock


@reads_audit_log
@require_http_methods(["GET", "POST"])
def open_a_record(request: Request) -> HttpResponse:
    """Ask whose record and why; then lead to it."""
    form = OpenRecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            event = open_record(
                by=request.user, local_area=request.local_area, at=clock.now(), **form.cleaned_data
            )
        except UnableToOpenRecord as error:
            form.add_error(error.field, str(error))
        else:
            return redirect("cpd_tracking:opened_record", public_id=event.subject)
    return render(
        request,
        "pages/accounts/audit/open_record.html",
        {
            "page_title": "Open a person’s record",
            "page_lede": "Your role shows you nobody’s training. Where you must see it, say why.",
            "form": form,
            "breadcrumbs": [{"label": "Audit log", "url": "/audit-log/"}],
        },
    )
