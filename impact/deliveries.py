"""Promised work of the impact room (core.outbox)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from core import clock, outbox
from impact.enums import AnalysisStatus
from impact.models import Analysis
from impact.services.evaluation import RUN

LOOK_AGAIN = dt.timedelta(minutes=15)
ATTEMPTS = 3


@outbox.handles(RUN)
def start_analysis(payload: dict[str, Any]) -> None:
    """Hand a run to a task of its own, and promise to look again in case that task is lost.

    The run itself takes seconds and must not hold the outbox row's transaction open.
    """
    from impact.tasks import run_analysis

    attempt = int(payload.get("attempt", 0))
    analysis = Analysis.objects.filter(
        pk=payload["analysis"], status__in=(AnalysisStatus.WAITING, AnalysisStatus.RUNNING)
    ).first()
    if analysis is None:
        return
    if attempt < ATTEMPTS:
        outbox.enqueue(
            kind=RUN,
            key=f"{RUN}:{analysis.pk}:{attempt + 1}",
            payload={"analysis": analysis.pk, "attempt": attempt + 1},
            available_at=clock.now() + LOOK_AGAIN,
        )
    transaction.on_commit(lambda: run_analysis.delay(analysis.pk), robust=True)
