"""Merrowdale's outcomes, school by school and for the whole area.

The draws are ordinary ones of each truth: a draw is taken again while a cohort's years before
training are unusual by chance (except where an unusual year is the truth): docs/measures/demo.md.
"""

from __future__ import annotations

import hashlib

from django.db.models import Sum

from accounts.models import LocalArea, Organisation, OrganisationLink
from core import clock
from impact.demo.cohorts import LAST_YEAR, CohortPlan, cohort_plan
from impact.enums import AreaKind, ValueStatus
from impact.models import Area, DataSetVersion, DataSource, Observation, SchoolOutcome
from impact.models.outcome import academic_year


def build_outcomes(local_area: LocalArea, seed: int, *, plan: CohortPlan | None = None) -> int:
    """Write every school's yearly outcomes, 2016/17 to 2025/26; return how many rows.

    Idempotent: rows that stand are kept. Skylark and the smallest special school have so few
    events that all their figures are suppressed.
    """
    from impact.demo.draws import draw_outcomes

    plan = plan or cohort_plan(local_area, seed)
    version = _return_of(local_area, f"{local_area.slug}-outcomes-{seed}")
    schools = list(
        Organisation.objects.in_area(local_area)
        .filter(urn__isnull=False, pupils__isnull=False, closed_on__isnull=True)
        .order_by("urn")
    )
    before = _predecessors(schools)
    rows = draw_outcomes(schools, plan, seed)
    for row in rows:
        row.version = version
        earlier = before.get(row.organisation_id)
        if earlier is not None and row.year < earlier[1]:
            row.organisation_id = earlier[0]
    return len(SchoolOutcome.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True))


# Published for the whole area, as DfE publishes SEN splits; 2021/22 to 2025/26.
AREA_SERIES = {
    "ehcp_pupils_suspended": (91, 88, 84, 80, 77),
    "ehcp_permanent_exclusions": (4, 3, 3, 2, 2),
    "sen_support_exclusions": (33, 31, 27, 24, 20),
    "practising_elsas": (8, 16, 24, 31, 34),
}


def build_area_series(local_area: LocalArea, seed: int) -> int:
    """Publish the area's own yearly figures beside the open data; return how many cells.

    Idempotent. Suspensions for every 100 pupils are added up from the schools' outcomes.
    """
    area, _ = Area.objects.get_or_create(
        code=local_area.code,
        defaults={"name": local_area.name, "kind": AreaKind.LOCAL_AUTHORITY},
    )
    version = _return_of(local_area, f"{local_area.slug}-area-{seed}", name="published figures")
    cells = [
        (measure, 2021 + index, float(value))
        for measure, values in AREA_SERIES.items()
        for index, value in enumerate(values)
    ]
    totals = (
        SchoolOutcome.objects.in_area(local_area)
        .values("year")
        .annotate(events=Sum("suspensions"), pupils=Sum("headcount"))
        .order_by("year")
    )
    cells += [("TotFixedEx", row["year"], 100 * row["events"] / row["pupils"]) for row in totals]
    made = Observation.objects.bulk_create(
        (
            Observation(
                version=version,
                measure=measure,
                area=area,
                period=academic_year(year),
                year=year + 1,
                raw=f"{value:g}",
                value=value,
                status=ValueStatus.SHOWN,
            )
            for measure, year, value in cells
        ),
        ignore_conflicts=True,
    )
    return len(made)


def _return_of(local_area: LocalArea, text: str, name: str = "schools’ returns") -> DataSetVersion:
    """Give the demo's own publication and its one version, made if it is not there."""
    source, _ = DataSource.objects.get_or_create(
        key=f"{local_area.slug}-{name.split()[0].strip('’')}",
        defaults={
            "name": f"{local_area.name}, {name} (made up for the demo)",
            "publisher": local_area.name,
            "licence": "Made-up figures",
        },
    )
    version, _ = DataSetVersion.objects.get_or_create(
        source=source,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        defaults={
            "file_name": f"{text}.csv",
            "vintage": academic_year(LAST_YEAR),
            "rows": 0,
            "imported_at": clock.now(),
        },
    )
    return version


def _predecessors(schools: list[Organisation]) -> dict[int, tuple[int, int]]:
    """Give, for a school that took another's place, the earlier one and its own first year."""
    links = OrganisationLink.objects.filter(
        organisation__in=schools, link_type="predecessor", linked__isnull=False
    )
    return {
        link.organisation_id: (link.linked_id, link.established_on.year)
        for link in links
        if link.organisation_id and link.linked_id and link.established_on
    }
