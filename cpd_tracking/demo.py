"""The demo's part of CPD: Merrowdale's rules as dated data, and records of thousands at once.

Rules follow product.md; sources and editions are named with each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.enums import SCHOOL_KINDS, JobRole, OrganisationKind
from accounts.models import LocalArea
from core import clock
from courses.models import Course
from cpd_tracking.building import Built, build_obligations
from cpd_tracking.enums import Basis, DueUnit, RecordSource, RenewalAnchor, SubjectKind, Trigger
from cpd_tracking.models import Term, Topic
from cpd_tracking.services.records import Learned, record_many
from cpd_tracking.services.requirements import save_requirement

_ALL_SCHOOLS = [str(kind) for kind in SCHOOL_KINDS]
_MAINSTREAM = [str(OrganisationKind.SCHOOL), str(OrganisationKind.NURSERY_SCHOOL)]
_NEW_RULES_FROM = dt.date(2021, 9, 1)


def build_requirements(
    local_area: LocalArea, courses: dict[int, Course], today: dt.date
) -> dict[str, Any]:
    """Enter the terms and rules of the demo area; return requirements by key ("R1").

    `courses` by their number in the product description (17 is information governance); rules
    whose course is missing are left out. Idempotent. Obligations are built by `record_in_bulk`
    or `build_obligations`.
    """
    _enter_terms(local_area, today)
    topics = {
        key: Topic.objects.get_or_create(local_area=local_area, key=key, defaults={"title": title})[
            0
        ]
        for key, title in (
            ("nasenco", "National Award for SEN Co-ordination (NASENCO)"),
            ("npq-senco", "NPQ for SENCOs"),
            ("safeguarding-briefing", "Safeguarding briefing in the setting"),
            ("kcsie-read", "Keeping children safe in education, part one: read and confirmed"),
        )
    }
    return {
        rule["key"]: save_requirement(local_area=local_area, **rule)
        for rule in _rules(courses, topics)
    }


def _rules(courses: dict[int, Course], topics: dict[str, Topic]) -> list[dict[str, Any]]:
    def done(number: int) -> list[dict[str, Any]]:
        return [{"course": courses[number].pk}] if number in courses else []

    qualified = [str(RecordSource.APPROVED_EVIDENCE), str(RecordSource.IMPORTED)]
    rules: list[dict[str, Any]] = [
        {
            "key": "R1",
            "title": "Information governance",
            "short_title": "Info governance",
            "audience_label": "everyone who handles personal data",
            "subject_kind": SubjectKind.PERSON,
            "course": courses.get(17),
            "position": 10,
            "basis": Basis.LOCAL,
            "reference": "Information governance policy",
            "edition": "2025 edition",
            "audience": {"handles_personal_data": True},
            "due_unit": DueUnit.DAYS,
            "due_count": 30,
            "validity_months": 12,
            "anchor": RenewalAnchor.EXPIRY,
            "window_days": 60,
            "demands_score": True,
            "satisfied_by": done(17),
            "valid_from": _NEW_RULES_FROM,
        },
        {
            "key": "R2b",
            "title": "Safeguarding and SEND update",
            "short_title": "Safeguarding",
            "audience_label": "school staff",
            "course": courses.get(18),
            "position": 20,
            "basis": Basis.STATUTORY_GUIDANCE,
            "reference": "Keeping children safe in education, paragraph 14",
            "edition": "September 2025",
            "audience": {"organisation_kinds": _ALL_SCHOOLS, "is_employment": True},
            "due_unit": DueUnit.FIXED_DAY,
            "due_count": 14,
            "due_month": 10,
            "due_day": 31,
            "cycle_month": 9,
            "cycle_day": 1,
            "validity_months": 12,
            "anchor": RenewalAnchor.FIXED,
            "window_days": 60,
            "satisfied_by": [
                *done(18),
                {"topic": topics["safeguarding-briefing"].pk},
                {"topic": topics["kcsie-read"].pk},
            ],
            "valid_from": _NEW_RULES_FROM,
        },
        {
            "key": "R4",
            "title": "SENCO qualification",
            "short_title": "SENCO award",
            "audience_label": "SENCOs of mainstream schools",
            "course": courses.get(3),
            "position": 30,
            "basis": Basis.STATUTORY,
            "reference": "Special Educational Needs and Disability Regulations 2014, regulation 49",
            "edition": "as amended 1 September 2024",
            "audience": {
                "job_roles": [str(JobRole.SENCO)],
                "organisation_kinds": _MAINSTREAM,
            },
            "trigger": Trigger.FIRST_POST_IN_ROLE,
            "due_unit": DueUnit.MONTHS,
            "due_count": 36,
            "validity_months": None,
            "window_days": 180,
            "satisfied_by": [
                # A qualification is shown by evidence that somebody approved: no setting
                # attests its own by recording a session.
                *({**alternative, "sources": qualified} for alternative in done(3)),
                {"topic": topics["npq-senco"].pk, "sources": qualified},
                {
                    "topic": topics["nasenco"].pk,
                    "sources": qualified,
                    "began_before": "2024-09-01",
                    "completed_before": "2027-09-01",
                },
            ],
            "exempt_if": {"earlier_service_months": 12},
            # For appointments on or after this day (reg. 49); earlier ones are outside the rule.
            "valid_from": dt.date(2009, 9, 1),
        },
        {
            "key": "R6",
            "title": "SEND for social workers",
            "short_title": "SEND for SW",
            "audience_label": "social workers",
            "course": courses.get(14),
            "position": 40,
            "basis": Basis.LOCAL,
            "reference": "Merrowdale SEND workforce plan",
            "edition": "2024 to 2027",
            "audience": {"job_roles": [str(JobRole.SOCIAL_WORKER)]},
            "due_unit": DueUnit.DAYS,
            "due_count": 90,
            "validity_months": 24,
            "window_days": 60,
            "satisfied_by": done(14),
            "valid_from": _NEW_RULES_FROM,
        },
        {
            "key": "R8",
            "title": "SEND oversight for social-care managers",
            "short_title": "SEND oversight",
            "audience_label": "social-care team managers",
            "course": courses.get(22),
            "position": 50,
            "basis": Basis.LOCAL,
            "reference": "Merrowdale SEND workforce plan",
            "edition": "2024 to 2027",
            "audience": {"job_roles": [str(JobRole.SOCIAL_CARE_MANAGER)]},
            "due_unit": DueUnit.DAYS,
            "due_count": 60,
            "validity_months": 24,
            "window_days": 60,
            "satisfied_by": done(22),
            "valid_from": _NEW_RULES_FROM,
        },
        {
            "key": "R13",
            "title": "OAP and the graduated approach",
            "short_title": "OAP",
            "audience_label": "teachers and teaching assistants",
            "course": courses.get(1),
            "position": 60,
            "basis": Basis.EXPECTED,
            "reference": "Ordinarily Available Provision",
            "edition": "2025",
            "audience": {
                "job_roles": [
                    str(JobRole.TEACHER),
                    str(JobRole.TEACHING_ASSISTANT),
                    str(JobRole.ELSA),
                    str(JobRole.SENCO),
                ],
                "organisation_kinds": _ALL_SCHOOLS,
            },
            "due_unit": DueUnit.TERMS,
            "due_count": 1,
            "validity_months": 24,
            "window_days": 60,
            "satisfied_by": done(1),
            "valid_from": _NEW_RULES_FROM,
        },
    ]
    return [rule for rule in rules if rule["satisfied_by"]]


@transaction.atomic
def record_in_bulk(
    rows: Iterable[Learned], *, at: dt.datetime | None = None, rebuild: bool = True
) -> Built:
    """Write learning records of thousands of people set-wise, then rebuild those people once.

    Idempotent by `source_uid`. With `rebuild=False` call `build_obligations` afterwards.
    """
    return record_many(learned=rows, at=at or clock.now(), rebuild=rebuild)


def rebuild_area(local_area: LocalArea, today: dt.date) -> Built:
    """Build every obligation of the area; the demo calls it once, after posts and records."""
    return build_obligations(local_area=local_area, at=today)


def _enter_terms(local_area: LocalArea, today: dt.date) -> None:
    """Enter plausible terms from 2021/22 to the year after next, each with its half-term week."""
    for year in range(2021, today.year + 3):
        autumn = _monday(dt.date(year, 9, 1))
        spring = _monday(dt.date(year + 1, 1, 3))
        summer = _monday(dt.date(year + 1, 4, 14))
        for name, starts_on, weeks, half in (
            ("Autumn", autumn, 15, 8),
            ("Spring", spring, 12, 6),
            ("Summer", summer, 14, 6),
        ):
            week = dt.timedelta(weeks=1)
            Term.objects.get_or_create(
                local_area=local_area,
                starts_on=starts_on,
                defaults={
                    "name": f"{name} {starts_on.year}",
                    "ends_on": starts_on + weeks * week - dt.timedelta(days=3),
                    "half_term_starts_on": starts_on + (half - 1) * week,
                    "half_term_ends_on": starts_on + (half - 1) * week + dt.timedelta(days=4),
                },
            )


def _monday(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=-day.weekday() % 7)
