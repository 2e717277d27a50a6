"""The workflow task by which reviewers approve resources; nobody approves their own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import AbstractGroupApprovalTask, TaskState


class ResourceReviewTask(AbstractGroupApprovalTask):
    """Approval by a group, except by whoever submitted the item (in the CMS as on our screens)."""

    class Meta:
        verbose_name = "resource review"

    def _is_own(self, obj: Any, user: Any) -> bool:
        state = obj.current_workflow_state
        return (state is not None and state.requested_by_id == user.pk) or (
            getattr(obj, "contributor_id", None) == user.pk
        )

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer no action to whoever submitted the item."""
        return [] if self._is_own(obj, user) else list(super().get_actions(obj, user))

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Leave out what the person submitted themselves."""
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approve or return; raises PermissionDenied for one's own."""
        if self._is_own(task_state.workflow_state.content_object, user):
            raise PermissionDenied
        super().on_action(task_state, user, action_name, **kwargs)
