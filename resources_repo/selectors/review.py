"""What waits for a reviewer, and what became of what one submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Cast
from wagtail.models import TaskState, WorkflowState

from accounts import access
from accounts.enums import Role
from core import clock

if TYPE_CHECKING:
    from accounts.models import LocalArea, User
    from resources_repo.models import ResourcePage


@dataclass(frozen=True)
class Submission:
    """A submitted page as its author sees it; `status` is a status word of the design system."""

    page: ResourcePage
    status: str
    label: str
    comment: str
    changed_at: dt.datetime | None
    may_revise: bool


@dataclass(frozen=True)
class QueueRow:
    """One page in a reviewer's queue, as it was submitted."""

    page: ResourcePage
    submitted_by: User | None
    submitted_at: dt.datetime
    is_own: bool
    is_new: bool


def open_reviews(user: User, local_area: LocalArea | None = None) -> models.QuerySet[Any]:
    """Return workflow states that wait for a reviewer of areas the person reviews today.

    The role grant decides, not the Wagtail group it is projected into: dates are re-checked on
    every request.
    """
    areas = access.areas_with_role(user, (Role.REVIEWER,), clock.today())
    if local_area is not None:
        areas = areas.filter(pk=local_area.pk)
    return WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        current_task_state__status=TaskState.STATUS_IN_PROGRESS,
        current_task_state__task__resourcereviewtask__groups__in=areas.values("reviewers"),
    )


def pages_to_review(user: User, local_area: LocalArea | None = None) -> models.QuerySet[Any]:
    """Return the primary keys of pages that wait for the person, as a subquery."""
    return (
        open_reviews(user, local_area)
        .annotate(page_pk=Cast("object_id", models.BigIntegerField()))
        .values("page_pk")
    )


def review_queue(user: User, local_area: LocalArea) -> list[QueueRow]:
    """Return what waits, oldest first, as submitted; five queries for any number."""
    from resources_repo.models import ResourcePage

    states = list(
        open_reviews(user, local_area)
        .select_related("requested_by", "current_task_state__revision")
        .order_by("created_at", "pk")
    )
    live = set(
        ResourcePage.objects.filter(
            pk__in=[int(state.object_id) for state in states], live=True
        ).values_list("pk", flat=True)
    )
    rows = []
    for state in states:
        content = state.current_task_state.revision.content
        page = ResourcePage(
            pk=int(state.object_id), title=content["title"], summary=content["summary"],
            resource_type=content["resource_type"],
        )  # fmt: skip
        rows.append(
            QueueRow(
                page=page,
                submitted_by=state.requested_by,
                submitted_at=state.current_task_state.started_at,
                is_own=state.requested_by_id == user.pk,
                is_new=page.pk not in live,
            )
        )
    return rows


def submissions_of(user: User, local_area: LocalArea) -> list[Submission]:
    """Return what the person submitted in the area, newest first, with its state and comment."""
    from resources_repo.models import ResourcePage

    pages = list(
        ResourcePage.objects.in_area(local_area)
        .contributed_by(user)
        .order_by("-latest_revision_created_at", "-pk")
    )
    latest = _latest_states(pages)
    return [_submission(page, latest.get(page.pk)) for page in pages]


def submission_of(page: ResourcePage) -> Submission:
    """Return the state of one page."""
    return _submission(page, _latest_states([page]).get(page.pk))


def _latest_states(pages: Iterable[ResourcePage]) -> dict[int, WorkflowState]:
    states = (
        WorkflowState.objects.filter(object_id__in=[str(page.pk) for page in pages])
        .filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
        .select_related("current_task_state")
        .order_by("created_at", "pk")
    )
    return {int(state.object_id): state for state in states}


def _submission(page: ResourcePage, state: WorkflowState | None) -> Submission:
    task = state.current_task_state if state is not None else None
    changed_at = task and (task.finished_at or task.started_at)
    comment = task.comment if task is not None else ""
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        words = "New version waiting for a reviewer" if page.live else "Waiting for a reviewer"
        return Submission(page, "awaiting", words, "", changed_at, may_revise=False)
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Submission(
            page, "warning", "Returned with a comment", comment, changed_at, may_revise=True
        )
    if page.live:
        return Submission(
            page, "done", "Published", comment, page.last_published_at, may_revise=True
        )
    return Submission(page, "draft", "Not submitted", "", changed_at, may_revise=True)
