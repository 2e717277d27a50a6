"""Turn a plan and the database into the panel the methods read, with what was left out and why."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from accounts.enums import OrganisationKind, Phase
from accounts.models import LocalArea, Organisation
from accounts.selectors import one_to_one_predecessors
from impact.enums import SchoolGroup
from impact.models import EvaluationPlan, SchoolOutcome
from impact.models.outcome import academic_year
from impact.selectors.exposure import exposure
from impact.stats.panel import NEVER, Panel

# Schools were closed to most pupils: 2019/20 and 2020/21 are left out of every comparison.
PANDEMIC_YEARS = (2019, 2020)
PHASES = {
    SchoolGroup.PRIMARY: (Phase.PRIMARY, Phase.MIDDLE_PRIMARY),
    SchoolGroup.SECONDARY: (Phase.SECONDARY, Phase.MIDDLE_SECONDARY, Phase.ALL_THROUGH),
}
PHASES[SchoolGroup.MAINSTREAM] = PHASES[SchoolGroup.PRIMARY] + PHASES[SchoolGroup.SECONDARY]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """A panel and the facts the checks report.

    trained_people: people trained in trained schools when the threshold was reached or since;
    already_trained: schools trained before the first usable year, left out; incomplete: schools
    left out for missing years; converted: schools whose series continues a predecessor's.
    """

    panel: Panel
    years: tuple[int, ...]
    trained_people: int
    already_trained: int
    incomplete: int
    converted: int
    pandemic_left_out: tuple[str, ...]
    versions: tuple[int, ...]
    fingerprint: str


def inputs_of(plan: EvaluationPlan) -> Inputs:
    """Gather outcomes and exposure for a plan; six queries, whatever the number of schools.

    A school's series follows one-to-one successors; schools without a figure in every usable year
    are left out. Exposure is counted up to the last day of the plan's last year.
    """
    years = tuple(year for year in plan.years if year not in PANDEMIC_YEARS)
    schools = schools_of(plan.local_area, plan.school_group)
    lineage = one_to_one_predecessors(list(schools))
    counts, versions = _counts(plan.outcome, schools, lineage, years)
    complete = [pk for pk in schools if len(counts.get(pk, {})) == len(years)]
    last_day = dt.date(plan.last_year + 1, 8, 31)
    exposed = exposure(
        course_id=plan.course_id,
        organisation_ids=complete,
        threshold=plan.threshold,
        as_at=last_day,
    )
    first = {pk: _first_period(exposed[pk].first_full_year, years) for pk in complete}
    kept = [pk for pk in complete if first[pk] != 0]
    trained = [pk for pk in kept if first[pk] < len(years)]
    phases = {phase: number for number, phase in enumerate(sorted(set(schools.values())))}
    panel = Panel(
        np.array([[counts[pk][year][0] for year in years] for pk in kept], dtype=float).reshape(
            len(kept), len(years)
        ),
        np.array([[counts[pk][year][1] for year in years] for pk in kept], dtype=float).reshape(
            len(kept), len(years)
        ),
        np.array([first[pk] for pk in kept], dtype=np.int64),
        np.array([phases[schools[pk]] for pk in kept], dtype=np.int64),
        tuple(academic_year(year) for year in years),
    )
    return Inputs(
        panel=panel,
        years=years,
        trained_people=sum(exposed[pk].trained for pk in trained),
        already_trained=len(complete) - len(kept),
        incomplete=len(schools) - len(complete),
        converted=sum(pk in lineage for pk in kept),
        pandemic_left_out=tuple(academic_year(y) for y in plan.years if y in PANDEMIC_YEARS),
        versions=versions,
        fingerprint=_fingerprint(panel),
    )


def schools_of(local_area: LocalArea, group: str) -> dict[int, str]:
    """Give the open schools of a group with their broad phase, by primary key, in URN order."""
    secondary = PHASES[SchoolGroup.SECONDARY]
    rows = (
        Organisation.objects.in_area(local_area)
        .filter(
            kind=OrganisationKind.SCHOOL,
            phase__in=PHASES[SchoolGroup(group)],
            closed_on__isnull=True,
        )
        .order_by("urn", "pk")
        .values_list("pk", "phase")
    )
    return {pk: "secondary" if phase in secondary else "primary" for pk, phase in rows}


def _counts(
    outcome: str,
    schools: dict[int, str],
    lineage: dict[int, tuple[int, ...]],
    years: tuple[int, ...],
) -> tuple[dict[int, dict[int, tuple[int, int]]], tuple[int, ...]]:
    """Give counts and headcounts by school and year, and the versions they came with.

    A predecessor's years belong to the school.
    """
    heir = {earlier: school for school, chain in lineage.items() for earlier in chain}
    rows = SchoolOutcome.objects.filter(
        organisation__in=[*schools, *heir], year__in=years
    ).values_list("organisation_id", "year", outcome, "headcount", "version_id")
    versions: set[int] = set()
    found: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    for organisation, year, count, headcount, version in rows:
        if count is not None:
            versions.update([version] if version else [])
            school = heir.get(organisation, organisation)
            standing = found[school].get(year)
            # Two halves of a year of conversion: events add up, the census counts pupils once.
            found[school][year] = (
                (standing[0] + count, max(standing[1], headcount))
                if standing
                else (count, headcount)
            )
    return found, tuple(sorted(versions))


def _first_period(first_full_year: int | None, years: tuple[int, ...]) -> int:
    """Give the index of the first usable trained year; NEVER when it lies after the last."""
    if first_full_year is None:
        return NEVER
    return next((i for i, year in enumerate(years) if year >= first_full_year), NEVER)


def _fingerprint(panel: Panel) -> str:
    """Name the exact figures an answer rests on, without keeping them."""
    figures = [
        panel.counts.tolist(),
        panel.exposure.tolist(),
        panel.first_treated.tolist(),
        panel.strata.tolist(),
        panel.labels,
    ]
    return hashlib.sha256(json.dumps(figures).encode()).hexdigest()
