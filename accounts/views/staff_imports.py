"""Lists of staff: bring one, look at what it would change, and what earlier ones did."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import access, invitation_rows
from accounts.enums import ImportMode, ImportState, OrganisationStatus, Role
from accounts.forms.staff_imports import ALL_SETTINGS, CommitForm, StaffListForm, TitlesForm
from accounts.models import StaffImport, User
from accounts.policies import leads_setting
from accounts.requests import Request
from accounts.settings_led import organisations_led
from accounts.staffing import shown as words
from accounts.staffing.drafting import UnableToDraft, draft_import
from accounts.staffing.headings import LABELS
from accounts.staffing.reading import UnreadableList
from core import clock
from core.spreadsheets import csv_lines

# What must be acted on first, then what matters most.
KINDS = {
    "errors": "Rows to mend",
    "joiners": "Joiners",
    "leavers": "Leavers",
    "changes": "Changes",
}
PER_KIND = 25
PER_PAGE = 100
LATEST = 5
_EMPTY_LIST = (
    "Email address", "Staff number", "First name", "Last name", "Job title", "Start date",
    "End date", "Weekly hours", "Line manager", "Term time only",
)  # fmt: skip


def import_or_404(request: Request, pk: int) -> StaffImport:
    """Return an import the person may see in this local area."""
    found = StaffImport.objects.visible_to(request.user, request.today)
    return get_object_or_404(
        found.filter(local_area=request.local_area).select_related("organisation", "made_by"),
        pk=pk,
    )


def crumbs() -> list[dict[str, str]]:
    """Return the ancestors of an import's page."""
    return [
        {"label": "People", "url": reverse("accounts:people")},
        {"label": "Import a list of staff", "url": reverse("accounts:staff-imports")},
    ]


