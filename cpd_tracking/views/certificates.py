"""Certificates: the public page that anyone can check, its JSON, and the holder's PDF."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import audit
from core import clock
from core.policies import public, signed_in
from cpd_tracking.certificates.pdf import certificate_pdf, facts_of
from cpd_tracking.enums import NameOnCertificate
from cpd_tracking.models import Certificate
from cpd_tracking.services.certificates import choose_name_shown
from cpd_tracking.views.requests import Request

CHECKS_A_MINUTE = 30
_NOT_CODE = re.compile(r"[^0-9A-Za-z]")
_STATES = {
    "current": ("current", "Current"),
    "expired": ("expired", "Expired"),
    "revoked": ("rejected", "Revoked"),
}


def _too_many(request: HttpRequest) -> bool:
    """Count this address's look-ups in this minute; the cache is shared by all processes."""
    # Behind a proxy the visitor's own address, as far as it can be trusted (TRUSTED_PROXY_COUNT).
    address = get_account_adapter().get_client_ip(request)
    key = f"certificate-checks:{address}:{int(time.time() // 60)}"
    if cache.add(key, 1, timeout=120):
        return False
    try:
        return bool(cache.incr(key) > CHECKS_A_MINUTE)
    except ValueError:
        return False


def _find(code: str) -> Certificate | None:
    clean = _NOT_CODE.sub("", code).upper()
    return (
        Certificate.objects.select_related(
            "record__course_version", "record__course__local_area", "person"
        )
        .filter(code=clean)
        .first()
    )


def _trace_unknown(request: Request) -> None:
    """Leave a trace of a code nobody issued, mistyped or forged; the code itself is not kept."""
    audit.record_refusal(
        by=request.user,
        what="certificate_code",
        local_area=request.local_area or None,
        at=clock.now(),
    )


def _name(certificate: Certificate) -> str:
    if certificate.name_shown == NameOnCertificate.FULL:
        return certificate.person.get_full_name()
    return certificate.person.initials


@public
@require_GET
def check(request: Request) -> HttpResponse:
    """Ask for a code, and lead to its page."""
    code = _NOT_CODE.sub("", request.GET.get("code", "")).upper()[:40]
    if code:
        return redirect("cpd_tracking:certificate", code=code)
    return render(
        request,
        "pages/cpd_tracking/certificate_check.html",
        {"page_title": "Check a certificate"},
    )


@public
@require_GET
def certificate(request: Request, code: str) -> HttpResponse:
    """Say whether a certificate is current, expired or revoked; 404 for a code nobody issued."""
    if _too_many(request):
        return render(request, "pages/cpd_tracking/certificate_busy.html", status=429)
    found = _find(code)
    if found is None:
        _trace_unknown(request)
        return render(
            request,
            "pages/cpd_tracking/certificate_unknown.html",
            {"page_title": "We do not know this code", "code": code[:40]},
            status=404,
        )
    state, label = _STATES[found.state_on(request.today)]
    response = render(
        request,
        "pages/cpd_tracking/certificate.html",
        {
            "page_title": found.record.title,
            "page_caption": "Certificate",
            "certificate": found,
            "state": state,
            "state_label": label,
            "name": _name(found),
            "facts": [{"key": item["label"], "value": item["value"]} for item in facts_of(found)],
            "is_holder": request.user.is_authenticated and request.user.pk == found.person_id,
            "names": NameOnCertificate.choices,
        },
    )
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


@public
@never_cache
@require_GET
def certificate_json(request: Request, code: str) -> JsonResponse:
    """Answer the same in JSON."""
    if _too_many(request):
        return JsonResponse({"error": "Too many checks. Try again in a minute."}, status=429)
    found = _find(code)
    if found is None:
        _trace_unknown(request)
        return JsonResponse({"error": "No certificate has this code."}, status=404)
    return JsonResponse(_as_json(request, found))


def _as_json(request: Request, found: Certificate) -> dict[str, Any]:
    version = found.record.course_version
    return {
        "code": found.code,
        "state": found.state_on(request.today),
        "name": _name(found),
        "course": found.record.title,
        "version": version.number if version else None,
        "hours": str(found.record.hours),
        "completed_on": found.record.occurred_on.isoformat(),
        "issued_on": clock.london_date(found.issued_at).isoformat(),
        "expires_on": found.expires_on.isoformat() if found.expires_on else None,
    }


@signed_in
@require_GET
def certificate_download(request: Request, code: str) -> HttpResponse:
    """Hand the holder their PDF."""
    found = get_object_or_404(
        Certificate.objects.visible_to(request.user)
        .standing()
        .select_related("record__course_version", "record__course__local_area", "person"),
        code=code,
    )
    course = found.record.course
    area = course.local_area if course else (request.local_area or None)
    pdf = certificate_pdf(
        certificate=found,
        url=settings.SITE_URL + reverse("cpd_tracking:certificate", args=[found.code]),
        local_area=area,
    )
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{found.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@signed_in
@require_POST
def certificate_name(request: Request, code: str) -> HttpResponse:
    """Let the holder choose what the public page shows: full name or initials."""
    found = get_object_or_404(Certificate.objects.visible_to(request.user), code=code)
    asked = request.POST.get("name_shown", "")
    if asked in NameOnCertificate.values:
        choose_name_shown(certificate=found, name_shown=asked, by=request.user)
        messages.success(request, "The public page now shows what you chose.")
    return redirect("cpd_tracking:certificate", code=found.code)
