"""Meetings: schedule, read, change, cancel, answer, and take into a calendar."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import clock
from core.policies import signed_in
from networks.calendars import calendar_file
from networks.enums import ReplyAnswer
from networks.forms import MeetingForm, ScheduleForm
from networks.models import Meeting, Reply
from networks.permissions import can_take_register, role_in
from networks.selectors.registers import presence_counts
from networks.services import meetings as services
from networks.views.lookup import crumbs, inside_or_403, meeting_or_404, network_or_404


@signed_in
@require_GET
def meeting_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is to come and what has been."""
    network = inside_or_403(request, slug)
    at = clock.now()
    upcoming = list(Meeting.objects.filter(network=network).upcoming(at))
    past = list(Meeting.objects.filter(network=network).held(at)[:30])
    for meeting in (*upcoming, *past):
        meeting.network = network
    return render(
        request,
        "pages/networks/meetings.html",
        {
            "network": network,
            "upcoming": upcoming,
            "past": past,
            "may_take_register": can_take_register(request.user, network, on=request.today),  # type: ignore[arg-type, attr-defined]
            "page_title": "Meetings",
            "page_caption": network.name,
            "breadcrumbs": crumbs(network),
        },
    )


@signed_in
@require_GET
def meeting_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show a meeting: when, where, agenda, one's answer; the register's state to its lead."""
    network = inside_or_403(request, slug)
    meeting = meeting_or_404(network, pk)
    at = clock.now()
    replies = dict(Reply.objects.filter(meeting=meeting).values_list("person_id", "answer"))
    may_take = can_take_register(request.user, network, on=request.today)  # type: ignore[arg-type, attr-defined]
    return render(
        request,
        "pages/networks/meeting.html",
        {
            "network": network,
            "meeting": meeting,
            "own_reply": replies.get(request.user.pk or 0, ""),
            "coming": list(replies.values()).count(ReplyAnswer.YES),
            "is_member": role_in(request.user, network, on=request.today) is not None,  # type: ignore[arg-type, attr-defined]
            "is_over": meeting.ends_at < at,
            "may_take_register": may_take,
            "has_started": meeting.has_started(at),
            "counts": presence_counts(meeting) if may_take else {},
            "page_title": meeting.title,
            "page_caption": network.name,
            "breadcrumbs": crumbs(
                network, ("Meetings", reverse("networks:meetings", args=[network.slug]))
            ),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Schedule a meeting or a series."""
    network = network_or_404(request, slug)
    if not can_take_register(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.schedule_meetings(
                by=request.user,  # type: ignore[arg-type]
                network=network,
                title=data["title"],
                starts_at=form.starts(),
                minutes=data["minutes"],
                place=data["place"],
                online_url=data["online_url"],
                agenda=data["agenda"],
                at=clock.now(),
            )
        except services.UnableToScheduleMeeting as error:
            form.add_error(None, str(error))
        else:
            what = "The meeting is" if len(made) == 1 else f"{len(made)} meetings are"
            messages.success(request, f"{what} in the calendar.")
            return redirect("networks:meetings", slug=slug)
    return render(
        request,
        "pages/networks/meeting_form.html",
        {
            "network": network,
            "form": form,
            "submit_label": "Schedule",
            "page_title": "Schedule a meeting",
            "page_caption": network.name,
            "breadcrumbs": crumbs(network),
        },
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a meeting."""
    network = network_or_404(request, slug)
    if not can_take_register(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    meeting = meeting_or_404(network, pk)
    form = MeetingForm(request.POST or None, initial=MeetingForm.initial_of(meeting))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change_meeting(
                by=request.user,  # type: ignore[arg-type]
                meeting=meeting,
                at=clock.now(),
                title=data["title"],
                starts_at=data["starts_at"],
                ends_at=data["starts_at"] + dt.timedelta(minutes=data["minutes"]),
                place=data["place"],
                online_url=data["online_url"],
                agenda=data["agenda"],
            )
        except services.UnableToScheduleMeeting as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The meeting has been changed.")
            return redirect(meeting.get_absolute_url())
    return render(
        request,
        "pages/networks/meeting_form.html",
        {
            "network": network,
            "meeting": meeting,
            "form": form,
            "submit_label": "Save changes",
            "page_title": "Change the meeting",
            "page_caption": meeting.title,
            "breadcrumbs": crumbs(network, (meeting.title, meeting.get_absolute_url())),
        },
    )


@signed_in
@require_POST
def cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Cancel a meeting."""
    meeting = meeting_or_404(network_or_404(request, slug), pk)
    try:
        services.cancel_meeting(by=request.user, meeting=meeting, at=clock.now())  # type: ignore[arg-type]
        messages.success(request, "The meeting is cancelled. Calendars will show it so.")
    except services.UnableToScheduleMeeting as error:
        messages.error(request, str(error))
    return redirect(meeting.get_absolute_url())


@signed_in
@require_POST
def reply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Answer an invitation, and return to the page the button was on."""
    network = inside_or_403(request, slug)
    meeting = meeting_or_404(network, pk)
    try:
        given = services.reply_to_meeting(
            by=request.user,  # type: ignore[arg-type]
            meeting=meeting,
            answer=request.POST.get("reply", ""),
            at=clock.now(),
        )
    except services.UnableToReply as error:
        messages.error(request, str(error))
    else:
        day = clock.london_date(meeting.starts_at)
        words = "We look forward to seeing you" if given.answer == "yes" else "Thank you for saying"
        messages.success(request, f"{words}: {meeting.title}, {day:%-d %B %Y}.")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = meeting.get_absolute_url()
    return redirect(back)


@signed_in
@require_GET
def meeting_calendar(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Hand out one meeting as a calendar file."""
    meeting = meeting_or_404(inside_or_403(request, slug), pk)
    return _ics(request, [meeting], f"{slug}-{meeting.pk}.ics")


@signed_in
@require_GET
def network_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out all meetings of the past year and to come, cancelled ones included."""
    network = inside_or_403(request, slug)
    since = clock.now() - dt.timedelta(days=365)
    meetings = Meeting.objects.filter(network=network, starts_at__gte=since)
    return _ics(request, list(meetings.select_related("network")), f"{slug}.ics")


def _ics(request: HttpRequest, meetings: list[Meeting], filename: str) -> HttpResponse:
    content = calendar_file(
        meetings, base_url=request.build_absolute_uri("/").rstrip("/"), at=clock.now()
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
