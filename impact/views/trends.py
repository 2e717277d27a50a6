"""A published measure over the years, as page and as file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format

from accounts.policies import evaluates
from impact.exports import csv_response
from impact.forms import TrendForm
from impact.measures import measure_of
from impact.models import Area
from impact.selectors.landing import HEADLINE
from impact.selectors.outcomes import pupils_suspended
from impact.selectors.trend import Trend, trend
from impact.selectors.trend_words import chart_of, finding_of, rows_of, sentence_of, table_of


@evaluates
def trend_page(request: HttpRequest) -> HttpResponse:
    """Show a measure for an authority beside its neighbours, region and England."""
    found = _trend(request)
    context = {"page_title": "Trend", "breadcrumbs": [{"label": "Impact", "url": "/impact/"}]}
    if found is None:
        return render(request, "pages/impact/no_data.html", context)
    query = f"area={found.area.code}&measure={found.measure.key}"
    imported = max((version.imported_at for version in found.versions), default=None)
    return render(
        request,
        "pages/impact/trend.html",
        context
        | {
            "page_title": f"{found.measure.name}: {found.area.name}",
            "form": TrendForm({"area": found.area.code, "measure": found.measure.key}),
            "found": found,
            "chart": chart_of(found),
            "finding": finding_of(found),
            "sentence": sentence_of(found),
            "table": table_of(found),
            "csv_url": f"{reverse('impact:trend_csv')}?{query}",
            "note": " ".join(found.notes),
            "as_at": date_format(imported, "j F Y") if imported else "",
        },
    )


@evaluates
def outcomes_page(request: HttpRequest) -> HttpResponse:
    """Show the latest year's pupils suspended by setting, suppressed, in alphabetical order."""
    found = pupils_suspended(request.local_area)  # type: ignore[attr-defined]
    title = "Pupils suspended by setting"
    return render(
        request,
        "pages/impact/outcomes.html",
        {
            "page_title": f"{title}, {found.period}" if found else title,
            "breadcrumbs": [{"label": "Impact", "url": "/impact/"}],
            "found": found,
            "rows": Paginator(found.settings if found else [], 25).get_page(
                request.GET.get("page")
            ),
        },
    )


@evaluates
def trend_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give the table of the trend as a file."""
    found = _trend(request)
    if found is None:
        return csv_response("trend.csv", ["Year"], [])
    return csv_response(
        f"trend-{found.area.code}-{found.measure.key.replace(' ', '')}.csv",
        ["Year", *(one.name for one in found.series)],
        list(rows_of(found)),
    )


def _trend(request: HttpRequest) -> Trend | None:
    """Read area and measure from the address; what it does not know becomes the default."""
    measure = measure_of(request.GET.get("measure", "")) or measure_of(HEADLINE)
    areas = Area.objects.authorities().select_related("region__region")
    local_area = request.local_area  # type: ignore[attr-defined]
    area = (
        areas.filter(code=request.GET.get("area", "")[:9]).first()
        or areas.filter(code=local_area.code).first()
        or areas.first()
    )
    return trend(area, measure) if area is not None and measure is not None else None
