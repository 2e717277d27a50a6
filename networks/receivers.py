"""What networks hears from below: posts that begin and end."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.signals import posts_changed
from networks.services.memberships import end_memberships_without_post


@receiver(posts_changed)
def on_posts_changed(sender: Any, *, person_ids: set[int], at: Any, **kwargs: Any) -> None:
    """Leaving a setting ends speaking for it, in the same transaction."""
    end_memberships_without_post(person_ids=person_ids, at=at)
