"""What networks hold about people."""

from __future__ import annotations

from core.registry import Carried, Column, OnErase, OnMerge, PersonalData, acted, declare

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
        carried=Carried(
            key="meetings",
            place=5,
            order=("-meeting__starts_at", "-pk"),
            columns=(
                Column("network", "meeting__network__name", "Network"),
                Column("meeting", "meeting__title", "Meeting"),
                Column("held_at", "meeting__starts_at", "When"),
                Column("presence", "presence", "Presence"),
                Column("hours", "hours", "Hours"),
            ),
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
        carried=Carried(
            key="networks",
            place=4,
            order=("-starts_on", "-pk"),
            columns=(
                Column("network", "network__name", "Network"),
                Column("organisation", "organisation__name", "For"),
                Column("role", "role", "As"),
                Column("starts_on", "starts_on", "From"),
                Column("ends_on", "ends_on", "To"),
            ),
        ),
    ),
)
