"""Who answers for personal data: the data protection officer, and who carries it out."""

from __future__ import annotations

import datetime as dt

from accounts import access
from accounts.enums import Role
from accounts.models import LocalArea, User


def _holds(user: User, role: Role, local_area: LocalArea, on: dt.date) -> bool:
    return access.areas_with_role(user, (role,), on).filter(pk=local_area.pk).exists()


def can_decide(user: User, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person decides about requests and legal holds: the area's DPO."""
    return _holds(user, Role.DPO, local_area, on)


def can_carry_out(user: User, local_area: LocalArea, *, on: dt.date) -> bool:
    """Whether the person carries out what the DPO approved: a system administrator."""
    return _holds(user, Role.SYSTEM_ADMIN, local_area, on)


def can_set_periods(user: User, *, on: dt.date) -> bool:
    """Whether the person sets how long things are kept. It concerns the whole installation."""
    return access.areas_with_role(user, (Role.DPO,), on).exists()


def can_dispose(user: User, *, on: dt.date) -> bool:
    """Whether the person proposes and approves disposals, one of the two at a time."""
    return access.areas_with_role(user, (Role.DPO, Role.SYSTEM_ADMIN), on).exists()
