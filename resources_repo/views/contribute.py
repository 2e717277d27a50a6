"""Share a resource, see where it stands, propose a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts import audit
from core import clock, policies
from networks.models import Network
from resources_repo.enums import Facet
from resources_repo.forms import SubmitForm, VersionForm, text_as_body
from resources_repo.models import ResourcePage
from resources_repo.permissions import can_contribute, can_revise
from resources_repo.selectors.review import submission_of, submissions_of
from resources_repo.selectors.similar import similar_resources
from resources_repo.services import submissions

_CRUMBS = [{"label": "Resources", "url": "/resources/"}]


@policies.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """Take a new resource; warn of like ones first."""
    area, today = request.local_area, request.today  # type: ignore[attr-defined]
    if not can_contribute(request.user, area, on=today):  # type: ignore[arg-type]
        raise PermissionDenied
    networks = Network.objects.in_area(area).open().joined_by(request.user, today)  # type: ignore[arg-type]
    similar: list[ResourcePage] = []

    def again(**ask: bool) -> SubmitForm:
        return SubmitForm(request.POST, request.FILES, networks=networks, **ask)

    if request.method != "POST":
        form = SubmitForm(networks=networks, initial=_initial(request))
    else:
        form = again()
        if not form.is_valid():
            audit.record_refused_files(request, form, at=clock.now())
        else:
            similar = similar_resources(
                form.cleaned_data["title"],
                user=request.user,  # type: ignore[arg-type]
                local_area=area,
                sha256=form.sha256,
            )
            if similar and not form.cleaned_data.get("seen_similar"):
                form = again(ask_similar=True)
                form.add_error(
                    "seen_similar", "There are resources like this one. Look at them first"
                )
            else:
                page, form = _submit(request, form, again)
                if page is not None:
                    return redirect("resources_repo:submitted", pk=page.pk)
    return render(
        request,
        "pages/resources_repo/submit.html",
        {
            "form": form,
            "similar": similar,
            "page_title": "Share a resource",
            "page_lede": "A reviewer looks at it before anyone else sees it.",
            "breadcrumbs": _CRUMBS,
        },
    )


def _submit(
    request: HttpRequest, form: SubmitForm, again: Any
) -> tuple[ResourcePage | None, SubmitForm]:
    data = form.cleaned_data
    try:
        page = submissions.submit_resource(
            by=request.user,  # type: ignore[arg-type]
            local_area=request.local_area,  # type: ignore[attr-defined]
            title=data["title"],
            summary=data["summary"],
            resource_type=data["resource_type"],
            tags=form.tags(),
            body=text_as_body(data["text"]),
            file=form.accepted,
            network=data["network"],
            licence=data["licence"],
            no_pupil_data_confirmed=data["no_pupil_data"],
            looked_again=data.get("looked_again", False),
            at=clock.now(),
        )
    except submissions.HoldsPupilIdentifiers as error:
        form = again(ask_again=error.may_confirm)
        form.add_error(None, _identifier_words(error))
    except submissions.UnableToSubmit as error:
        form.add_error(None, str(error))
    else:
        return page, form
    return None, form


def _identifier_words(error: submissions.HoldsPupilIdentifiers) -> str:
    parts = " and the ".join(error.where)
    if error.may_confirm:
        return (
            f"The {parts} seems to hold a name with a date of birth. Take it out, "
            "or tick the box below if it is not a child's."
        )
    return (
        f"The {parts} holds a pupil number or an NHS number. Nothing has been saved. "
        "Take the number out and share it again."
    )


def _initial(request: HttpRequest) -> dict[str, list[str]]:
    wanted = {"needs": Facet.NEED, "themes": Facet.THEME, "phases": Facet.PHASE}
    return {name: request.GET.getlist(facet.value)[:4] for name, facet in wanted.items()}


@policies.signed_in
@require_GET
def submitted(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens next."""
    page = get_object_or_404(ResourcePage.objects.contributed_by(request.user), pk=pk)  # type: ignore[arg-type]
    return render(
        request, "pages/resources_repo/submitted.html", {"page": page, "breadcrumbs": _CRUMBS}
    )


@policies.signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what one has shared, and where each stands."""
    return render(
        request,
        "pages/resources_repo/mine.html",
        {
            "rows": submissions_of(request.user, request.local_area),  # type: ignore[arg-type, attr-defined]
            "page_title": "What you have shared",
            "breadcrumbs": _CRUMBS,
        },
    )


@policies.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a new version, or answer a reviewer."""
    area, today = request.local_area, request.today  # type: ignore[attr-defined]
    known = ResourcePage.objects.in_area(area)
    page = get_object_or_404(
        known.filter(pk__in=_reachable(request)).select_related("network"), pk=pk
    )
    if not can_revise(request.user, page, on=today):  # type: ignore[arg-type]
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    initial = {"summary": draft.summary}
    form = VersionForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_bound and not form.is_valid():
        audit.record_refused_files(request, form, at=clock.now())
    elif form.is_bound:
        changes = {}
        if form.cleaned_data["summary"] != draft.summary:
            changes["summary"] = form.cleaned_data["summary"]
        try:
            submissions.propose_version(
                by=request.user,  # type: ignore[arg-type]
                page=page,
                local_area=area,
                change_note=form.cleaned_data["change_note"],
                file=form.accepted,
                looked_again=form.cleaned_data.get("looked_again", False),
                at=clock.now(),
                **changes,
            )
        except submissions.HoldsPupilIdentifiers as error:
            form = VersionForm(request.POST, request.FILES, ask_again=error.may_confirm)
            form.add_error(None, _identifier_words(error))
        except submissions.UnableToSubmit as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "A reviewer has it now. What is published stays until then.")
            return redirect("resources_repo:mine")
    return render(
        request,
        "pages/resources_repo/new_version.html",
        {
            "page": page,
            "form": form,
            "submission": submission_of(page),
            "page_title": "Propose a new version",
            "page_caption": page.title,
            "breadcrumbs": _CRUMBS,
        },
    )


def _reachable(request: HttpRequest) -> list[int]:
    visible = ResourcePage.objects.visible_to(request.user).values_list("pk", flat=True)  # type: ignore[arg-type]
    own = ResourcePage.objects.contributed_by(request.user).values_list("pk", flat=True)  # type: ignore[arg-type]
    return [*visible, *own]
