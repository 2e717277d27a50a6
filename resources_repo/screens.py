"""What the pages of resources_repo show: a page is model and view in one, so it asks here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from core import clock
from networks.models import Network
from resources_repo.enums import FACET_CHOICES, Facet, Helped, ResourceType
from resources_repo.models import (
    DownloadCount,
    ResourceIndexPage,
    ResourcePage,
    ResourceTag,
    ResourceUse,
    ResourceVersion,
)
from resources_repo.permissions import can_review, can_revise
from resources_repo.selectors.library import (
    TYPE,
    LibraryQuery,
    Results,
    search_library,
    use_counts,
    use_sentence,
)

PER_PAGE = 20
LONGEST_QUERY = 200
# Facets in the order of the panel; needs are chips above the results as well.
_PANEL: list[tuple[str, str, Any]] = [
    (Facet.PHASE.value, "Phase", FACET_CHOICES[Facet.PHASE]),
    (Facet.TIER.value, "Tier", FACET_CHOICES[Facet.TIER]),
    (TYPE, "Type", ResourceType),
    (Facet.AREA.value, "Area of need", FACET_CHOICES[Facet.AREA]),
    (Facet.NEED.value, "Need", FACET_CHOICES[Facet.NEED]),
    (Facet.THEME.value, "Theme", FACET_CHOICES[Facet.THEME]),
    (Facet.STAGE.value, "Graduated approach", FACET_CHOICES[Facet.STAGE]),
]


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many one would see with it, and whether it is chosen."""

    value: str
    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class FacetGroup:
    """A facet with the choices that lead somewhere."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class ResultRow:
    """A resource in a list, in words ready to show."""

    title: str
    url: str
    kind: str
    summary: str
    tags: list[str]
    facts: list[str]
    status: str
    status_label: str


def parse_query(params: QueryDict) -> LibraryQuery:
    """Read the filters of an address; words of no vocabulary are dropped."""
    chosen = {
        name: [value for value in params.getlist(name) if value in vocabulary.values]
        for name, _, vocabulary in _PANEL
    }
    return LibraryQuery(
        text=params.get("q", "").strip()[:LONGEST_QUERY],
        chosen={name: values for name, values in chosen.items() if values},
        network=params.get("network", "")[:80],
    )


def library_context(request: HttpRequest, index: ResourceIndexPage) -> dict[str, Any]:
    """Return results, facets with counts, chips and what the person may do here."""
    area = request.local_area  # type: ignore[attr-defined]
    today = clock.today()
    query = parse_query(request.GET)
    results = search_library(query, user=request.user, local_area=area)  # type: ignore[arg-type]
    page_obj = _page_of(results, request.GET.get("page"))
    facets = _facets(query, results)
    network = (
        Network.objects.in_area(area).visible_to(request.user).filter(slug=query.network).first()
        if query.network
        else None
    )
    return {
        "page_title": index.title,
        "index": index,
        "query": query,
        "page_obj": page_obj,
        "rows": result_rows(list(page_obj.object_list), index.get_url(request)),
        "facets": facets,
        "needs": next(group.choices for group in facets if group.name == Facet.NEED),
        "chips": _chips(query, facets, network),
        "network": network,
        "is_filtered": bool(query.text or query.chosen or query.network),
        "may_contribute": request.user.is_authenticated,
        "may_review": request.user.is_authenticated and can_review(request.user, area, on=today),  # type: ignore[arg-type]
    }


def _page_of(results: Results, number: str | None) -> Page:
    rows = results.pages.only(
        "title", "slug", "summary", "resource_type", "review_by_on", "last_published_at"
    )
    paginator = Paginator(rows, PER_PAGE)
    paginator.count = results.total
    return paginator.get_page(number)


def _facets(query: LibraryQuery, results: Results) -> list[FacetGroup]:
    groups = []
    for name, label, vocabulary in _PANEL:
        counts = results.counts.get(name, {})
        chosen = query.chosen.get(name, [])
        choices = [
            Choice(
                value=value,
                label=words,
                count=counts.get(value, 0),
                chosen=value in chosen,
                url=_address(query, toggle=(name, value)),
            )
            for value, words in vocabulary.choices
            if counts.get(value) or value in chosen
        ]
        groups.append(FacetGroup(name=name, label=label, choices=choices))
    return groups


def _address(
    query: LibraryQuery, *, toggle: tuple[str, str] | None = None, without: str = ""
) -> str:
    """Return the query string with one choice turned over, or without the words or network."""
    pairs = [] if without == "q" or not query.text else [("q", query.text)]
    if query.network and without != "network":
        pairs.append(("network", query.network))
    chosen = {name: list(values) for name, values in query.chosen.items()}
    if toggle is not None:
        name, value = toggle
        values = chosen.setdefault(name, [])
        values.remove(value) if value in values else values.append(value)
    pairs += [(name, value) for name, values in chosen.items() for value in values]
    return "?" + urlencode(pairs)


def _chips(
    query: LibraryQuery, facets: list[FacetGroup], network: Network | None
) -> list[dict[str, str]]:
    chips = []
    if query.text:
        chips.append({"label": f"“{query.text}”", "url": _address(query, without="q")})
    if query.network:
        name = network.name if network else query.network
        chips.append({"label": name, "url": _address(query, without="network")})
    chips += [
        {"label": choice.label, "url": choice.url}
        for group in facets
        for choice in group.choices
        if choice.chosen
    ]
    return chips


def result_rows(pages: list[ResourcePage], base_url: str) -> list[ResultRow]:
    """Return rows for a list: two queries (tags, use) for any number of pages."""
    ids = [page.pk for page in pages]
    tags: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for page_id, facet, value in ResourceTag.objects.filter(
        page__in=ids, facet__in=(Facet.NEED, Facet.THEME, Facet.PHASE, Facet.TIER)
    ).values_list("page", "facet", "value"):
        tags[page_id][facet].append(value)
    uses = use_counts(ids)
    today = clock.today()
    rows = []
    for page in pages:
        facts = [use_sentence(uses.get(page.pk))]
        overdue = page.review_by_on is not None and page.review_by_on < today
        if page.review_by_on and not overdue:
            facts.append(f"Review by {page.review_by_on:%-d %B %Y}")
        rows.append(
            ResultRow(
                title=page.title,
                url=f"{base_url}{page.slug}/",
                kind=str(ResourceType(page.resource_type).label),
                summary=page.summary,
                tags=_tag_words(tags[page.pk]),
                facts=[fact for fact in facts if fact],
                status="warning" if overdue else "",
                status_label="Review is overdue" if overdue else "",
            )
        )
    return rows


def _tag_words(tags: dict[str, list[str]]) -> list[str]:
    words: list[str] = []
    for facet in (Facet.NEED, Facet.THEME, Facet.PHASE, Facet.TIER):
        vocabulary = FACET_CHOICES[facet]
        held = set(tags.get(facet.value, ()))
        chosen = [choice for choice in vocabulary if choice.value in held]
        if facet == Facet.PHASE and len(chosen) == len(vocabulary):
            words.append("All phases")
            continue
        # Codes are how colleagues speak of needs; themes and others in words.
        words += [
            choice.value if facet == Facet.NEED and len(chosen) > 2 else str(choice.label)
            for choice in chosen
        ]
    return words


def resource_context(request: HttpRequest, page: ResourcePage) -> dict[str, Any]:
    """Return what a resource's page shows beside its text."""
    today = clock.today()
    version = page.current_version
    uses = use_counts([page.pk]).get(page.pk)
    own_use = (
        ResourceUse.objects.filter(page=page, person=request.user.pk).first()
        if request.user.is_authenticated
        else None
    )
    older = (
        list(ResourceVersion.objects.filter(page=page).published().exclude(pk=version.pk))
        if version is not None
        else []
    )
    downloads = DownloadCount.objects.filter(page=page).values_list("downloads", flat=True).first()
    return {
        "page_title": page.title,
        "page_caption": page.get_resource_type_display(),
        "page_lede": page.summary,
        "breadcrumbs": [{"label": "Resources", "url": "/resources/"}],
        "tag_links": tag_links(page),
        "version": version,
        "version_size": filesizeformat(version.size) if version else "",
        "version_words": version_words(version) if version else "",
        "older": older,
        "downloads": downloads or 0,
        "use_sentence": use_sentence(uses),
        "own_use": own_use,
        "helped_choices": Helped.choices,
        "may_say_used": request.user.is_authenticated,
        "may_revise": request.user.is_authenticated and can_revise(request.user, page, on=today),  # type: ignore[arg-type]
        "is_overdue": page.review_by_on is not None and page.review_by_on < today,
        "owner_url": page.network.get_absolute_url() if page.network else "",
    }


def version_words(version: ResourceVersion) -> str:
    """Return "Version 2, 3 May 2026"."""
    day = timezone.localtime(version.published_at or version.made_at)
    return f"Version {version.number}, {day:%-d %B %Y}"


def tag_links(page: ResourcePage) -> list[dict[str, str]]:
    """Return a resource's tags in words, each with the search for it."""
    return [
        {
            "label": str(FACET_CHOICES[facet](value).label),
            "url": f"/resources/?{urlencode({facet.value: value})}",
        }
        for facet in (Facet.NEED, Facet.THEME, Facet.PHASE, Facet.TIER, Facet.STAGE)
        for value in page.values_of(facet)
    ]
