"""What a learner sees: things to do, what is up to date, hours, and the one next action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum

from accounts.models import LocalArea, Post, User
from courses.selectors.learning import (
    ContinueTarget,
    begun_among,
    continue_target,
    course_urls,
)
from cpd_tracking.engine.dates import last_fixed_day
from cpd_tracking.enums import LATE_STATUSES, Status
from cpd_tracking.explain import day_text
from cpd_tracking.models import LearningRecord, Obligation
from cpd_tracking.wording import TaskWords, hours_text, words_of


@dataclass(frozen=True)
class NextAction:
    """The one next thing, with the words and address of components/action_panel.html."""

    title: str
    url: str
    label: str
    eyebrow: str
    detail: str = ""
    meta: str = ""


@dataclass(frozen=True)
class Task:
    """A row of the to-do list: words, and where Start and Why lead."""

    words: TaskWords
    start_url: str
    action_label: str = "Start"

    @property
    def status(self) -> str:
        """The status word for the tag: a lapsed thing in grace reads as late."""
        return self.words.status


@dataclass(frozen=True)
class PostGroup:
    """One post and what is asked of it that is not to do now."""

    label: str
    up_to_date: list[TaskWords]
    later: list[TaskWords]
    not_required: list[TaskWords]


@dataclass(frozen=True)
class MyLearning:
    """Everything on *My learning*; `headline` says it in a sentence."""

    next_action: NextAction | None
    tasks: list[Task]
    groups: list[PostGroup]
    up_to_date: int
    later: int
    not_required: int
    hours: Decimal
    year_label: str
    headline: str
    posts: list[str]

    @property
    def hours_text(self) -> str:
        """Hours without needless zeros."""
        return hours_text(self.hours)


def academic_year_start(day: dt.date) -> dt.date:
    """Return the 1 September on or before the day."""
    return last_fixed_day(day, 9, 1)


def own_obligations(person: User, today: dt.date) -> list[Obligation]:
    """Return the person's obligations open today, with status and all that words need; one query.

    Collective ones belong to a setting and are never here.
    """
    return list(
        Obligation.objects.current(today)
        .with_status(today)
        .filter(learner=person)
        .select_related("requirement", "version", "post__organisation")
        .order_by("due_on", "requirement__position", "pk")
    )


def my_learning(person: User, today: dt.date, *, local_area: LocalArea | None = None) -> MyLearning:
    """Return the learner's page in a constant number of queries (8 at most)."""
    rows = own_obligations(person, today)
    tasks = _tasks(rows, today)
    posts = list(
        Post.objects.held_on(today)
        .filter(person=person)
        .select_related("organisation")
        .order_by("starts_on", "pk")
    )
    several = len({post.organisation_id for post in posts}) > 1
    if not several:
        tasks = [replace(task, words=replace(task.words, setting="")) for task in tasks]
    rest = [words_of(row, today) for row in rows if not is_to_do(row)]
    year = academic_year_start(today)
    hours = LearningRecord.objects.standing().filter(
        person=person, occurred_on__gte=year, occurred_on__lte=today
    ).aggregate(total=Sum("hours"))["total"] or Decimal(0)
    target = continue_target(person, local_area=local_area)
    # Several courses may be open at once, and only one of them is the one to go on with.
    named = {task.words.course_id for task in tasks if task.words.course_id is not None}
    begun = begun_among(person, named) if target is not None and named else set()
    return MyLearning(
        next_action=_next(target, tasks),
        tasks=[
            replace(task, action_label="Continue") if task.words.course_id in begun else task
            for task in tasks
        ],
        groups=_groups(posts, rows, today),
        up_to_date=sum(words.status == Status.COMPLIANT for words in rest),
        later=sum(words.status == Status.NOT_DUE for words in rest),
        not_required=sum(words.status in (Status.EXEMPT, Status.PAUSED) for words in rest),
        hours=hours,
        year_label=f"{year.year}/{(year.year + 1) % 100:02}",
        headline=_headline(tasks, rows),
        posts=[f"{post.get_job_role_display()} at {post.organisation}" for post in posts],
    )


