"""Packages in the CMS: upload, what the inspection found, preview, approval, withdrawal.

The rules are those of courses.packages.services; here is only the door. Whoever may not act sees
why, and everything belongs to the local area of the site the CMS is used on.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import policies
from accounts.models import LocalArea, User
from core import clock
from courses.models import ContentPackage, PackageRevision
from courses.packages import permissions, services
from courses.packages.completion import CompletionRule
from courses.packages.launch import preview_player
from courses.packages.models import RevisionState

MOST_UPLOAD_BYTES = 512 * 1024 * 1024
MOST_PREVIEW_BYTES = 256 * 1024
MOST_PREVIEW_STATEMENTS = 25


class UploadForm(forms.Form):
    """A new package, or a new revision of one."""

    file = forms.FileField(
        label="Package", help_text="An H5P file (.h5p), exported with its libraries."
    )
    title = forms.CharField(
        max_length=255, required=False, help_text="Empty: the title the file gives itself."
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read any further."""
        file = self.cleaned_data["file"]
        if file.size > MOST_UPLOAD_BYTES:
            raise forms.ValidationError("The file is larger than 512 MB.")
        return file


class WithdrawForm(forms.Form):
    """Why a revision is taken out of service."""

    reason = forms.CharField(max_length=500)


def _whom(request: HttpRequest) -> tuple[User, LocalArea]:
    """Return who acts and for which area; raise PermissionDenied for others than administrators."""
    user, area = request.user, request.local_area  # type: ignore[attr-defined]
    if not isinstance(user, User) or not area:
        raise PermissionDenied
    if not permissions.can_upload_package(user, area, on=clock.today()):
        raise PermissionDenied
    return user, area


def _revision(area: LocalArea, public_id: UUID) -> PackageRevision:
    return get_object_or_404(
        PackageRevision.objects.select_related(
            "package__local_area", "uploaded_by", "previewed_by", "approved_by"
        ).filter(package__local_area=area),
        public_id=public_id,
    )


@policies.cms
@require_GET
def package_list(request: HttpRequest) -> HttpResponse:
    """List the area's packages, those that wait for approval first."""
    _, area = _whom(request)
    revisions = PackageRevision.objects.select_related("uploaded_by").order_by("-number")
    packages = ContentPackage.objects.filter(local_area=area).prefetch_related(
        Prefetch("revisions", queryset=revisions)
    )
    newest = [
        (package, revision)
        for package in packages
        for revision in list(package.revisions.all())[:1]
    ]
    newest.sort(key=lambda row: row[1].state != RevisionState.QUARANTINED)
    rows = [{"package": package, "revision": revision} for package, revision in newest]
    return render(
        request,
        "pages/courses/cms/package_list.html",
        {"page_title": "Packages", "header_icon": "media", "rows": rows},
    )


@policies.cms
def upload_package(request: HttpRequest, package_id: UUID | None = None) -> HttpResponse:
    """Take an upload in: judged at once, kept in quarantine, or refused with every reason."""
    user, area = _whom(request)
    package = None
    if package_id is not None:
        package = get_object_or_404(ContentPackage, public_id=package_id, local_area=area)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            revision = services.store_package(
                file=form.cleaned_data["file"].file,
                local_area=area,
                by=user,
                at=clock.now(),
                package=package,
                title=form.cleaned_data["title"],
            )
        except services.UnableToStorePackage as error:
            form.add_error("file", list(error.reasons))
        else:
            messages.success(request, f"“{revision.package}” is kept and waits for approval.")
            return redirect("courses_packages:revision", public_id=revision.public_id)
    return render(
        request,
        "pages/courses/cms/package_upload.html",
        {
            "page_title": f"New revision of “{package}”" if package else "Upload a package",
            "header_icon": "upload",
            "form": form,
            "package": package,
        },
    )


