"""What Merrowdale's people have learned so far: records of thousands, and the cast's own stories.

Most people are up to date, some are late, a few never began; the cast's records are placed so
that each one's home has something to say on whatever day the demo is built.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounts.enums import SCHOOL_KINDS, JobRole
from accounts.models import LocalArea, Post, User
from courses.models import Course, CourseVersion
from cpd_tracking.enums import RecordKind, RecordSource
from cpd_tracking.models import Topic
from cpd_tracking.services.records import Learned

OAP, SOCIAL_WORK, GOVERNANCE, SAFEGUARDING, OVERSIGHT = 1, 14, 17, 18, 22
_MAINSTREAM = ("school", "nursery_school")
_OAP_ROLES = (JobRole.TEACHER, JobRole.TEACHING_ASSISTANT, JobRole.ELSA, JobRole.SENCO)
_YEAR = 365


@dataclass(frozen=True)
class Holder:
    """Someone who holds a post today: what decides which training they have done."""

    person_id: int
    job_role: str
    kind: str
    starts_on: dt.date
    has_data: bool
    is_employment: bool
    manager_id: int | None


def holders(local_area: LocalArea, today: dt.date) -> list[Holder]:
    """Return the posts held on the day, oldest row first; one query."""
    rows = (
        Post.objects.held_on(today)
        .filter(organisation__local_area=local_area)
        .order_by("pk")
        .values_list(
            "person_id",
            "job_role",
            "organisation__kind",
            "starts_on",
            "handles_personal_data",
            "is_employment",
            "line_manager_id",
        )
    )
    return [Holder(*row) for row in rows]


class Registrar:
    """Writes down who did which course when, as `Learned` rows with stable identities."""

    def __init__(
        self,
        *,
        courses: dict[int, Course],
        topics: dict[str, Topic],
        today: dt.date,
        rng: random.Random,
        first_day: dt.date,
    ) -> None:
        self.courses = courses
        self.topics = topics
        self.today = today
        self.rng = rng
        self.first_day = first_day
        self.rows: dict[str, Learned] = {}
        self.versions: dict[int, list[CourseVersion]] = {}
        for version in CourseVersion.objects.filter(course__in=courses.values()).order_by(
            "published_at"
        ):
            self.versions.setdefault(version.course_id, []).append(version)

    def course(self, number: int, person_id: int, day: dt.date) -> None:
        """Note a completion by course number; days to come or too long ago are left out."""
        course = self.courses.get(number)
        if course is None or not self.first_day <= day <= self.today:
            return
        version = self._version_of(course, day)
        hours = version.cpd_hours if version is not None else Decimal(1)
        scored = number in (GOVERNANCE, SAFEGUARDING)
        self._add(
            Learned(
                person_id=person_id,
                kind=RecordKind.COURSE,
                title=str(course),
                occurred_on=day,
                hours=hours,
                source=RecordSource.SERVER_SCORED if scored else RecordSource.CLIENT_SCORED,
                source_uid=f"demo:course:{number}:{person_id}:{day.isoformat()}",
                course_id=course.pk,
                course_version_id=version.pk if version is not None else None,
                score_scaled=self.rng.choice((0.8, 0.85, 0.9, 0.95, 1.0)) if scored else None,
            )
        )

    def qualification(self, key: str, person_id: int, *, began: dt.date, day: dt.date) -> None:
        """Note a qualification gained elsewhere."""
        topic = self.topics[key]
        self._add(
            Learned(
                person_id=person_id,
                kind=RecordKind.QUALIFICATION,
                title=topic.title,
                occurred_on=day,
                began_on=began,
                hours=Decimal(0),
                source=RecordSource.APPROVED_EVIDENCE,
                source_uid=f"demo:topic:{key}:{person_id}",
                topic_id=topic.pk,
            )
        )

    def _version_of(self, course: Course, day: dt.date) -> CourseVersion | None:
        """Return the version that was published when the course was completed."""
        standing = [
            version
            for version in self.versions.get(course.pk, ())
            if version.published_at.date() <= day
        ]
        return standing[-1] if standing else course.current_version

    def _add(self, row: Learned) -> None:
        self.rows[row.source_uid] = row


def everyones_records(
    registrar: Registrar, people: Iterable[Holder], *, except_for: frozenset[int]
) -> None:
    """Note what the staff have done; `except_for` are people whose story is told separately."""
    seen: set[int] = set()
    for holder in people:
        if holder.person_id in except_for:
            continue
        if holder.person_id not in seen:
            seen.add(holder.person_id)
            if holder.has_data:
                _yearly(registrar, GOVERNANCE, holder)
        if holder.is_employment and holder.kind in SCHOOL_KINDS:
            _safeguarding(registrar, holder)
            if holder.job_role in _OAP_ROLES:
                _every_two_years(registrar, OAP, holder, done=0.78)
        if holder.job_role == JobRole.SOCIAL_WORKER:
            _every_two_years(registrar, SOCIAL_WORK, holder, done=0.88)
        if holder.job_role == JobRole.SOCIAL_CARE_MANAGER:
            _every_two_years(registrar, OVERSIGHT, holder, done=0.9)
        if holder.job_role == JobRole.SENCO and holder.kind in _MAINSTREAM:
            _senco_award(registrar, holder)


def _yearly(registrar: Registrar, number: int, holder: Holder) -> None:
    """Nine in ten are within the year, most of the others late, a few never began."""
    chance, rng = registrar.rng.random(), registrar.rng
    if chance > 0.96:
        return
    ago = rng.randrange(4, 345) if chance < 0.88 else rng.randrange(366, 430)
    served = (registrar.today - holder.starts_on).days
    if ago > served:
        ago = max(served - rng.randrange(1, 25), 0)
    day = registrar.today - dt.timedelta(days=ago)
    registrar.course(number, holder.person_id, day)
    before = day - dt.timedelta(days=rng.randrange(340, 372))
    if before > holder.starts_on:
        registrar.course(number, holder.person_id, before)


def _safeguarding(registrar: Registrar, holder: Holder) -> None:
    """The yearly update falls between 1 September and 31 October."""
    rng, today = registrar.rng, registrar.today
    opened = last_september(today)
    for year in range(2):
        start = dt.date(opened.year - year, 9, 1)
        end = min(dt.date(start.year, 10, 31), today)
        # This September's share grows with the weeks; last year nearly everybody did it.
        share = 0.93 * ((end - start).days + 1) / 61 if year == 0 else 0.97
        if holder.starts_on <= end and rng.random() < share:
            day = start + dt.timedelta(days=rng.randrange(0, (end - start).days + 1))
            registrar.course(SAFEGUARDING, holder.person_id, max(day, holder.starts_on))


def _every_two_years(registrar: Registrar, number: int, holder: Holder, *, done: float) -> None:
    rng = registrar.rng
    if rng.random() > done:
        if rng.random() < 0.5:
            registrar.course(number, holder.person_id, _ago(registrar, 2 * _YEAR + 20, 900))
        return
    served = (registrar.today - holder.starts_on).days
    registrar.course(
        number, holder.person_id, _ago(registrar, 2, max(min(served, 2 * _YEAR - 70), 10))
    )


def _senco_award(registrar: Registrar, holder: Holder) -> None:
    """Whoever has been SENCO for two years or more has nearly always qualified."""
    served = (registrar.today - holder.starts_on).days
    if served > 2 * _YEAR and registrar.rng.random() < 0.94:
        began = holder.starts_on + dt.timedelta(days=registrar.rng.randrange(30, 200))
        old_award = began < dt.date(2024, 9, 1)
        registrar.qualification(
            "nasenco" if old_award else "npq-senco",
            holder.person_id,
            began=began,
            day=began + dt.timedelta(days=registrar.rng.randrange(330, 520)),
        )


def _ago(registrar: Registrar, least: int, most: int) -> dt.date:
    days = registrar.rng.randrange(least, max(most, least + 1))
    return registrar.today - dt.timedelta(days=days)


def last_september(today: dt.date) -> dt.date:
    """Return the first day of the school year that `today` is in."""
    return dt.date(today.year if today.month >= 9 else today.year - 1, 9, 1)


# --- the cast and Colm's team ------------------------------------------------------------------


def casts_records(registrar: Registrar, people: dict[str, User]) -> None:
    """Note the cast's own records: Tom is behind, the others are up to date."""
    today = registrar.today
    days = dt.timedelta
    _toms_records(registrar, people["tom"])
    for number, key in enumerate(key for key in people if key != "tom"):
        registrar.course(GOVERNANCE, people[key].pk, today - days(40 + 17 * number))
    nadia, colm = people["nadia"].pk, people["colm"].pk
    registrar.course(SAFEGUARDING, nadia, min(last_september(today) + days(3), today))
    registrar.course(OAP, nadia, today - days(300))
    registrar.qualification("nasenco", nadia, began=dt.date(2023, 10, 2), day=dt.date(2024, 11, 29))
    registrar.course(OVERSIGHT, colm, today - days(260))