@leads_setting
@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Ask for a list; what is wrong with a whole file is said here, and a preview made."""
    area = request.local_area
    places = list(organisations_led(request).exclude(status=OrganisationStatus.CLOSED))
    whole = access.areas_with_role(request.user, (Role.TRAINING_ADMIN,), request.today)
    form = StaffListForm(
        request.POST or None,
        request.FILES or None,
        initial={"setting": request.GET.get("setting", "")},
        organisations=places,
        whole_area=area.name if whole.filter(pk=area.pk).exists() else "",
    )
    if request.method == "POST" and form.is_valid():
        content, name = form.content()
        try:
            draft = draft_import(
                by=request.user,
                local_area=area,
                organisation=form.organisation(),
                mode=form.cleaned_data["mode"],
                content=content,
                source_name=name,
                at=clock.now(),
            )
        except UnreadableList as refusal:
            form.refuse(str(refusal))
        except UnableToDraft as refusal:
            form.add_error("setting", str(refusal))
        else:
            return redirect("accounts:staff-import", pk=draft.pk)
    latest = words.earlier_imports(request.user, area, request.today)[: LATEST + 1]
    rows = words.import_rows(latest)
    return render(
        request,
        "pages/accounts/staff_imports/start.html",
        {
            "page_title": "Import a list of staff",
            "page_caption": places[0].name if len(places) == 1 else "",
            "page_lede": "You see what would change before anything does.",
            "breadcrumbs": crumbs()[:1],
            "form": form,
            "rows": rows[:LATEST],
            "has_more": len(rows) > LATEST,
            "labels": [LABELS[name] for name in LABELS if name not in ("full_name", "employer")],
            "names_employers": ALL_SETTINGS in dict(form.fields["setting"].choices),  # type: ignore[attr-defined]
        },
        status=422 if form.errors else 200,
    )


@leads_setting
@require_GET
def empty_list(request: Request) -> StreamingHttpResponse:
    """Give a list with headings only, to be filled in."""
    return _csv("staff.csv", _EMPTY_LIST, [])


@leads_setting
@require_GET
def earlier(request: Request) -> HttpResponse:
    """List earlier imports, latest first."""
    found = words.earlier_imports(request.user, request.local_area, request.today)
    page = Paginator(found, PER_KIND).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/staff_imports/earlier.html",
        {
            "page_title": "Earlier imports",
            "breadcrumbs": crumbs(),
            "rows": words.import_rows(page.object_list),
            "page_obj": page,
        },
    )


@leads_setting
@require_GET
def shown(request: Request, pk: int) -> HttpResponse:
    """Show an import as it stands: the preview, what it did, or that it is gone."""
    found = import_or_404(request, pk)
    if found.state == ImportState.PREVIEW:
        return preview(request, found)
    return render(
        request,
        "pages/accounts/staff_imports/done.html",
        {
            "page_title": title_of(found),
            "page_caption": whose(found),
            "breadcrumbs": crumbs(),
            "import": found,
            "counts": found.plan.get("counts") or {},
            "summary": words.counted(found.plan.get("counts") or {}),
            "joined": words.who_joined(found),
            "to_invite": _to_invite(request, found),
            "left": words.who_left(found),
            "stayed": words.who_stayed(found),
            "stayed_count": len(found.changes.get("left", {}).get("posts", [])),
            "names_employers": found.organisation_id is None,
            "is_committed": found.state == ImportState.COMMITTED,
            "is_undone": found.state == ImportState.UNDONE,
        },
    )


def _to_invite(request: Request, found: StaffImport) -> list[User]:
    """Return who got a post by the list and can be mailed an invitation; none if too many."""
    if found.state != ImportState.COMMITTED or found.organisation_id is None:
        return []
    posts = invitation_rows.posts_to_invite(request.today).filter(
        organisation=found.organisation_id, pk__in=found.changes.get("posts", [])[: PER_PAGE + 1]
    )
    people = User.objects.filter(pk__in=posts.values("person"), email__isnull=False)
    rows = list(invitation_rows.without_sign_in(people)[: PER_PAGE + 1])
    return rows if len(rows) <= PER_PAGE else []


def preview(
    request: Request,
    found: StaffImport,
    *,
    commit_form: CommitForm | None = None,
    titles_form: TitlesForm | None = None,
) -> HttpResponse:
    """Show what a list would change; with forms that were refused, what is wrong with them."""
    plan = found.plan
    counts = plan["counts"]
    only = request.GET.get("show", "")
    kinds = [only] if only in KINDS else list(KINDS)
    refused = [form for form in (commit_form, titles_form) if form is not None and form.errors]
    employers = {row["id"]: row["name"] for row in plan["employers"]}
    return render(
        request,
        "pages/accounts/staff_imports/preview.html",
        {
            "page_title": "Look before you import",
            "page_caption": whose(found),
            "breadcrumbs": crumbs(),
            "import": found,
            "counts": counts,
            "summary": words.counted(counts),
            "stats": _stats(found),
            "sections": [
                section
                for kind in kinds
                if (section := _section(request, plan, kind, employers, kind == only))["count"]
            ],
            "only": only if only in KINDS else "",
            "names_employers": found.organisation_id is None,
            "used": [f"{heading} ({LABELS[name].lower()})" for heading, name in plan["recognised"]],
            "plan": plan,
            "is_full": found.mode == ImportMode.FULL,
            "titles_form": titles_form or TitlesForm(unknown=plan["unknown"]),
            "commit_form": commit_form or commit_form_of(found),
            "errors": [error for form in refused for error in form.error_list()],
            "form": refused[0] if refused else None,
            "same_before": _same_before(found),
        },
        status=422 if refused else 200,
    )


def commit_form_of(found: StaffImport, data: Any = None) -> CommitForm:
    """Return the form of the decision, which asks for what this list takes."""
    counts = found.plan["counts"]
    return CommitForm(
        data,
        right=counts["right"],
        errors=counts["errors"],
        ending=counts["ending"] if found.plan["demands_number"] else None,
    )


def whose(found: StaffImport) -> str:
    """Name the employer, the kind of list and where it came from."""
    who = found.organisation.name if found.organisation else f"{found.local_area}"
    return f"{who} · {found.get_mode_display()} · {found.source_name or 'list'}"


def title_of(found: StaffImport) -> str:
    """Name the page of an import that is no preview any more."""
    return {
        ImportState.COMMITTED: "Imported",
        ImportState.UNDONE: "Undone",
        ImportState.DISCARDED: "Not imported",
    }.get(ImportState(found.state), "Import")


@leads_setting
@require_GET
def errors(request: Request, pk: int) -> StreamingHttpResponse:
    """Give the rows to mend as CSV, each cell harmless."""
    found = import_or_404(request, pk)
    return _csv(
        f"rows-to-mend-{found.pk}.csv",
        ("Line", "Column", "Value", "What to do"),
        (
            (row["line"], row["column"], row["value"], row["message"])
            for row in found.plan.get("errors", [])
        ),
    )


def _csv(name: str, header: Any, rows: Any) -> StreamingHttpResponse:
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _section(
    request: Request, plan: dict[str, Any], kind: str, employers: dict[int, str], is_alone: bool
) -> dict[str, Any]:
    rows = plan[kind]
    page = Paginator(rows, PER_PAGE if is_alone else PER_KIND).get_page(
        request.GET.get("page") if is_alone else 1
    )
    return {
        "kind": kind,
        "title": KINDS[kind],
        "count": plan["counts"][kind] if kind == "errors" else len(rows),
        "rows": [row | {"where": employers.get(row.get("employer"), "")} for row in page],
        "page_obj": page if is_alone else None,
        "rest": 0 if is_alone else max(0, len(rows) - PER_KIND),
    }


def _stats(found: StaffImport) -> list[dict[str, Any]]:
    counts = found.plan["counts"]
    details = {
        "joiners": "get a post",
        "changes": "get new details",
        "leavers": "posts end" if found.mode == ImportMode.FULL else "by an end date",
        "unchanged": "as they are known",
        "errors": f"of {counts['rows']:,} rows",
    }
    tones = {"errors": "warning"}
    labels = {**KINDS, "unchanged": "Unchanged"}
    return [
        {
            "value": f"{counts[kind]:,}",
            "label": labels[kind],
            "detail": details[kind],
            "status": tones.get(kind, "") if counts[kind] else "",
            "url": f"#{kind}" if counts[kind] and kind in KINDS else "",
        }
        for kind in ("joiners", "leavers", "changes", "unchanged", "errors")
    ]


def _same_before(found: StaffImport) -> StaffImport | None:
    """Return the last import of the very same list, if there was one."""
    return (
        StaffImport.objects.filter(
            local_area=found.local_area_id,
            organisation=found.organisation_id,
            fingerprint=found.fingerprint,
            state=ImportState.COMMITTED,
        )
        .defer("rows", "plan", "changes")
        .order_by("-committed_at")
        .first()
    )