@policies.cms
@require_GET
def revision_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what the inspection found, and what may be done next."""
    user, area = _whom(request)
    revision = _revision(area, public_id)
    return render(request, "pages/courses/cms/revision.html", _about(revision, user))


def _about(revision: PackageRevision, user: User) -> dict[str, Any]:
    report = revision.report
    mine = revision.uploaded_by_id == user.pk
    may_approve = permissions.can_approve_revision(user, revision, on=clock.today())
    return {
        "page_title": str(revision),
        "header_icon": "media",
        "revision": revision,
        "notes": report.get("notes", []),
        "accessibility": report.get("accessibility", []),
        "libraries": report.get("libraries", []),
        "missing": report.get("missing", []),
        "may_approve": may_approve and revision.state == RevisionState.QUARANTINED,
        "waits_for_another": mine
        and not may_approve
        and revision.state == RevisionState.QUARANTINED,
        "loosened": [
            (CompletionRule.VIEWED.value, "when it was open long enough"),
            (CompletionRule.SELF_DECLARED.value, "when the learner says so"),
        ],
        "withdraw_form": WithdrawForm(),
    }


@policies.cms
@require_POST
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Let staff try the revision; the score it reports at its end is remembered."""
    user, area = _whom(request)
    revision = _revision(area, public_id)
    try:
        label = services.open_preview(revision=revision, by=user, at=clock.now())
    except services.UnableToPreviewRevision as error:
        messages.error(request, str(error))
        return redirect("courses_packages:revision", public_id=public_id)
    player = preview_player(
        revision=revision,
        label=label,
        csrf=get_token(request),
        statements_url=reverse("courses_packages:statements", args=[public_id]),
    )
    context = {"page_title": f"Preview: {revision}", "header_icon": "view", "player": player}
    return render(request, "pages/courses/cms/preview.html", context | {"revision": revision})


@policies.cms
@require_POST
def preview_statements(request: HttpRequest, public_id: UUID) -> JsonResponse:
    """Take from a preview's statements the highest score there is; nothing else is kept."""
    user, area = _whom(request)
    revision = _revision(area, public_id)
    rows = _rows(request)
    if rows is None:
        return JsonResponse({"error": "invalid", "message": "This could not be read."}, status=400)
    for row in rows:
        services.record_preview_statement(
            revision=revision, by=user, statement=row.get("statement"), at=clock.now()
        )
    return JsonResponse(
        {
            "accepted": [row.get("id") for row in rows],
            "ignored": [],
            "attempt": {"state": "open", "message": "", "next_url": None},
        }
    )


def _rows(request: HttpRequest) -> list[dict[str, Any]] | None:
    if len(request.body) > MOST_PREVIEW_BYTES:
        return None
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    rows = data.get("statements") if isinstance(data, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_PREVIEW_STATEMENTS:
        return None
    return rows if all(isinstance(row, dict) for row in rows) else None


@policies.cms
@require_POST
def approve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Approve the revision and the libraries it brings, if this person may."""
    user, area = _whom(request)
    revision = _revision(area, public_id)
    chosen = request.POST.get("completion_rule", "")
    loosened = {CompletionRule.VIEWED.value, CompletionRule.SELF_DECLARED.value}
    try:
        services.approve_revision(
            revision=revision,
            by=user,
            at=clock.now(),
            completion_rule=CompletionRule(chosen) if chosen in loosened else None,
        )
        messages.success(request, f"“{revision}” may now be used in lessons.")
    except services.UnableToApproveRevision as error:
        messages.error(request, str(error))
    return redirect("courses_packages:revision", public_id=public_id)


@policies.cms
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the revision out of service, with a reason."""
    user, area = _whom(request)
    revision = _revision(area, public_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why it is withdrawn.")
        return redirect("courses_packages:revision", public_id=public_id)
    try:
        services.withdraw_revision(
            revision=revision, by=user, reason=form.cleaned_data["reason"], at=clock.now()
        )
        messages.success(request, f"“{revision}” is withdrawn. What learners did is kept.")
    except services.UnableToWithdrawRevision as error:
        messages.error(request, str(error))
    return redirect("courses_packages:revision", public_id=public_id)
