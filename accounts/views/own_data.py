"""One's own data: the record to take along, a copy of everything, erasure."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import PrivacyRequestKind
from accounts.forms.privacy import AskForErasureForm
from accounts.models import PrivacyRequest
from accounts.privacy.copies import portable_record
from accounts.privacy.lists import copies_of, effect_on
from accounts.privacy.record_pdf import record_pdf
from accounts.privacy.requests import (
    UnableToAsk,
    answers_to,
    ask_for_copy,
    ask_for_erasure,
    download_copy,
    open_erasure_of,
    withdraw_erasure,
)
from accounts.requests import Request
from core import clock
from core.policies import signed_in

_CRUMBS = [{"label": "My profile", "url": "/profile/"}]


@signed_in
@require_GET
def my_data(request: Request) -> HttpResponse:
    """Offer the record, a copy of everything, and erasure."""
    return render(
        request,
        "pages/accounts/privacy/my_data.html",
        {
            "page_title": "My data",
            "page_lede": "What is held about you is yours to read, to take along and to question.",
            "breadcrumbs": _CRUMBS,
            "copies": copies_of(request.user, clock.now()),
            "erasure": open_erasure_of(request.user),
            "answers": answers_to(request.user),
        },
    )


@signed_in
@require_GET
def record_as_pdf(request: Request) -> HttpResponse:
    """Hand out one's own record on paper."""
    pdf = record_pdf(person=request.user, local_area=request.local_area or None, at=clock.now())
    return _download(pdf, "application/pdf", "learning-record.pdf")


@signed_in
@require_GET
def record_as_json(request: Request) -> HttpResponse:
    """Hand out one's own record for another program."""
    response = JsonResponse(
        portable_record(person=request.user, at=clock.now()),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    return _as_download(response, "learning-record.json")


@signed_in
@require_POST
def make_copy(request: Request) -> HttpResponse:
    """Ask for a copy of everything held about oneself."""
    try:
        made = ask_for_copy(person=request.user, local_area=request.local_area, at=clock.now())
    except UnableToAsk as problem:
        messages.error(request, str(problem))
    else:
        ready = made.done_at is not None
        messages.success(
            request,
            "Your copy is ready." if ready else "We are gathering your copy. Come back in a while.",
        )
    return redirect("accounts:my-data")


@signed_in
@require_GET
def copy(request: Request, pk: int) -> HttpResponse:
    """Hand out a copy to the person it is about, and to nobody else."""
    asked = get_object_or_404(
        PrivacyRequest, pk=pk, person=request.user, kind=PrivacyRequestKind.ACCESS
    )
    content = download_copy(request=asked, by=request.user, at=clock.now())
    if content is None:
        raise Http404
    return _download(content, "application/zip", "what-is-held-about-you.zip")


@signed_in
@require_http_methods(["GET", "POST"])
def erasure(request: Request) -> HttpResponse:
    """Say what an erasure does, and take the request."""
    form = AskForErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_erasure(person=request.user, local_area=request.local_area, at=clock.now())
        except UnableToAsk as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Your request is sent. You have an answer within a month.")
            return redirect("accounts:my-data")
    return render(
        request,
        "pages/accounts/privacy/erasure.html",
        {
            "page_title": "Ask to be erased",
            "page_lede": "The data protection officer of the area decides within one month.",
            "breadcrumbs": [*_CRUMBS, {"label": "My data", "url": "/profile/data/"}],
            "effect": effect_on(request.user),
            "erasure": open_erasure_of(request.user),
            "form": form,
        },
    )


@signed_in
@require_POST
def withdraw(request: Request) -> HttpResponse:
    """Take back one's request for erasure."""
    try:
        withdraw_erasure(person=request.user, at=clock.now())
    except UnableToAsk as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, "Your request is withdrawn. Nothing is erased.")
    return redirect("accounts:my-data")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    return _as_download(HttpResponse(content, content_type=kind), name)


def _as_download(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    add_never_cache_headers(response)
    return response
