"""The settings of an area in the kinds they are shown under, and its disclosure thresholds."""

from __future__ import annotations

from accounts.enums import SCHOOL_KINDS, OrganisationKind, Phase
from accounts.models import LocalArea, Organisation
from impact.stats.suppression import Rules

GROUPS = (
    (OrganisationKind.NURSERY_SCHOOL, "Nursery schools"),
    (Phase.PRIMARY, "Primary schools"),
    (Phase.SECONDARY, "Secondary schools"),
    (OrganisationKind.SPECIAL_SCHOOL, "Special schools"),
    (OrganisationKind.PRU, "Pupil referral units and alternative provision"),
)


def rules_of(local_area: LocalArea) -> Rules:
    """Give the area's disclosure thresholds; never laxer than 1 to 5 and under 10."""
    small = max(5, local_area.suppression_threshold)
    return Rules(small=small, base=max(10, 2 * small), round_to=5)


def settings_of(local_area: LocalArea) -> list[tuple[Organisation, str]]:
    """Give the area's open schools with the kind they are shown under, by name; one query."""
    rows = (
        Organisation.objects.in_area(local_area)
        .filter(kind__in=SCHOOL_KINDS, closed_on__isnull=True)
        .order_by("name", "pk")
    )
    return [(row, _group_of(row)) for row in rows]


def _group_of(organisation: Organisation) -> str:
    kind = organisation.kind
    if kind == OrganisationKind.ALTERNATIVE_PROVISION:
        kind = OrganisationKind.PRU
    if kind == OrganisationKind.SCHOOL:
        primary = organisation.phase in (Phase.PRIMARY, Phase.MIDDLE_PRIMARY, Phase.NURSERY)
        kind = Phase.PRIMARY if primary else Phase.SECONDARY
    return dict(GROUPS)[kind]  # type: ignore[index]
