"""How long networks keep what they hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.registry import Retained, declare
from core.retention import delete_rows
from networks.models import Reply, Thread


def _quiet_threads(begun_by: dt.date) -> QuerySet[Any]:
    return Thread.objects.filter(last_message_at__date__lte=begun_by)


def _old_replies(begun_by: dt.date) -> QuerySet[Any]:
    return Reply.objects.filter(meeting__ends_at__date__lte=begun_by)


declare(
    Retained(
        key="network-threads",
        title="Conversations in networks",
        months=72,
        basis="Six years after the last message: as long as a claim could rest on it.",
        due=_quiet_threads,
        dispose=delete_rows,
        people=("started_by", "messages__author"),
    ),
    Retained(
        key="meeting-replies",
        title="Replies to invitations to meetings",
        months=24,
        basis="The register says who came; who meant to come is of no use for long.",
        due=_old_replies,
        dispose=delete_rows,
        people=("person",),
    ),
)
