"""Rules, records and teams for tests, entered through the services."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from accounts.enums import JobRole, OrganisationKind, Role
from accounts.models import LocalArea, Organisation, User
from courses.models import Course
from cpd_tracking.building import build_obligations
from cpd_tracking.enums import Basis, RecordKind, RecordSource, SubjectKind
from cpd_tracking.models import Topic, TrainingRequirement
from cpd_tracking.services.records import Learned
from cpd_tracking.services.requirements import save_requirement
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

AT = dt.datetime(2026, 9, 21, 10, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 9, 21)
_numbers = itertools.count(1)


def make_topic(area: LocalArea, title: str = "Fire safety briefing") -> Topic:
    """A topic of the area."""
    return Topic.objects.create(local_area=area, key=f"topic-{next(_numbers)}", title=title)


def make_rule(
    area: LocalArea,
    subject: Course | Topic,
    key: str = "",
    *,
    valid_from: dt.date = dt.date(2020, 1, 1),
    **terms: Any,
) -> TrainingRequirement:
    """A local rule about a course or topic: 30 days from post start, then every 12 months."""
    is_course = isinstance(subject, Course)
    number = next(_numbers)
    return save_requirement(
        local_area=area,
        key=key or f"T{number}",
        valid_from=valid_from,
        **{
            "title": subject.title,
            "short_title": subject.title[:30],
            "audience_label": "everyone here",
            "course": subject if is_course else None,
            "basis": Basis.LOCAL,
            "audience": {},
            "due_count": 30,
            "validity_months": 12,
            "window_days": 30,
            "satisfied_by": [{"course" if is_course else "topic": subject.pk}],
        }
        | terms,
    )


def make_person_rule(
    area: LocalArea, subject: Course | Topic, key: str = "", **terms: Any
) -> TrainingRequirement:
    """A rule that asks each person once, whatever their posts."""
    return make_rule(area, subject, key, **({"subject_kind": SubjectKind.PERSON} | terms))


def learned(person: User, subject: Course | Topic, day: dt.date, **fields: Any) -> Learned:
    """A server-scored completion of one hour."""
    is_course = isinstance(subject, Course)
    return Learned(
        **{
            "person_id": person.pk,
            "kind": RecordKind.COURSE if is_course else RecordKind.SESSION,
            "title": subject.title,
            "course_id": subject.pk if is_course else None,
            "topic_id": None if is_course else subject.pk,
            "occurred_on": day,
            "hours": Decimal(1),
            "source": RecordSource.SERVER_SCORED,
            "source_uid": f"test:{next(_numbers)}",
        }
        | fields
    )


def make_team(
    area: LocalArea, people: int = 3, *, name: str = "Assessment service"
) -> tuple[User, Organisation, list[User]]:
    """A social-care team: its manager (with a grant), the team and so many social workers."""
    team = OrganisationFactory(
        local_area=area, name=name, kind=OrganisationKind.SOCIAL_CARE_TEAM, urn=None
    )
    manager = UserFactory(given_name="Colm", family_name="Devlin")
    PostFactory(person=manager, organisation=team, job_role=JobRole.SOCIAL_CARE_MANAGER)
    RoleGrantFactory(person=manager, role=Role.TEAM_MANAGER, local_area=area, organisation=team)
    workers = [
        PostFactory(organisation=team, job_role=JobRole.SOCIAL_WORKER).person for _ in range(people)
    ]
    return manager, team, workers


def build(at: dt.date = TODAY) -> None:
    """Build everybody's obligations."""
    build_obligations(at=at)
