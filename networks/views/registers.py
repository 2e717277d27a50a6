"""The register: one page, by setting, made for the keyboard."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core import clock
from core.policies import signed_in
from networks.enums import Presence
from networks.permissions import can_take_register
from networks.selectors.registers import register_groups
from networks.services.registers import UnableToTakeRegister, take_register
from networks.views.lookup import crumbs, meeting_or_404, network_or_404

_FIELD = "presence-"
_MOST_HOURS_READ = 1_000
_LONGEST_KEY = 15


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show and save a register; what is left empty stays as it was."""
    network = network_or_404(request, slug)
    if not can_take_register(request.user, network, on=request.today):  # type: ignore[arg-type, attr-defined]
        raise PermissionDenied
    meeting = meeting_or_404(network, pk)
    error = ""
    given: dict[int, str] = {}
    if request.method == "POST":
        given = _given(request)
        try:
            saved = take_register(
                by=request.user,  # type: ignore[arg-type]
                meeting=meeting,
                presences=given,
                hours=_hours(request.POST.get("hours", "")),
                at=clock.now(),
            )
        except UnableToTakeRegister as refused:
            error = str(refused)
        else:
            words = (
                f"Register saved: {saved.present} present, {saved.apologies} apologies, "
                f"{saved.absent} absent"
            )
            if saved.not_recorded:
                words += f". {saved.not_recorded} still to record"
            messages.success(request, words + ".")
            if saved.not_recorded or "stay" in request.POST:
                return redirect("networks:register", slug=slug, pk=pk)
            return redirect(meeting.get_absolute_url())
    groups = register_groups(meeting)
    rows = [row for group in groups for row in group.rows]
    return render(
        request,
        "pages/networks/register.html",
        {
            "network": network,
            "meeting": meeting,
            "groups": [
                {
                    "name": group.name,
                    "rows": [
                        {"row": row, "presence": given.get(row.person_id, row.presence)}
                        for row in group.rows
                    ],
                }
                for group in groups
            ],
            "total": len(rows),
            "recorded": sum(bool(row.presence) for row in rows),
            "has_started": meeting.has_started(clock.now()),
            "hours": request.POST.get("hours") or f"{meeting.hours.normalize():f}",
            "error": error,
            "has_errors": bool(error),
            "page_title": "Register",
            "page_caption": f"{network.name}: {meeting.title}",
            "breadcrumbs": crumbs(network, (meeting.title, meeting.get_absolute_url())),
        },
        status=422 if error else 200,
    )


def _given(request: HttpRequest) -> dict[int, str]:
    return {
        int(name.removeprefix(_FIELD)): value
        for name, value in request.POST.items()
        if name.startswith(_FIELD)
        and name.removeprefix(_FIELD).isdecimal()
        and len(name) <= len(_FIELD) + _LONGEST_KEY
        and value in Presence.values
    }


def _hours(raw: str) -> Decimal:
    try:
        hours = Decimal(raw.strip().replace(",", "."))
    except InvalidOperation as error:
        raise UnableToTakeRegister("Enter the hours as a number, such as 1.5.") from error
    # Before rounding: 1e30 is finite, and more digits than a decimal context holds.
    if not hours.is_finite() or abs(hours) > _MOST_HOURS_READ:
        raise UnableToTakeRegister("Enter the hours as a number, such as 1.5.")
    return hours.quantize(Decimal("0.01"))
