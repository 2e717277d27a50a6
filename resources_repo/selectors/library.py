"""The library: filters in the address, results, counts of each choice, and the coverage matrix."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from networks.home_slots import Slot
from networks.models import Network
from resources_repo.enums import (
    EducationPhase,
    Facet,
    Need,
    ResourceType,
    Theme,
)
from resources_repo.models import ResourcePage, ResourceTag, ResourceUse
from resources_repo.querysets import known_networks

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import LocalArea, User

    Viewer = User | AnonymousUser

TAG_FACETS = (Facet.NEED, Facet.AREA, Facet.THEME, Facet.PHASE, Facet.TIER, Facet.STAGE)
TYPE = "type"
MOST_MATCHES = 2_000
# Codes that say "not assessed" or "other" are no subject a resource could be missing for.
MATRIX_NEEDS = [need for need in Need if need not in (Need.OTH, Need.NSA)]
ANY_NEED = "any"


@dataclass(frozen=True)
class LibraryQuery:
    """What was asked: words, and for each facet the chosen values (any of them matches)."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    network: str = ""


@dataclass(frozen=True)
class Results:
    """Matching pages (unsliced, ordered), their number, and for each facet value to number."""

    pages: QuerySet[ResourcePage]
    counts: dict[str, dict[str, int]]
    total: int


@dataclass(frozen=True)
class UseCounts:
    """Who used a resource: numbers of settings, of people, and of settings it helped."""

    settings: int = 0
    people: int = 0
    helped: int = 0


@dataclass(frozen=True)
class MatrixCell:
    """One need in one phase: how many resources, and the search that lists them."""

    count: int
    url: str
    contribute_url: str
    label: str


@dataclass(frozen=True)
class MatrixRow:
    """One need or theme across the phases."""

    code: str
    label: str
    cells: tuple[MatrixCell, ...]


def visible_resources(user: Viewer, local_area: LocalArea) -> QuerySet[ResourcePage]:
    """Return the resources of the area the person may read; asks once which networks count."""
    known = list(known_networks(user).filter(local_area=local_area).values_list("pk", flat=True))
    return ResourcePage.objects.in_area(local_area).visible_given(user, known)


def search_library(query: LibraryQuery, *, user: Viewer, local_area: LocalArea) -> Results:
    """Return the results and the counts of every choice, over what the person may read.

    A choice's count is what one would see on adding it: its own facet's choices are left out of
    the condition, the others' kept. One query for all facets without a choice, one for each
    facet with one; the text search is one more.
    """
    base = visible_resources(user, local_area)
    if query.network:
        base = base.filter(network__slug=query.network)
    ranked: list[int] = []
    if query.text:
        ranked = matching_ids(base, query.text)
        base = base.filter(pk__in=ranked)
    chosen = {facet: values for facet, values in query.chosen.items() if values}
    shown = _settled(_narrow(base, chosen))
    counts = _counts(base, shown, chosen)
    # Each resource has one type, so the types counted are the resources shown.
    types = chosen.get(TYPE) or list(counts[TYPE])
    total = sum(counts[TYPE].get(value, 0) for value in types)
    pages = ResourcePage.objects.filter(pk__in=shown).order_by("-last_published_at", "-pk")
    return Results(pages=pages, counts=counts, total=total)


def matching_ids(pages: QuerySet[ResourcePage], text: str) -> list[int]:
    """Return the primary keys that match the words, best first.

    Wrapped as architecture.md says: Wagtail's search fails on querysets with joins or Exists.
    """
    plain = ResourcePage.objects.filter(pk__in=pages.order_by().values("pk"))
    return [page.pk for page in plain.only("pk").search(text)[:MOST_MATCHES]]


def _with_tag(facet: str, values: list[str]) -> Q:
    if facet == TYPE:
        return Q(resource_type__in=values)
    return Q(pk__in=ResourceTag.objects.filter(facet=facet, value__in=values).values("page"))


def _narrow(
    base: QuerySet[ResourcePage], chosen: dict[str, list[str]], without: str = ""
) -> QuerySet[ResourcePage]:
    for facet, values in chosen.items():
        if facet != without:
            base = base.filter(_with_tag(facet, values))
    return base


def _settled(pages: QuerySet[ResourcePage]) -> Any:
    """Return the primary keys as a list while they are few, and as a subquery when they are many.

    Several questions follow about the same pages; a short list is asked for once.
    """
    found = list(pages.order_by().values_list("pk", flat=True)[: MOST_MATCHES + 1])
    return found if len(found) <= MOST_MATCHES else pages.order_by().values("pk")


