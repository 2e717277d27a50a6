"""What resources_repo hears from Wagtail: a revision went live."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from core import clock
from resources_repo.models import ResourcePage, ResourceVersion


@receiver(page_published, sender=ResourcePage)
def on_published(sender: Any, *, instance: ResourcePage, **kwargs: Any) -> None:
    """Note when the version the revision carries first went live, however it was published."""
    ResourceVersion.objects.filter(
        pk=instance.current_version_id, published_at__isnull=True
    ).update(published_at=instance.last_published_at or clock.now())
