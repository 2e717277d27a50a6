"""Enter requirements and their versions; a version that bound somebody is never rewritten."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import LocalArea
from cpd_tracking.engine import audience as audience_data
from cpd_tracking.engine import satisfaction
from cpd_tracking.enums import BINDING_BASES
from cpd_tracking.models import Obligation, RequirementVersion, TrainingRequirement

_IDENTITY = (
    "title", "short_title", "audience_label", "subject_kind", "course", "owner", "position",
)  # fmt: skip


class UnableToSaveRequirement(Exception):
    """The rule makes no sense; the message says why."""


@transaction.atomic
def save_requirement(
    *, local_area: LocalArea, key: str, valid_from: dt.date, **terms: Any
) -> TrainingRequirement:
    """Create or update a requirement and its version from `valid_from`; return the requirement.

    `terms` are fields of TrainingRequirement and RequirementVersion. A version that already has
    obligations is left as it is, and other terms need a later `valid_from`. Raises
    UnableToSaveRequirement for unknown words in `audience` or `satisfied_by`, or for terms that
    differ from a version in use.
    """
    identity = {name: terms.pop(name) for name in _IDENTITY if name in terms}
    _check(terms)
    if terms.get("basis") in BINDING_BASES:
        terms = {"may_extend": False, "may_pause": False, **terms}
    requirement, _ = TrainingRequirement.objects.update_or_create(
        local_area=local_area, key=key, defaults=identity
    )
    TrainingRequirement.objects.select_for_update().get(pk=requirement.pk)
    existing = requirement.versions.filter(valid_from=valid_from).first()
    if existing is not None and Obligation.objects.filter(version=existing).exists():
        changed = [name for name, value in terms.items() if getattr(existing, name) != value]
        if changed:
            raise UnableToSaveRequirement(
                f"This version is in use. Enter a new one from a later day to change: "
                f"{', '.join(changed)}."
            )
        return requirement
    version = existing or RequirementVersion(
        requirement=requirement,
        valid_from=valid_from,
        number=requirement.versions.count() + 1,
    )
    for name, value in terms.items():
        setattr(version, name, value)
    version.full_clean()
    version.save()
    return requirement


def _check(terms: dict[str, Any]) -> None:
    unknown = set(terms.get("audience", {})) - audience_data.KEYS
    if unknown:
        raise UnableToSaveRequirement(f"Unknown audience: {', '.join(sorted(unknown))}.")
    for item in terms.get("satisfied_by", []):
        unknown = set(item) - satisfaction.KEYS
        if unknown or not ({"course", "topic"} & set(item)):
            raise UnableToSaveRequirement("What satisfies a rule is a course or a topic.")
