"""What networks hold about people."""

from __future__ import annotations

from core.registry import OnErase, OnMerge, PersonalData, acted, declare

_CONVERSATION = (
    "What you wrote is part of a conversation with others. It stays, and is no longer said to be "
    "yours. Ask a lead of the network to redact a message that should go."
)

declare(
    PersonalData(
        model="networks.Thread",
        field="started_by",
        title="Threads you started",
        columns=("network__name", "title", "is_question", "started_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=_CONVERSATION,
    ),
    PersonalData(
        model="networks.Message",
        field="author",
        title="Messages",
        columns=("thread__network__name", "thread__title", "body", "status", "written_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=_CONVERSATION,
    ),
    acted("networks.Message", "decided_by", "Messages you moderated"),
    acted("networks.Meeting", "scheduled_by", "Meetings you scheduled"),
    PersonalData(
        model="networks.Reply",
        field="person",
        title="Replies to invitations to meetings",
        columns=("meeting__title", "meeting__starts_at", "answer", "replied_at"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    PersonalData(
        model="networks.Attendance",
        field="person",
        title="Attendance at meetings",
        columns=(
            "meeting__network__name",
            "meeting__title",
            "meeting__starts_at",
            "organisation__name",
            "presence",
            "hours",
        ),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=(
            "The register says which settings were there. Your name goes from it; a setting's "
            "attendance stays."
        ),
    ),
    acted("networks.Attendance", "recorded_by", "Lines of registers you kept"),
    PersonalData(
        model="networks.Membership",
        field="person",
        title="Networks",
        columns=("network__name", "organisation__name", "role", "starts_on", "ends_on"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        ends="ends_on",
        because="Which settings a network reached, and when, is its history. Your name goes.",
    ),
)
