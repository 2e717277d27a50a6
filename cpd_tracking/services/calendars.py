"""Move the horizon up to which periods of fixed-calendar rules are written."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import LocalArea
from core import clock
from cpd_tracking.building import build_obligations
from cpd_tracking.building.load import end_of_next_academic_year
from cpd_tracking.models import Horizon, RequirementVersion


@transaction.atomic
def move_horizons(*, at: dt.datetime) -> int:
    """Move each area's horizon to the end of the next academic year; return how many moved."""
    today = clock.london_date(at)
    day = end_of_next_academic_year(today)
    moved = 0
    for area in LocalArea.objects.order_by("pk"):
        horizon, created = Horizon.objects.select_for_update().get_or_create(
            local_area=area, defaults={"day": day}
        )
        if not created and horizon.day >= day:
            continue
        horizon.day = day
        horizon.save(update_fields=["day"])
        fixed = RequirementVersion.objects.filter(requirement__local_area=area, anchor="fixed")
        build_obligations(
            requirement_ids=set(fixed.values_list("requirement_id", flat=True)),
            local_area=area,
            at=today,
        )
        moved += 1
    return moved
