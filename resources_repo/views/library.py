"""The matrix of needs and phases, the files, and “I used this”."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from core import policies
from resources_repo.enums import EducationPhase, Need, Theme
from resources_repo.models import ResourcePage, ResourceVersion
from resources_repo.permissions import can_contribute
from resources_repo.selectors.library import coverage_matrix
from resources_repo.services import use

_CRUMBS = [{"label": "Resources", "url": "/resources/"}]
_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "pdf": "application/pdf",
}


@policies.signed_in
@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Show what there is for each need in each phase, and what is missing."""
    rows = coverage_matrix(user=request.user, local_area=request.local_area)  # type: ignore[arg-type, attr-defined]
    cells = [cell for row in rows for cell in row.cells]
    return render(
        request,
        "pages/resources_repo/matrix.html",
        {
            "needs": [row for row in rows if row.code in Need.values],
            "themes": [row for row in rows if row.code in Theme.values],
            "phases": [phase.label for phase in EducationPhase],
            "empty": sum(cell.count == 0 for cell in cells),
            "total": len(cells),
            "may_contribute": can_contribute(
                request.user,  # type: ignore[arg-type]
                request.local_area,  # type: ignore[attr-defined]
                on=request.today,  # type: ignore[attr-defined]
            ),
            "page_title": "What we have, and what is missing",
            "breadcrumbs": _CRUMBS,
        },
    )


@policies.public
@require_GET
def download(request: HttpRequest, pk: int, number: int | None = None) -> FileResponse:
    """Hand out a resource's current file, or an older version, to whoever may see the resource."""
    versions = ResourceVersion.objects.visible_to(request.user).filter(  # type: ignore[arg-type]
        page__in=ResourcePage.objects.in_area(request.local_area)  # type: ignore[attr-defined]
    )
    if number is None:
        current = ResourcePage.objects.filter(pk=pk).values("current_version")
        version = versions.filter(pk__in=current).first()
    else:
        version = versions.filter(page=pk, number=number).first()
    if version is None:
        raise Http404
    if request.method == "GET" and version.published_at is not None:
        use.count_download(version=version)
    return file_response(version)


def file_response(version: ResourceVersion) -> FileResponse:
    """Return a version's file as an attachment that no browser will run."""
    response = FileResponse(
        version.document.file.open("rb"),
        as_attachment=True,
        filename=version.filename,
        content_type=_CONTENT_TYPES.get(version.extension, "application/octet-stream"),
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@policies.signed_in
@require_POST
def used(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that one used it, and whether it helped."""
    visible = ResourcePage.objects.in_area(request.local_area).visible_to(request.user)  # type: ignore[arg-type, attr-defined]
    page = get_object_or_404(visible, pk=pk)
    try:
        use.record_use(
            by=request.user,  # type: ignore[arg-type]
            page=page,
            helped=request.POST.get("helped", ""),
            on=request.today,  # type: ignore[attr-defined]
        )
        messages.success(request, "Thank you. Others see how many settings it helped.")
    except use.UnableToRecordUse as error:
        messages.error(request, str(error))
    return redirect(f"/resources/{page.slug}/")