def _counts(
    base: QuerySet[ResourcePage], shown: Any, chosen: dict[str, list[str]]
) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    rows = (
        ResourceTag.objects.filter(page__in=shown)
        .exclude(facet__in=list(chosen))
        .values_list("facet", "value")
        .annotate(number=Count("page"))
        .order_by()
    )
    for facet, value, number in rows:
        counts[facet][value] = number
    for facet in chosen:
        if facet == TYPE:
            continue
        others = _narrow(base, chosen, without=facet).order_by().values("pk")
        counts[facet] = dict(
            ResourceTag.objects.filter(page__in=others, facet=facet)
            .values_list("value")
            .annotate(number=Count("page"))
            .order_by()
        )
    typed = (
        _narrow(base, chosen, without=TYPE)
        if TYPE in chosen
        else ResourcePage.objects.filter(pk__in=shown)
    )
    counts[TYPE] = dict(typed.order_by().values_list("resource_type").annotate(number=Count("pk")))
    return counts


def use_counts(page_ids: list[int]) -> dict[int, UseCounts]:
    """Return who used each of the pages, as numbers; one query."""
    rows = (
        ResourceUse.objects.filter(page__in=page_ids)
        .values("page")
        .annotate(
            settings=Count("organisation", distinct=True),
            people=Count("person", distinct=True),
            helped=Count("organisation", distinct=True, filter=Q(helped="yes")),
        )
        .order_by()
    )
    return {row["page"]: UseCounts(row["settings"], row["people"], row["helped"]) for row in rows}


def use_sentence(uses: UseCounts | None) -> str:
    """Return the numbers in words: "Used by 14 settings, helped 11"."""
    if uses is None or not uses.people:
        return ""
    if not uses.settings:
        return f"Used by {uses.people} {'person' if uses.people == 1 else 'people'}"
    words = f"Used by {uses.settings} setting{'' if uses.settings == 1 else 's'}"
    return f"{words}, helped {uses.helped}" if uses.helped else words


def coverage_matrix(*, user: Viewer, local_area: LocalArea) -> list[MatrixRow]:
    """Return need x phase with the number of resources in each cell; empty cells stay in.

    The last rows are themes, and resources for any need. Two queries.
    """
    visible = visible_resources(user, local_area).order_by().values("pk")
    phases: dict[int, set[str]] = defaultdict(set)
    subjects: dict[int, set[tuple[str, str]]] = defaultdict(set)
    rows = ResourceTag.objects.filter(
        page__in=visible, facet__in=(Facet.NEED, Facet.THEME, Facet.PHASE)
    ).values_list("page", "facet", "value")
    for page, facet, value in rows:
        if facet == Facet.PHASE:
            phases[page].add(value)
        else:
            subjects[page].add((facet, value))
    cells: dict[tuple[str, str, str], int] = defaultdict(int)
    for page, in_phases in phases.items():
        for phase in in_phases:
            for facet, value in subjects.get(page, ()):
                cells[(facet, value, phase)] += 1
    lines = [(Facet.NEED, need) for need in MATRIX_NEEDS]
    lines += [(Facet.THEME, theme) for theme in Theme]
    return [
        MatrixRow(
            code=subject.value,
            label=str(subject.label),
            cells=tuple(
                _cell(facet, subject, phase, cells[(facet, subject.value, phase.value)])
                for phase in EducationPhase
            ),
        )
        for facet, subject in lines
    ]


def _cell(facet: str, subject: Any, phase: EducationPhase, count: int) -> MatrixCell:
    query = urlencode({str(facet.value): subject.value, Facet.PHASE.value: phase.value})  # type: ignore[attr-defined]
    return MatrixCell(
        count=count,
        url=f"/resources/?{query}",
        contribute_url=f"/resources/submit/?{query}",
        label=f"{subject.label}, {phase.label}",
    )


def library_slot(network: Network, user: User) -> Slot | None:
    """Return the library part of a network's home: its newest resources this person may read."""
    pages = list(
        ResourcePage.objects.visible_to(user)
        .filter(network=network)
        .order_by("-last_published_at", "-pk")[:4]
    )
    if not pages:
        return None
    return Slot(
        template="pages/resources_repo/slot.html",
        context={
            "resources": [
                {
                    "title": page.title,
                    "url": f"/resources/{page.slug}/",
                    "kind": ResourceType(page.resource_type).label,
                    "summary": page.summary,
                }
                for page in pages
            ],
            "more_url": f"/resources/?network={network.slug}",
        },
        order=10,
    )
