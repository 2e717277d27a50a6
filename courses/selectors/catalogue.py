"""The catalogue: facets with counts, the search, and one page of courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, QuerySet, Value, When
from django.http import HttpRequest

from core.forms import GovukForm
from courses.enums import DURATION_LIMITS, Audience, DurationBand
from courses.models.course_page import CoursePage
from courses.models.course_parts import CourseAudience, CourseNeed
from courses.selectors.durations import cpd_in_words, minutes_in_words
from resources_repo.enums import Need, Tier

if TYPE_CHECKING:
    from accounts.models import User
    from courses.models import CourseIndexPage

PAGE_SIZE = 25
MOST_FOUND = 500


class CatalogueFilter(GovukForm):
    """What the catalogue can be narrowed by; it lives in the address."""

    hide_optional = True

    q = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    need = forms.MultipleChoiceField(
        label="Need", choices=Need, required=False, widget=forms.CheckboxSelectMultiple
    )
    audience = forms.MultipleChoiceField(
        label="Who it is for",
        choices=Audience,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tier = forms.MultipleChoiceField(
        label="Tier", choices=Tier, required=False, widget=forms.CheckboxSelectMultiple
    )
    length = forms.MultipleChoiceField(
        label="How long", choices=DurationBand, required=False, widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> dict[str, Any]:
        """Return the choices that make sense; one that does not is left out, not an error."""
        self.is_valid()
        return {
            name: self.cleaned_data.get(name) or ("" if name == "q" else []) for name in self.fields
        }


def catalogue_screen(index: CourseIndexPage, request: HttpRequest) -> dict[str, Any]:
    """Return the variables of pages/courses/catalogue.html.

    `results` (rows ready to show), `page_obj`, `form` (with counts beside each choice), `total`,
    `narrowed`.
    """
    form = CatalogueFilter(request.GET)
    chosen = form.chosen()
    base = courses_below(index, request.user)  # type: ignore[arg-type]
    found = found_pages(base, chosen["q"])
    _put_counts(form, found)
    narrowed = (
        found.about_any(chosen["need"])
        .for_any(chosen["audience"])
        .of_any_tier(chosen["tier"])
        .of_any_length(chosen["length"])
    )
    paginator = Paginator(
        narrowed.order_by("title", "pk").prefetch_related("needs", "audiences"), PAGE_SIZE
    )
    page_obj = paginator.get_page(request.GET.get("page"))
    return {
        "form": form,
        "page_obj": page_obj,
        "results": [result_row(page) for page in page_obj],
        "total": paginator.count,
        "query": chosen["q"],
        "narrowed": any(chosen.values()),
    }


def courses_below(index: CourseIndexPage, user: User) -> Any:
    """Return the published courses of one catalogue that the person may read."""
    return (
        CoursePage.objects.child_of(index)
        .visible_to(user)
        .filter(course__current_version__isnull=False)
    )


def found_pages(pages: Any, query: str) -> Any:
    """Keep the pages a search finds; an empty query keeps all.

    The search runs over a plain subquery of primary keys, since Wagtail's database search refuses
    joins and EXISTS; the facets then work on what it found.
    """
    if not query.strip():
        return pages
    searchable = CoursePage.objects.filter(pk__in=pages.values("pk"))
    hits = searchable.search(query, operator="and")[:MOST_FOUND]
    return pages.filter(pk__in=[page.pk for page in hits])


def result_row(page: CoursePage) -> dict[str, Any]:
    """Return the variables of components/result_row.html; needs and audiences prefetched."""
    return {
        "title": page.title,
        "url": page.url,
        "summary": page.summary,
        "tags": [need.get_need_display() for need in page.needs.all()],
        "facts": facts(page),
    }


def facts(page: CoursePage) -> list[str]:
    """Return the one line of facts: length, CPD, for whom, how; expects audiences prefetched."""
    audience = page.audience_note or ", ".join(
        row.get_audience_display() for row in page.audiences.all()
    )
    return [
        minutes_in_words(page.duration_minutes),
        cpd_in_words(page.cpd_hours) if page.cpd_hours else "",
        audience,
        page.get_mode_display(),
    ]


def _put_counts(form: CatalogueFilter, found: Any) -> None:
    """Write how many courses were found beside each choice; leave out choices without any.

    Counted over the search alone, so that a tick in one facet never hides what another offers.
    """
    rows = found.order_by().values("pk")
    counts = {
        "need": _tally(CourseNeed.objects.filter(page__in=rows), "need"),
        "audience": _tally(CourseAudience.objects.filter(page__in=rows), "audience"),
        "tier": _tally(found.order_by(), "tier"),
        "length": _tally(found.order_by().annotate(length=_band()), "length"),
    }
    for name, counted in counts.items():
        field = form.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        ticked = set(form.cleaned_data.get(name) or [])
        field.choices = [
            (value, f"{label} ({counted.get(value, 0)})")
            for value, label in field.choices  # type: ignore[union-attr]
            if counted.get(value) or value in ticked
        ]
        if not field.choices:
            del form.fields[name]


def _tally(rows: QuerySet, field: str) -> dict[str, int]:
    return dict(rows.values_list(field).annotate(count=Count("pk")))


def _band() -> Case:
    return Case(
        *(
            When(duration_minutes__range=limits, then=Value(band))
            for band, limits in DURATION_LIMITS.items()
        ),
        default=Value(""),
        output_field=CharField(),
    )
