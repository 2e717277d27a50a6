"""My learning, My record, and why a status is what it is."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from core import clock
from core.policies import public, signed_in
from core.spreadsheets import csv_lines
from cpd_tracking.enums import NameOnCertificate
from cpd_tracking.explain import explain_status
from cpd_tracking.models import LearningRecord, Obligation
from cpd_tracking.preferences import InvalidToken, person_of_token
from cpd_tracking.selectors.learner import my_learning as my_learning_of
from cpd_tracking.selectors.record import RECORD_HEADER, my_record, record_rows, visits_to
from cpd_tracking.services.certificates import UnableToIssueCertificate, issue_certificate
from cpd_tracking.services.nudges import NUDGEABLE
from cpd_tracking.services.reminders import set_weekly_digest
from cpd_tracking.views.requests import Request


def _greeting(now: dt.datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


@signed_in
@require_GET
def my_learning(request: Request) -> HttpResponse:
    """Show what is to do, what is up to date, and the one next thing."""
    learning = my_learning_of(request.user, request.today, local_area=request.local_area or None)
    return render(
        request,
        "pages/cpd_tracking/my_learning.html",
        {
            "greeting": f"{_greeting(clock.now())}, {request.user.given_name}",
            "learning": learning,
            "today": request.today,
        },
    )


@signed_in
@require_GET
def record(request: Request) -> HttpResponse:
    """Show the person's own record, one academic year at a time."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else None
    own = my_record(request.user, request.today, year)
    return render(
        request,
        "pages/cpd_tracking/my_record.html",
        {
            "page_title": "My record",
            "own": own,
            "year_tabs": [
                {
                    "label": item.label,
                    "url": f"?year={item.start}",
                    "current": item.start == own.year.start,
                    "count": item.count,
                }
                for item in own.years
            ],
            "visits": visits_to(request.user, clock.now(), request.today),
            "names": NameOnCertificate.choices,
            "breadcrumbs": [{"label": "My learning", "url": "/my-learning/"}],
        },
    )


@signed_in
@require_GET
def record_csv(request: Request) -> StreamingHttpResponse:
    """Download the whole record."""
    response = StreamingHttpResponse(
        csv_lines(RECORD_HEADER, record_rows(request.user)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="my-record.csv"'
    return response


@signed_in
@require_POST
def make_certificate(request: Request, record_id: int) -> HttpResponse:
    """Issue a certificate for one of the person's own records and hand it out."""
    row = get_object_or_404(LearningRecord, pk=record_id, person=request.user)
    try:
        certificate = issue_certificate(record=row, at=clock.now())
    except UnableToIssueCertificate as error:
        messages.error(request, str(error))
        return redirect("cpd_tracking:my_record")
    return redirect("cpd_tracking:certificate_pdf", code=certificate.code)


@signed_in
@require_GET
def why(request: Request, obligation_id: int) -> HttpResponse:
    """Explain a status as a page, as a sentence for the grid (`part`), or as JSON (`format`)."""
    on = _day(request)
    obligation = get_object_or_404(
        Obligation.objects.visible_to(request.user, request.today), pk=obligation_id
    )
    explanation = explain_status(obligation=obligation, on=on, viewer=request.user)
    # The sentence beside a cell belongs to the grid, which is no view of one person.
    if obligation.learner is not None and not request.GET.get("part"):
        audit.record_view(
            by=request.user,
            person=obligation.learner,
            local_area=request.local_area or None,
            at=clock.now(),
            obj=obligation,
        )
    if request.GET.get("format") == "json":
        return JsonResponse(explanation.as_json())
    own = obligation.learner_id == request.user.pk
    template = "why_part" if request.GET.get("part") else "why"
    return render(
        request,
        f"pages/cpd_tracking/{template}.html",
        {
            "page_title": "Why this status?",
            "page_caption": explanation.requirement,
            "explanation": explanation,
            "obligation": obligation,
            "learner": None if own else obligation.learner,
            "can_nudge": not own and explanation.status in NUDGEABLE and on == request.today,
            "own": own,
            "breadcrumbs": [
                {"label": "My learning", "url": "/my-learning/"}
                if own
                else {"label": "Team", "url": "/team/"}
            ],
        },
    )


def _day(request: Request) -> dt.date:
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.today


@public
def reminders(request: Request, token: str) -> HttpResponse:
    """Let the person a mail was sent to stop or start the weekly digest, without signing in.

    The token in the link is the authority, so a mail program may send the POST (RFC 8058).
    """
    try:
        public_id = person_of_token(token)
    except InvalidToken:
        return render(request, "pages/cpd_tracking/reminders_unknown.html", status=404)
    wanted: bool | None = None
    if request.method == "POST":
        wanted = request.POST.get("weekly_digest") == "on"
    current = set_weekly_digest(public_id=public_id, wanted=wanted, at=clock.now())
    return render(
        request,
        "pages/cpd_tracking/reminders.html",
        {"weekly_digest": current, "changed": wanted is not None, "page_title": "Reminders"},
    )


reminders.csrf_exempt = True  # type: ignore[attr-defined]
