"""What the impact room holds about people: who asked, never who was measured."""

from __future__ import annotations

from core.registry import acted, declare

declare(
    acted("impact.EvaluationPlan", "created_by", "Questions you wrote"),
    acted("impact.EvaluationPlan", "locked_by", "Questions you locked"),
    acted("impact.Analysis", "requested_by", "Analyses you asked for"),
    acted("impact.DataSetVersion", "imported_by", "Files of open data you imported"),
)
