"""Who was trained where, and when: posts and learning records become a school's exposure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.models import Post
from cpd_tracking.models import LearningRecord
from impact.enums import THRESHOLD_SHARES, Threshold

# The academic year begins on 1 September (Education Act 1996, s. 579, by custom of DfE's series).
FIRST_MONTH = 9


@dataclass(frozen=True, slots=True)
class Exposure:
    """A school's exposure to a course.

    trained, eligible: people with a post there on `as_at`; reached_on: the first day the
    threshold was met, or None; first_full_year: the calendar year in which the first whole
    academic year after that day begins, or None.
    """

    organisation_id: int
    trained: int
    eligible: int
    reached_on: dt.date | None
    first_full_year: int | None


@dataclass(frozen=True, slots=True)
class _Held:
    person: int
    starts_on: dt.date
    ends_on: dt.date | None

    def on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


def exposure(
    *,
    course_id: int,
    organisation_ids: Collection[int],
    threshold: str,
    as_at: dt.date,
    job_roles: Collection[str] = (),
) -> dict[int, Exposure]:
    """Give each school's exposure to a course, by organisation id; two queries.

    Eligible are the people with a post of one of the roles (all roles when empty); trained are
    those of them with a standing record of the course on or before the day. Nothing after `as_at`
    counts.
    """
    posts: dict[int, list[_Held]] = defaultdict(list)
    held = Post.objects.filter(organisation__in=organisation_ids, starts_on__lte=as_at)
    if job_roles:
        held = held.filter(job_role__in=job_roles)
    rows = held.values_list("organisation_id", "person_id", "starts_on", "ends_on")
    for organisation, person, starts_on, ends_on in rows:
        posts[organisation].append(_Held(person, starts_on, ends_on))
    first_done = _first_done(course_id, held.values("person"), as_at)
    share = THRESHOLD_SHARES[Threshold(threshold)]
    return {
        organisation: _of_school(organisation, posts[organisation], first_done, share, as_at)
        for organisation in organisation_ids
    }


def _first_done(course_id: int, people: object, as_at: dt.date) -> dict[int, dt.date]:
    records = LearningRecord.objects.standing().filter(
        course=course_id, occurred_on__lte=as_at, person__in=people
    )
    # Latest first, so that the earliest is what remains for each person.
    return dict(records.order_by("-occurred_on").values_list("person_id", "occurred_on"))


def _of_school(
    organisation: int,
    posts: list[_Held],
    first_done: dict[int, dt.date],
    share: float,
    as_at: dt.date,
) -> Exposure:
    now = _counted(posts, first_done, as_at)
    reached = _reached_on(posts, first_done, share, as_at)
    return Exposure(organisation, *now, reached, first_full_year(reached) if reached else None)


def _counted(
    posts: Iterable[_Held], first_done: dict[int, dt.date], day: dt.date
) -> tuple[int, int]:
    people = {post.person for post in posts if post.on(day)}
    trained = sum(person in first_done and first_done[person] <= day for person in people)
    return trained, len(people)


def _reached_on(
    posts: list[_Held], first_done: dict[int, dt.date], share: float, as_at: dt.date
) -> dt.date | None:
    """Look at each day on which something changed, and no other."""
    done = {first_done[post.person] for post in posts if post.person in first_done}
    if not done:
        return None
    starts = {post.starts_on for post in posts if post.person in first_done}
    ends = {post.ends_on + dt.timedelta(days=1) for post in posts if post.ends_on}
    for day in sorted(done | starts | ends):
        if day > as_at:
            break
        trained, eligible = _counted(posts, first_done, day)
        if trained and trained >= share * eligible:
            return day
    return None


def first_full_year(day: dt.date) -> int:
    """Give the calendar year in which the first whole academic year after a day begins."""
    starts_here = (day.month, day.day) <= (FIRST_MONTH, 1)
    return day.year if starts_here else day.year + 1
