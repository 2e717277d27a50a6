"""Who may do what with a question."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from accounts import access
from accounts.enums import Role

if TYPE_CHECKING:
    from accounts.models import LocalArea, User
    from impact.models import EvaluationPlan


def can_ask(user: User, local_area: LocalArea, on: dt.date) -> bool:
    """Say whether the person may write a question: evaluator or director of the whole area."""
    return (
        access.areas_with_role(user, (Role.EVALUATOR, Role.DIRECTOR), on)
        .filter(pk=local_area.pk)
        .exists()
    )


def can_lock(user: User, plan: EvaluationPlan, on: dt.date) -> bool:
    """Say whether the person may lock or run the question, or write its next version."""
    return can_ask(user, plan.local_area, on)