def _toms_records(registrar: Registrar, tom: User) -> None:
    """Two things overdue, information governance by 12 days; something due soon.

    The safeguarding update is due on 31 October: while that is near or just past it is open,
    at other times it is done and the graduated approach is late instead.
    """
    today, days = registrar.today, dt.timedelta
    opened = last_september(today)
    registrar.course(GOVERNANCE, tom.pk, a_year_before(today) - days(12))
    registrar.course(SAFEGUARDING, tom.pk, dt.date(opened.year - 1, 9, 4))
    if today.month in (11, 12, 1, 2):
        registrar.course(OAP, tom.pk, a_year_before(a_year_before(today)) + days(9))
    else:
        registrar.course(OAP, tom.pk, a_year_before(a_year_before(today)) - days(3))
    if 3 <= today.month <= 8:
        registrar.course(SAFEGUARDING, tom.pk, opened + days(3))


def a_year_before(day: dt.date) -> dt.date:
    """Return the same day a year earlier (28 February for 29 February)."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def colms_team_records(registrar: Registrar, team: Iterable[Holder]) -> None:
    """Note the records of the Assessment service: seven things overdue, four due within a month.

    Four newcomers have not begun the units for social workers (due 90 days after they came), four
    colleagues have let them lapse; three have let information governance lapse.
    """
    today, days = registrar.today, dt.timedelta
    workers = 0
    for number, holder in enumerate(sorted(team, key=lambda item: item.starts_on, reverse=True)):
        late = number in (9, 14, 19)
        day = today - days(_YEAR + 9 * number if late else 30 + 9 * number)
        registrar.course(GOVERNANCE, holder.person_id, day)
        if holder.job_role != JobRole.SOCIAL_WORKER:
            continue
        workers += 1
        if workers <= 4:
            continue
        lapsed = workers in (7, 10, 13, 16)
        ago = 2 * _YEAR + 4 * workers if lapsed else 40 + 25 * workers
        registrar.course(SOCIAL_WORK, holder.person_id, today - days(ago))


def learned_by_all(
    registrar: Registrar, *, local_area: LocalArea, people: dict[str, User]
) -> Iterator[Learned]:
    """Yield every record of the demo but those of networks and of live courses."""
    everyone = holders(local_area, registrar.today)
    colm = people["colm"].pk
    team = [holder for holder in everyone if holder.manager_id == colm]
    told = frozenset({person.pk for person in people.values()} | {one.person_id for one in team})
    everyones_records(registrar, everyone, except_for=told)
    casts_records(registrar, people)
    colms_team_records(registrar, team)
    yield from registrar.rows.values()
