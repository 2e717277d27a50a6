"""Discussion: threads of messages. A text that may identify a child is held before it is read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from networks.enums import MessageStatus
from networks.querysets import MessageQuerySet, ThreadQuerySet


class Thread(models.Model):
    """A subject under which members write; others see it once one of its messages is published."""

    network = models.ForeignKey(
        "networks.Network", on_delete=models.PROTECT, related_name="threads"
    )
    title = models.CharField(max_length=140)
    is_question = models.BooleanField(default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads_started"
    )
    started_at = models.DateTimeField()
    last_message_at = models.DateTimeField()

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_message_at", "-pk"]
        indexes = [models.Index(fields=["network", "-last_message_at"], name="thread_by_network")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the thread's page (needs `network`)."""
        return reverse("networks:thread", args=[self.network.slug, self.pk])


class Message(models.Model):
    """One message in plain text. Its text is in no search index, audit event, mail or cache.

    So redaction, which empties `body`, leaves no copy behind.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="network_messages"
    )
    body = models.TextField(max_length=4000, blank=True)
    status = models.CharField(max_length=10, choices=MessageStatus, default=MessageStatus.PUBLISHED)
    held_for = models.CharField(max_length=100, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=MessageStatus.REDACTED) | Q(body=""),
                name="redacted_message_is_empty",
            )
        ]
        indexes = [
            models.Index(
                fields=["thread"], condition=Q(status=MessageStatus.HELD), name="held_messages"
            ),
            models.Index(fields=["author", "-written_at"], name="message_by_author"),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk} in thread {self.thread_id}"

    @property
    def is_held(self) -> bool:
        """Whether only its author and the moderators see it."""
        return self.status == MessageStatus.HELD

    @property
    def is_redacted(self) -> bool:
        """Whether a moderator has removed its text."""
        return self.status == MessageStatus.REDACTED
