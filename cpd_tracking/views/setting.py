"""The setting: sessions recorded for many people."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts import access, audit
from accounts.enums import Role
from accounts.models import Organisation
from accounts.policies import leads_setting
from core import clock
from cpd_tracking.explain import count_text
from cpd_tracking.forms import SessionForm
from cpd_tracking.models import AttestedSession
from cpd_tracking.selectors.setting import setting_overview
from cpd_tracking.services.sessions import UnableToRecordSession, people_of, record_session
from cpd_tracking.views.requests import Request


def _organisations(request: Request) -> list[Organisation]:
    return list(
        access.organisations_in_scope(
            request.user,
            access.ROLES_THAT_SEE_PEOPLE,
            request.today,
            local_area=request.local_area or None,
        ).order_by(*access.ONES_OWN_FIRST)[:500]
    )


def _chosen(request: Request, organisations: list[Organisation]) -> Organisation:
    asked = request.POST.get("organisation") or request.GET.get("organisation") or ""
    if not organisations:
        raise Http404
    if not asked:
        return organisations[0]
    for organisation in organisations:
        if str(organisation.pk) == asked:
            return organisation
    raise Http404


@leads_setting
@require_GET
def setting(request: Request) -> HttpResponse:
    """Show the setting: where it stands, requirement by requirement, and its sessions."""
    organisations = _organisations(request)
    organisation = _chosen(request, organisations)
    sessions = (
        AttestedSession.objects.visible_to(request.user, request.today)
        .filter(organisation=organisation)
        .select_related("attested_by")
        .order_by("-held_on", "-pk")[:20]
    )
    return render(
        request,
        "pages/cpd_tracking/setting.html",
        {
            "page_title": organisation.name,
            "page_caption": "Setting",
            "organisation": organisation,
            "organisations": organisations,
            "leads": access.has_role(
                request.user, Role.SETTING_LEAD, on=request.today, local_area=request.local_area
            ),
            "overview": setting_overview(request.user, organisation, request.today),
            "sessions": sessions,
        },
    )


@leads_setting
@require_http_methods(["GET", "POST"])
def new_session(request: Request) -> HttpResponse:
    """Record one session for many people; on an error everything typed is still there."""
    organisations = _organisations(request)
    organisation = _chosen(request, organisations)
    held_on = _posted_day(request) or request.today
    posts = people_of(organisation, min(held_on, request.today), request.today)
    form = SessionForm(
        request.POST or None,
        request.FILES or None,
        local_area=request.local_area,
        organisation=organisation,
        posts=posts,
        today=request.today,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        present = [int(value) for value in data["present"]]
        try:
            session, fresh = record_session(
                by=request.user,
                token=data["token"],
                organisation=organisation,
                kind=data["kind"],
                held_on=data["held_on"],
                hours=data["hours"],
                led_by=data["led_by"],
                sheet=data["sheet"],
                present_ids=present,
                absent_ids=[post.person_id for post in posts],
                at=clock.now(),
                **form.subject(),
            )
        except UnableToRecordSession as error:
            form.add_error(None, str(error))
        else:
            if not fresh:
                messages.info(request, "This session had been recorded already.")
            return redirect("cpd_tracking:session", pk=session.pk)
    if form.is_bound:
        audit.record_refused_files(request, form, at=clock.now())
    return render(
        request,
        "pages/cpd_tracking/session_form.html",
        {
            "page_title": "Record a session",
            "page_caption": organisation.name,
            "form": form,
            "organisation": organisation,
            "organisations": organisations,
            "people": len(posts),
            "breadcrumbs": [
                {"label": "Setting", "url": f"/setting/?organisation={organisation.pk}"}
            ],
        },
    )


def _posted_day(request: Request) -> dt.date | None:
    parts = [request.POST.get(f"held_on_{n}", "") for n in (2, 1, 0)]
    try:
        return dt.date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        return None


@leads_setting
@require_GET
def session(request: Request, pk: int) -> HttpResponse:
    """Say what was recorded, for whom."""
    row = get_object_or_404(
        AttestedSession.objects.visible_to(request.user, request.today).select_related(
            "organisation", "attested_by"
        ),
        pk=pk,
    )
    people = [
        record.person
        for record in row.records.standing()
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "person_id")
    ]
    return render(
        request,
        "pages/cpd_tracking/session.html",
        {
            "page_title": row.title,
            "session": row,
            "people": people,
            "recorded_for": count_text(len(people), "person").replace("persons", "people"),
            "breadcrumbs": [
                {"label": "Setting", "url": f"/setting/?organisation={row.organisation_id}"}
            ],
        },
    )


@leads_setting
@require_GET
def session_sheet(request: Request, pk: int) -> FileResponse:
    """Hand the sign-in sheet to who may see the session; always as a download."""
    row = get_object_or_404(AttestedSession.objects.visible_to(request.user, request.today), pk=pk)
    if not row.sheet:
        raise Http404
    audit.record(
        actor=request.user,
        verb="session.sheet_downloaded",
        obj=row,
        local_area=request.local_area or None,
        at=clock.now(),
    )
    return FileResponse(row.sheet.open("rb"), as_attachment=True)
