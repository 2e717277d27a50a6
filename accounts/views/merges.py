"""Merge two accounts of one person: find, compare, choose, and undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import access, merge_rows
from accounts.enums import Role
from accounts.forms.merges import FindAccountsForm, MergeForm
from accounts.models import AccountMerge, User
from accounts.services import merges as services
from core import clock
from core.policies import Policy

PAGE_SIZE = 25
_CRUMB = {"label": "Merge accounts", "url": "/people/merge/"}


def _administers_training(request: HttpRequest) -> bool:
    area = request.local_area  # type: ignore[attr-defined]
    if not request.user.is_authenticated or not area:
        return False
    areas = access.areas_with_role(request.user, (Role.TRAINING_ADMIN,), request.today)  # type: ignore[arg-type, attr-defined]
    return areas.filter(pk=area.pk).exists()


# A training administrator of the whole area, not of one setting in it.
administers_training = Policy("administers_training", _administers_training)


def _merges(request: HttpRequest) -> Any:
    visible = AccountMerge.objects.visible_to(request.user, request.today)  # type: ignore[attr-defined]
    return visible.filter(local_area=request.local_area).select_related(  # type: ignore[attr-defined]
        "kept", "merged", "merged_by", "undone_by", "local_area"
    )


@administers_training
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Search the area's accounts, or show those that share a name; choose two."""
    area = request.local_area  # type: ignore[attr-defined]
    form = FindAccountsForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(_merges(request), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "pages/accounts/merges/find.html",
        {
            "page_title": "Merge accounts",
            "page_lede": "When one person has two accounts, their training is in two places. "
            "Merging puts it in one, and can be undone.",
            "form": form,
            "words": words,
            "found": merge_rows.search_accounts(area, words) if words else [],
            "limit": merge_rows.FOUND_AT_MOST,
            "groups": [] if words else merge_rows.same_names(area),
            "merges": page.object_list,
            "page_obj": page,
        },
    )


def _two(request: HttpRequest) -> list[User]:
    """Return the two accounts that the URL names; 404 unless both are of this area."""
    asked = request.GET.getlist("person")
    try:
        wanted = [UUID(value) for value in asked]
    except ValueError as error:
        raise Http404 from error
    accounts = merge_rows.accounts_in_area(request.local_area)  # type: ignore[attr-defined]
    found = {person.public_id: person for person in accounts.filter(public_id__in=wanted)}
    if len(found) != len(set(wanted)):
        raise Http404
    return [found[key] for key in dict.fromkeys(wanted)]


@administers_training
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest) -> HttpResponse:
    """Show two accounts side by side; on POST make them one."""
    people = _two(request)
    if len(people) != 2:
        messages.warning(request, "Choose two accounts.")
        return redirect("accounts:merge-find")
    compared = merge_rows.compared(people, request.today)  # type: ignore[attr-defined]
    form = MergeForm(
        request.POST or None, accounts=[(one.person, _advice(one)) for one in compared]
    )
    if request.method == "POST" and form.is_valid():
        kept, merged = sorted(
            people, key=lambda person: str(person.public_id) != form.cleaned_data["kept"]
        )
        try:
            merge = services.merge_accounts(
                by=request.user,  # type: ignore[arg-type]
                kept=kept,
                merged=merged,
                local_area=request.local_area,  # type: ignore[attr-defined]
                at=clock.now(),
            )
        except services.UnableToMerge as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The two accounts of {kept} are one now.")
            return redirect("accounts:merge", pk=merge.pk)
    return render(
        request,
        "pages/accounts/merges/compare.html",
        {
            "page_title": "Are these the same person?",
            "breadcrumbs": [_CRUMB],
            "form": form,
            "first": compared[0],
            "second": compared[1],
            "counts": merge_rows.counts(*people),
        },
    )


def _advice(account: merge_rows.Compared) -> str:
    """Say what keeping this account means for signing in."""
    if not account.can_sign_in:
        return "Nobody has signed in to it: they need an invitation afterwards."
    way = account.person.email or account.person.sign_in_name
    return f"They go on signing in with {way}." if way else "They go on signing in as now."


@administers_training
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a merge did, what stayed behind, and which roles somebody may grant anew."""
    merge = get_object_or_404(_merges(request), pk=pk)
    return render(
        request,
        "pages/accounts/merges/merge.html",
        {
            "page_title": f"Merge of {merge.merged.get_full_name()}",
            "breadcrumbs": [_CRUMB],
            "merge": merge,
            "facts": _facts(merge),
            "moved": merge_rows.moved(merge),
            "left": [] if merge.undone_at else merge_rows.left_behind(merge),
            "roles": merge_rows.roles_ended(merge),
        },
    )


def _facts(merge: AccountMerge) -> list[dict[str, str]]:
    def day(at: Any) -> str:
        on = clock.london_date(at)
        return f"{on.day} {on:%B %Y}"

    facts = [
        ("Kept", _named(merge.kept)),
        ("Merged into it", _named(merge.merged)),
        ("Merged by", f"{merge.merged_by.get_full_name()}, {day(merge.merged_at)}"),
    ]
    if merge.undone_at is not None and merge.undone_by is not None:
        facts.append(("Undone by", f"{merge.undone_by.get_full_name()}, {day(merge.undone_at)}"))
    return [{"key": key, "value": value} for key, value in facts]


def _named(person: User) -> str:
    way = person.email or person.sign_in_name
    return f"{person.get_full_name()} ({way})" if way else person.get_full_name()


@administers_training
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make them two accounts again, and say what could not be put back."""
    merge = get_object_or_404(_merges(request), pk=pk)
    try:
        lost = services.undo_merge(by=request.user, merge=merge, at=clock.now())  # type: ignore[arg-type]
    except services.UnableToUndoMerge as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The merge is undone: they are two accounts again.")
        if lost:
            kinds = merge_rows.kinds_of(lost)
            messages.warning(
                request,
                "Not everything could be put back, because it has changed since: "
                + ", ".join(f"{title} ({number})" for title, number in kinds)
                + ".",
            )
    return redirect(reverse("accounts:merge", args=[pk]))
