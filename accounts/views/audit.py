"""The audit log, for whoever answers for it; its export; and a setting's own numbers."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import access
from accounts.enums import Role
from accounts.forms.audit import AuditFilterForm
from accounts.models import Organisation
from accounts.policies import reads_audit_log, role_required
from accounts.requests import Request
from accounts.selectors.audit_log import (
    EXPORT_HEADER,
    MOST_PAGED,
    PAGE_SIZE,
    LogPaginator,
    chain_state,
    export_rows,
    kinds_in,
    log_of,
    rows_of,
)
from accounts.selectors.audit_summary import setting_summary
from accounts.services.audit import record_export
from core import clock
from core.spreadsheets import csv_lines


def _form(request: Request) -> AuditFilterForm:
    return AuditFilterForm(
        request.GET or None, kinds=kinds_in(request.local_area), local_area=request.local_area
    )


@reads_audit_log
@require_GET
def audit_log(request: Request) -> HttpResponse:
    """Show the area's events, latest first; a constant number of queries."""
    form = _form(request)
    events = log_of(request.user, request.local_area, form.filters(), request.today)
    pages = LogPaginator(events, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "pages/accounts/audit_log.html",
        {
            "page_title": "Audit log",
            "page_lede": "Who did what, when and why. Nothing here can be changed or deleted.",
            "form": None,
            "filter_form": form,
            "rows": rows_of(list(page.object_list)),
            "page_obj": page,
            "has_more": pages.has_more,
            "most_paged": MOST_PAGED,
            "chain": chain_state(),
            "may_export": access.has_role(
                request.user, Role.AUDITOR, on=request.today, local_area=request.local_area
            ),
            "query": query.urlencode(),
        },
    )


@role_required(Role.AUDITOR, whole_area=True)
@require_GET
def audit_export(request: Request) -> HttpResponse | StreamingHttpResponse:
    """Hand an auditor every event the filters match, and write down that they took it."""
    form = _form(request)
    if form.is_bound and not form.is_valid():
        return redirect(f"{reverse('accounts:audit-log')}?{request.GET.urlencode()}")
    events = log_of(request.user, request.local_area, form.filters(), request.today)
    taken = record_export(
        by=request.user,
        local_area=request.local_area,
        events=events,
        filters=form.filters(),
        at=clock.now(),
    )
    response = StreamingHttpResponse(
        csv_lines(EXPORT_HEADER, export_rows(events.filter(pk__lt=taken.pk))),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="audit-log-{request.today}.csv"'
    return response


@role_required(Role.SETTING_LEAD)
@require_GET
def setting_log(request: Request) -> HttpResponse:
    """Show a setting lead how often what happened in their setting, week by week; no names."""
    led = access.organisations_in_scope(
        request.user, [Role.SETTING_LEAD], request.today, local_area=request.local_area
    )
    places = list(led.filter(parent__isnull=True).order_by("name", "pk")[:200]) or list(
        led.order_by("name", "pk")[:200]
    )
    place = _chosen(places, request.GET.get("organisation", ""))
    below = access.with_teams_below([place.pk])
    return render(
        request,
        "pages/accounts/audit/setting.html",
        {
            "page_title": "What happened here",
            "page_caption": place.name,
            "page_lede": "Changes, sessions and pages opened, counted by week. It names nobody.",
            "summary": setting_summary(
                led.filter(pk__in=below).values_list("pk", flat=True), clock.now()
            ),
            "places": [
                {
                    "label": each.name,
                    "url": f"?organisation={each.pk}",
                    "current": each.pk == place.pk,
                }
                for each in places
            ],
            "breadcrumbs": [{"label": "Setting", "url": f"/setting/?organisation={place.pk}"}],
        },
    )


def _chosen(places: list[Organisation], asked: str) -> Organisation:
    if places and not asked:
        return places[0]
    for place in places:
        if str(place.pk) == asked:
            return place
    raise Http404
