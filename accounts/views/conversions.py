"""A closed school's people go over to the school it became, or come back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.enums import SCHOOL_KINDS, OrganisationStatus
from accounts.forms.organisations import ConvertForm
from accounts.models import Organisation, Post
from accounts.policies import keeps_directory
from accounts.requests import Request
from accounts.selectors.directory import OPEN
from accounts.selectors.lineage import lineage_of
from accounts.services import conversions
from accounts.services.conversions import UnableToConvert, UnableToUndoConversion
from accounts.views.organisations import form_page, organisation_or_404
from core import clock


@keeps_directory
@require_http_methods(["GET", "POST"])
def convert(request: Request, pk: int) -> HttpResponse:
    """Choose the school that a closed one became, and move its people."""
    shown = organisation_or_404(request, pk)
    if shown.status != OrganisationStatus.CLOSED or hasattr(shown, "conversion"):
        raise Http404
    schools = (
        Organisation.objects.in_area(request.local_area)
        .filter(kind__in=SCHOOL_KINDS, status__in=OPEN)
        .order_by("name", "pk")
    )
    _, after = lineage_of(shown)
    names = {each.organisation.pk for each in after if each.organisation}
    first = list(schools.filter(pk__in=names).values_list("pk", flat=True))
    form = ConvertForm(request.POST or None, open_schools=schools, first=first)
    if request.method == "POST" and form.is_valid():
        try:
            done = conversions.convert(
                by=request.user,
                predecessor_id=shown.pk,
                successor_id=form.cleaned_data["successor"].pk,
                at=clock.now(),
            )
        except UnableToConvert as error:
            form.add_error("successor", str(error))
        else:
            told = conversions.describe(done)
            words = "1 post is" if told.posts == 1 else f"{told.posts} posts are"
            messages.success(request, f"{words} now at {done.successor}.")
            return redirect("accounts:organisation", pk=done.successor_id)
    going = Post.objects.filter(organisation=shown, ends_on__isnull=True).count()
    people = "1 post goes" if going == 1 else f"{going} posts go"
    return form_page(
        request,
        shown,
        "Move its people to the school it became",
        form,
        "Move them",
        page_lede=(
            "Nobody has a post here that goes on. Memberships, roles and clusters go over."
            if not going
            else f"{people} on here. They go over with memberships, roles and clusters; first "
            "days stay, so no training begins again. What has ended stays here as history."
        ),
    )


@keeps_directory
@require_http_methods(["GET", "POST"])
def undo(request: Request, pk: int) -> HttpResponse:
    """Ask, then move back what a conversion moved."""
    shown = organisation_or_404(request, pk)
    conversion = getattr(shown, "conversion", None)
    if conversion is None:
        raise Http404
    if request.method == "POST":
        try:
            number = conversions.undo_conversion(
                by=request.user, conversion_id=conversion.pk, at=clock.now()
            )
        except UnableToUndoConversion as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"Moved back: {number} of {len(conversion.changes)} changes.")
        return redirect("accounts:organisation", pk=pk)
    return render(
        request,
        "pages/accounts/organisations/confirm.html",
        {
            "page_title": f"Move everything back to {shown}?",
            "text": f"What moved to {conversion.successor} goes back, except what somebody has "
            "changed since. People who joined there since stay there.",
            "submit_label": "Move it back",
            "back": reverse("accounts:organisation", args=[pk]),
        },
    )
