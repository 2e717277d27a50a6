"""What a person decides about a list of staff: titles, import, discard, undo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import ImportState
from accounts.forms.staff_imports import TitlesForm
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.staffing import shown as words
from accounts.staffing.committing import PlanHasChanged, UnableToCommit, commit_import
from accounts.staffing.drafting import UnableToDraft, choose_titles, discard_import
from accounts.staffing.undoing import UnableToUndo, undo_import, what_undoing_does
from accounts.views.staff_imports import commit_form_of, crumbs, import_or_404, preview, whose
from core import clock


@leads_setting
@require_POST
def titles(request: Request, pk: int) -> HttpResponse:
    """Take what unknown titles mean, and show the preview again."""
    found = import_or_404(request, pk)
    if found.state != ImportState.PREVIEW:
        return redirect("accounts:staff-import", pk=pk)
    form = TitlesForm(request.POST, unknown=found.plan["unknown"])
    if not form.is_valid():
        return preview(request, found, titles_form=form)
    try:
        choose_titles(by=request.user, staff_import=found, titles=form.titles(), at=clock.now())
    except UnableToDraft as error:
        messages.error(request, str(error))
    return redirect("accounts:staff-import", pk=pk)


@leads_setting
@require_POST
def commit(request: Request, pk: int) -> HttpResponse:
    """Import; pressed twice it is one import. A preview that is no longer true is shown anew."""
    found = import_or_404(request, pk)
    if found.state != ImportState.PREVIEW:
        return redirect("accounts:staff-import", pk=pk)
    form = commit_form_of(found, request.POST)
    if not form.is_valid():
        return preview(request, found, commit_form=form)
    try:
        commit_import(
            by=request.user,
            staff_import=found,
            leave_out_errors=form.cleaned_data.get("leave_out", False),
            ending=form.cleaned_data.get("ending"),
            at=clock.now(),
        )
    except PlanHasChanged as error:
        messages.warning(request, str(error))
    except UnableToCommit as error:
        form.add_error("ending" if "ending" in form.fields else None, str(error))
        return preview(request, found, commit_form=form)
    return redirect("accounts:staff-import", pk=pk)


@leads_setting
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Forget a list that was not imported."""
    found = import_or_404(request, pk)
    try:
        discard_import(by=request.user, staff_import=found, at=clock.now())
    except UnableToDraft as error:
        messages.error(request, str(error))
        return redirect("accounts:staff-import", pk=pk)
    messages.success(request, "The list was discarded. Nothing was imported.")
    return redirect("accounts:staff-imports")


@leads_setting
@require_http_methods(["GET", "POST"])
def undo(request: Request, pk: int) -> HttpResponse:
    """Ask, with what would go back and what would stay; then undo."""
    found = import_or_404(request, pk)
    try:
        if request.method == "POST":
            undo_import(by=request.user, staff_import=found, at=clock.now())
            return redirect("accounts:staff-import", pk=pk)
        would = what_undoing_does(by=request.user, staff_import=found, at=clock.now())
    except UnableToUndo as error:
        messages.error(request, str(error))
        return redirect("accounts:staff-import", pk=pk)
    return render(
        request,
        "pages/accounts/staff_imports/undo.html",
        {
            "page_title": "Undo this import?",
            "page_caption": whose(found),
            "breadcrumbs": [
                *crumbs(),
                {"label": "Imported", "url": reverse("accounts:staff-import", args=[pk])},
            ],
            "import": found,
            "would": would,
            "names_employers": found.organisation_id is None,
            "stays": words.posts_in_words(would.left_posts),
        },
    )