def next_action(
    person: User, today: dt.date, *, local_area: LocalArea | None = None
) -> NextAction | None:
    """Return the one next thing: go on with what is open, else start what is most pressing."""
    target = continue_target(person, local_area=local_area)
    if target is not None:
        return _next(target, [])
    return _next(None, _tasks(own_obligations(person, today), today))


def is_to_do(row: Obligation) -> bool:
    """Whether the obligation belongs on the to-do list today."""
    return row.status in (*LATE_STATUSES, Status.DUE_SOON)


def _tasks(rows: list[Obligation], today: dt.date) -> list[Task]:
    words = [words_of(row, today) for row in rows if is_to_do(row)]
    courses = {item.course_id for item in words if item.course_id is not None}
    urls: Mapping[int, str] = course_urls(courses) if courses else {}
    words.sort(key=lambda item: (not item.is_late, item.due_on))
    return [Task(item, urls.get(item.course_id or 0, "")) for item in _once_each(words)]


def _once_each(words: list[TaskWords]) -> list[TaskWords]:
    """One row a requirement: what two posts ask is done once, by the earlier date."""
    found: dict[int, TaskWords] = {}
    for item in words:
        first = found.get(item.requirement_id)
        if first is None:
            found[item.requirement_id] = item
        elif item.setting not in first.setting:
            joined = f"{first.setting} and {item.setting}"
            found[item.requirement_id] = replace(first, setting=joined)
    return list(found.values())


def _next(target: ContinueTarget | None, tasks: list[Task]) -> NextAction | None:
    if target is not None:
        return NextAction(
            title=target.title,
            url=target.url,
            label="Continue",
            eyebrow="Continue",
            detail=target.detail,
            meta=target.meta,
        )
    for task in tasks:
        if task.start_url:
            why = task.words.why
            return NextAction(
                title=task.words.title,
                url=task.start_url,
                label="Start",
                eyebrow="Next",
                detail=why[0].upper() + why[1:],
                meta=task.words.status_label,
            )
    return None


def _groups(posts: list[Post], rows: list[Obligation], today: dt.date) -> list[PostGroup]:
    """One group a post, and one for what is asked of the person whatever the post."""
    by_post: dict[int | None, list[TaskWords]] = {post.pk: [] for post in posts}
    for row in rows:
        if not is_to_do(row):
            by_post.setdefault(row.post_id, []).append(words_of(row, today))
    names: dict[int | None, str] = {
        post.pk: f"{post.get_job_role_display()} at {post.organisation}" for post in posts
    }
    names[None] = "In every post"
    return [
        PostGroup(
            label=names.get(key, "An earlier post"),
            up_to_date=[item for item in items if item.status == Status.COMPLIANT],
            later=[item for item in items if item.status == Status.NOT_DUE],
            not_required=[item for item in items if item.status in (Status.EXEMPT, Status.PAUSED)],
        )
        for key, items in by_post.items()
        if items
    ]


def _headline(tasks: list[Task], rows: list[Obligation]) -> str:
    late = sum(task.words.is_late for task in tasks)
    soon = [task.words.due_on for task in tasks if not task.words.is_late]
    if tasks:
        parts = [f"{late} overdue"] if late else []
        if soon:
            parts.append(f"{len(soon)} due by {day_text(max(soon))}")
        return ", ".join(parts)
    if not rows:
        return "Nothing is asked of you yet."
    ends = [row.expires_on for row in rows if row.expires_on and row.status == Status.COMPLIANT]
    later = [row.window_opens_on for row in rows if row.status == Status.NOT_DUE]
    days = [*ends, *later]
    if days:
        return f"Nothing due. You are up to date until {day_text(min(days))}."
    return "Nothing due. You are up to date."
