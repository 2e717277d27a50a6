"""How long things are kept, the dry run, and disposal by two people."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import RetentionState
from accounts.forms.privacy import PeriodForm
from accounts.models import RetentionRun
from accounts.policies import reads_privacy
from accounts.privacy.lists import period_rows, run_row
from accounts.privacy.retention import (
    UnableToDispose,
    UnableToSetPeriod,
    decide_run,
    dry_run,
    propose_run,
    set_period,
)
from accounts.privacy.rights import can_dispose, can_set_periods
from accounts.requests import Request
from core import clock

PAGE_SIZE = 10
_CRUMBS = [{"label": "Administration", "url": "/administration/"}]


def _below() -> list[dict[str, str]]:
    here = {"label": "How long things are kept", "url": reverse("accounts:retention")}
    return [*_CRUMBS, here]


@reads_privacy
@require_GET
def retention(request: Request) -> HttpResponse:
    """Show every kind of record that has an end; counted for today where that is asked for."""
    counts = dry_run(request.today) if request.GET.get("count") == "today" else None
    runs = RetentionRun.objects.visible_to(request.user, request.today)
    page = Paginator(runs.select_related("proposed_by"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    rows = period_rows(counts)
    return render(
        request,
        "pages/accounts/privacy/retention.html",
        {
            "page_title": "How long things are kept",
            "page_lede": "For the whole installation. Nothing goes without two people.",
            "breadcrumbs": _CRUMBS,
            "rows": rows,
            "is_counted": counts is not None,
            "due": sum(row.due for row in rows),
            "sets_periods": can_set_periods(request.user, on=request.today),
            "disposes": can_dispose(request.user, on=request.today),
            "runs": [run_row(each) for each in page.object_list],
            "page_obj": page,
        },
    )


@reads_privacy
@require_http_methods(["GET", "POST"])
def period(request: Request, key: str) -> HttpResponse:
    """Set this installation's own figure for one kind of record."""
    found = next((row for row in period_rows(None) if row.period.kind.key == key), None)
    if found is None:
        raise Http404
    initial = {
        "months": found.period.months,
        "reason": found.period.rule.reason if found.period.rule else "",
    }
    form = PeriodForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_period(
                key=key,
                months=form.cleaned_data["months"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=clock.now(),
            )
        except UnableToSetPeriod as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, f"{found.period.kind.title}: the figure is changed.")
            return redirect("accounts:retention")
    return render(
        request,
        "pages/accounts/privacy/period.html",
        {
            "page_title": found.period.kind.title,
            "page_caption": "How long things are kept",
            "breadcrumbs": _below(),
            "row": found,
            "form": form if can_set_periods(request.user, on=request.today) else None,
        },
    )


@reads_privacy
@require_POST
def propose(request: Request) -> HttpResponse:
    """Keep today's dry run for a second person."""
    try:
        run = propose_run(by=request.user, at=clock.now())
    except UnableToDispose as problem:
        messages.error(request, str(problem))
        return redirect("accounts:retention")
    messages.success(request, "Proposed. A second person looks at it and approves or refuses.")
    return redirect("accounts:disposal", pk=run.pk)


@reads_privacy
@require_GET
def run(request: Request, pk: int) -> HttpResponse:
    """Show one disposal: what it would take, or took."""
    found = get_object_or_404(
        RetentionRun.objects.visible_to(request.user, request.today).select_related(
            "proposed_by", "decided_by"
        ),
        pk=pk,
    )
    waits = found.state == RetentionState.PROPOSED and found.decided_at is None
    may = can_dispose(request.user, on=request.today)
    return render(
        request,
        "pages/accounts/privacy/disposal.html",
        {
            "page_title": f"Disposal of {found.due_on.day} {found.due_on:%B %Y}",
            "breadcrumbs": _below(),
            "row": run_row(found),
            "decides": waits and may and found.proposed_by_id != request.user.pk,
            "is_own": waits and found.proposed_by_id == request.user.pk,
        },
    )


@reads_privacy
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Approve or refuse a disposal."""
    found = get_object_or_404(RetentionRun.objects.visible_to(request.user, request.today), pk=pk)
    approve = request.POST.get("decision") == "approve"
    try:
        decide_run(run=found, approve=approve, by=request.user, at=clock.now())
    except UnableToDispose as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request, "Approved. It is carried out now." if approve else "Refused. Nothing goes."
        )
    return redirect("accounts:disposal", pk=pk)
