"""Decide about a submitted resource: publish it, or return it with a comment."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import TaskState, WorkflowState

from accounts import audit
from accounts.models import LocalArea, User
from core import clock
from resources_repo.models import ResourcePage
from resources_repo.permissions import can_review


class UnableToDecide(Exception):
    """The resource cannot be approved or returned; the message says why."""


def approve_resource(
    *, by: User, page: ResourcePage, local_area: LocalArea, at: dt.datetime, comment: str = ""
) -> ResourcePage:
    """Publish a submitted resource or version. Nobody approves what they submitted themselves."""
    return _decide("approve", by=by, page=page, local_area=local_area, at=at, comment=comment)


def return_resource(
    *, by: User, page: ResourcePage, local_area: LocalArea, at: dt.datetime, comment: str
) -> ResourcePage:
    """Return a submission to its author; the comment says what to change."""
    if not comment.strip():
        raise UnableToDecide("Write what should change, so that the author knows.")
    return _decide("reject", by=by, page=page, local_area=local_area, at=at, comment=comment)


@transaction.atomic
def _decide(
    action: str,
    *,
    by: User,
    page: ResourcePage,
    local_area: LocalArea,
    at: dt.datetime,
    comment: str,
) -> ResourcePage:
    page = ResourcePage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if not can_review(by, local_area, on=clock.london_date(at)):
        raise PermissionDenied
    if not page.is_descendant_of(local_area.root_page):
        raise PermissionDenied
    state = page.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise UnableToDecide("Someone has decided about this resource already.")
    if by.pk in (state.requested_by_id, page.contributor_id):
        raise UnableToDecide("You submitted this resource, so another reviewer decides about it.")
    task_state: TaskState = state.current_task_state
    task_state.task.specific.on_action(task_state, by, action, comment=comment.strip())
    audit.record(
        actor=by,
        verb="resource.approved" if action == "approve" else "resource.returned",
        obj=page,
        subject=page.contributor,
        local_area=local_area,
        at=at,
    )
    page.refresh_from_db()
    return page
