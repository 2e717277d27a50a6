"""Imports as their screens show them: the list of earlier ones, and what one has done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from accounts.enums import ImportMode, ImportState
from accounts.models import LocalArea, Post, StaffImport, User

# Names shown of what an import has done; the list of people has them all.
NAMED = 50
_TONES = {
    ImportState.PREVIEW: "waiting",
    ImportState.COMMITTED: "done",
    ImportState.UNDONE: "neutral",
    ImportState.DISCARDED: "neutral",
}


@dataclass(frozen=True)
class ImportRow:
    """An import in a list."""

    pk: int
    title: str
    detail: str
    tone: str
    state: str


@dataclass(frozen=True)
class DoneRow:
    """Somebody an import has touched."""

    person: User
    what: str
    where: str


def earlier_imports(user: User, local_area: LocalArea, on: dt.date) -> QuerySet[StaffImport]:
    """Return the imports the person may see, latest first, without their rows and plans."""
    return (
        StaffImport.objects.visible_to(user, on)
        .filter(local_area=local_area)
        .select_related("organisation", "made_by")
        .annotate(counts=F("plan__counts"))
        .defer("rows", "plan", "changes")
        .order_by("-made_at", "-pk")
    )


def import_rows(imports: Iterable[StaffImport]) -> list[ImportRow]:
    """Put imports into words."""
    return [
        ImportRow(
            pk=each.pk,
            title=_title(each),
            detail=" · ".join(_detail(each)),
            tone=_TONES[ImportState(each.state)],
            state=each.get_state_display(),
        )
        for each in imports
    ]


def counted(counts: dict[str, int]) -> str:
    """Say "12 joiners, 3 changes, 9 leavers"."""
    words = [
        f"{counts[f'{noun}s']:,} {noun}{'' if counts[f'{noun}s'] == 1 else 's'}"
        for noun in ("joiner", "leaver", "change")
        if counts.get(f"{noun}s")
    ]
    return ", ".join(words) or "nothing to change"


def _title(each: StaffImport) -> str:
    whose = each.organisation.name if each.organisation else "Several settings"
    return f"{whose}, {each.made_at.astimezone():%-d %B %Y}"


def _detail(each: Any) -> list[str]:
    kind = "full list" if each.mode == ImportMode.FULL else "changes only"
    by = each.made_by.get_full_name() if each.made_by else "the command line"
    return [kind, counted(each.counts or {}), f"by {by}"]


def who_joined(staff_import: StaffImport) -> list[DoneRow]:
    """Return the first people given a post, and those who came back to theirs."""
    back = [
        row["pk"]
        for row in staff_import.changes.get("changed_posts", [])
        if "ends_on" in row["after"] and row["after"]["ends_on"] is None
    ]
    return _rows([*staff_import.changes.get("posts", []), *back])


def who_left(staff_import: StaffImport) -> list[DoneRow]:
    """Return the first people whose post was given an end."""
    keys = [
        row["pk"]
        for row in staff_import.changes.get("changed_posts", [])
        if row["after"].get("ends_on")
    ]
    return _rows(keys)


def who_stayed(staff_import: StaffImport) -> list[DoneRow]:
    """Return those whom undoing left as they are."""
    left = staff_import.changes.get("left", {})
    return _rows(left.get("posts", []))


def posts_in_words(keys: list[int]) -> list[DoneRow]:
    """Return the first of these posts with their people."""
    return _rows(keys)


def _rows(keys: list[int]) -> list[DoneRow]:
    posts = (
        Post.objects.filter(pk__in=keys[:1_000])
        .select_related("person", "organisation")
        .order_by("person__family_name", "person__given_name", "pk")[:NAMED]
    )
    return [
        DoneRow(post.person, str(post.get_job_role_display()), post.organisation.name)
        for post in posts
    ]
