"""The reviewers' desk: what waits, and the decision about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import Role
from accounts.policies import role_required
from core import clock
from resources_repo.forms import DecisionForm
from resources_repo.models import ResourcePage
from resources_repo.permissions import can_decide
from resources_repo.screens import tag_links, version_words
from resources_repo.selectors.review import open_reviews, review_queue
from resources_repo.selectors.similar import similar_resources
from resources_repo.services import reviews

_CRUMBS = [{"label": "Resources", "url": "/resources/"}]


@role_required(Role.REVIEWER, whole_area=True)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show a reviewer what waits."""
    return render(
        request,
        "pages/resources_repo/queue.html",
        {
            "rows": review_queue(request.user, request.local_area),  # type: ignore[arg-type, attr-defined]
            "page_title": "Resources to review",
            "breadcrumbs": _CRUMBS,
        },
    )


@role_required(Role.REVIEWER, whole_area=True)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a submission as it would be published, and take the decision."""
    area = request.local_area  # type: ignore[attr-defined]
    waiting = open_reviews(request.user, area)  # type: ignore[arg-type]
    state = get_object_or_404(waiting.select_related("requested_by"), object_id=str(pk))
    page = get_object_or_404(ResourcePage, pk=pk)
    may_decide = can_decide(request.user, page)  # type: ignore[arg-type]
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, page, form)
        except reviews.UnableToDecide as error:
            form.add_error(None, str(error))
        else:
            return redirect("resources_repo:queue")
    draft = page.get_latest_revision_as_object()
    version = draft.current_version
    return render(
        request,
        "pages/resources_repo/review.html",
        {
            "page": draft,
            "live": page.live,
            "state": state,
            "tag_links": tag_links(draft),
            "version": version,
            "version_words": version_words(version) if version else "",
            "similar": [
                other
                for other in similar_resources(draft.title, user=request.user, local_area=area)  # type: ignore[arg-type]
                if other.pk != page.pk
            ],
            "form": form if may_decide else None,
            "page_title": draft.title,
            "page_caption": f"Review: {draft.get_resource_type_display()}",
            "page_lede": draft.summary,
            "breadcrumbs": [*_CRUMBS, {"label": "To review", "url": "/resources/review/"}],
        },
    )


def _decide(request: HttpRequest, page: ResourcePage, form: DecisionForm) -> None:
    words = {"comment": form.cleaned_data["comment"], "at": clock.now()}
    area = request.local_area  # type: ignore[attr-defined]
    if form.cleaned_data["decision"] == "approve":
        reviews.approve_resource(by=request.user, page=page, local_area=area, **words)  # type: ignore[arg-type]
        messages.success(request, f"“{page.title}” is published.")
    else:
        reviews.return_resource(by=request.user, page=page, local_area=area, **words)  # type: ignore[arg-type]
        messages.success(request, f"“{page.title}” is back with its author.")
