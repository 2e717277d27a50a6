"""The room's first screen, coverage, and who has not taken part."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format

from accounts.policies import evaluates
from courses.models import Course
from impact.exports import csv_response
from impact.forms import CoverageForm
from impact.selectors.coverage import Coverage, SettingCoverage, coverage
from impact.selectors.landing import landing
from impact.selectors.trend_words import chart_of, finding_of, sentence_of, table_of
from impact.stats.suppression import Published

PAGE = 25
HIDDEN = "hidden"
IMPACT = {"label": "Impact", "url": "/impact/"}


@evaluates
def home(request: HttpRequest) -> HttpResponse:
    """Show the room at a glance."""
    found = landing(request.user, request.local_area, request.today)  # type: ignore[arg-type, attr-defined]
    context: dict[str, Any] = {
        "page_title": "Impact",
        "page_lede": "Who has learned what, who has not, and what can be said about children.",
        "courses": found.courses[:5],
        "questions": found.questions[:5],
        "as_at": date_format(request.today, "j F Y"),  # type: ignore[attr-defined]
    }
    if found.trend is not None:
        context |= {
            "chart": chart_of(found.trend),
            "chart_title": finding_of(found.trend),
            "chart_sentence": sentence_of(found.trend),
            "chart_table": table_of(found.trend),
            "trend": found.trend,
            "trend_query": f"area={found.trend.area.code}&measure={found.trend.measure.key}",
        }
    return render(request, "pages/impact/home.html", context)


@evaluates
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Show a course's coverage by setting, suppressed once and then filtered."""
    found = _coverage(request)
    if found is None:
        return render(request, "pages/impact/no_courses.html", {"page_title": "Coverage"})
    form, chosen, rows = _filtered(request, found)
    return render(
        request,
        "pages/impact/coverage.html",
        {
            "page_title": f"Coverage of “{found.course.title}”",
            "breadcrumbs": [IMPACT],
            "form": form,
            "found": found,
            "chosen": chosen,
            "rows": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "as_at": date_format(found.as_at, "j F Y"),
            "csv_url": f"{reverse('impact:coverage_csv')}?{request.GET.urlencode()}",
        },
    )


@evaluates
def coverage_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give exactly the rows the coverage page shows, hidden ones as words."""
    found = _coverage(request)
    if found is None:
        return csv_response("coverage.csv", ["Setting"], [])
    _, _, rows = _filtered(request, found)
    return csv_response(
        "coverage.csv",
        ["Setting", "Kind", "People who have done it", "People in scope", "Percentage"],
        [[row.name, row.group, *_cells(row.figure)] for row in rows],
    )


@evaluates
def non_participants(request: HttpRequest) -> HttpResponse:
    """List settings where nobody has done a course, of those whose figures may be shown."""
    found = _coverage(request)
    if found is None:
        return render(request, "pages/impact/no_courses.html", {"page_title": "Not taken part"})
    form, _, rows = _filtered(request, found)
    untouched = [row for row in rows if row.figure.count == 0]
    return render(
        request,
        "pages/impact/non_participants.html",
        {
            "page_title": f"Who has not taken part in “{found.course.title}”",
            "breadcrumbs": [IMPACT],
            "form": form,
            "found": found,
            "rows": Paginator(untouched, PAGE).get_page(request.GET.get("page")),
            "shown": sum(not row.figure.is_hidden for row in rows),
            "hidden": sum(row.figure.is_hidden for row in rows),
            "as_at": date_format(found.as_at, "j F Y"),
        },
    )


def _coverage(request: HttpRequest) -> Coverage | None:
    area = request.local_area  # type: ignore[attr-defined]
    courses = Course.objects.filter(local_area=area).order_by("title")
    wanted = request.GET.get("course", "")
    course = courses.filter(pk=wanted).first() if wanted.isdecimal() else None
    course = course or courses.filter(learning_records__isnull=False).first() or courses.first()
    return coverage(area, course, request.today) if course else None  # type: ignore[attr-defined]


def _filtered(
    request: HttpRequest, found: Coverage
) -> tuple[CoverageForm, str, list[SettingCoverage]]:
    """Pick from the protected rows; the pattern is never computed again for a filter."""
    names = [group.name for group in found.groups]
    form = CoverageForm(
        {"course": found.course.pk, "group": request.GET.get("group", "")},
        local_area=request.local_area,  # type: ignore[attr-defined]
        groups=names,
    )
    group = request.GET.get("group", "")
    chosen = group if group in names else ""
    return form, chosen, [row for row in found.settings if chosen in ("", row.group)]


def _cells(figure: Published) -> list[str | int]:
    if figure.count is None or figure.base is None:
        return [HIDDEN, HIDDEN, HIDDEN]
    return [figure.count, figure.base, "" if figure.percent is None else figure.percent]
