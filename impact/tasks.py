"""Background tasks of the impact room: thin edges around services."""

from __future__ import annotations

from celery import shared_task

from core import clock
from impact.services.evaluation import do_analysis


@shared_task
def run_analysis(analysis_id: int) -> str:
    """Do one requested run; twice is harmless."""
    return do_analysis(analysis_id=analysis_id, at=clock.now()).status
