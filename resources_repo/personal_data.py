"""What the library of resources holds about people."""

from __future__ import annotations

from core.registry import OnErase, OnMerge, PersonalData, acted, declare

declare(
    PersonalData(
        model="resources_repo.ResourcePage",
        field="contributor",
        title="Resources you contributed",
        columns=("title", "credit", "licence", "first_published_at", "url_path"),
        # Nobody publishes their own: what they contributed goes over with them.
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.KEEP,
        because=(
            "You gave the resource under an open licence and others use it. It stays, and no "
            "longer names you."
        ),
    ),
    PersonalData(
        model="resources_repo.ResourceUse",
        field="person",
        title="Resources you said you used",
        columns=("page__title", "organisation__name", "helped", "used_on"),
        on_merge=OnMerge.MOVE,
        on_erase=OnErase.DELETE,
    ),
    acted("resources_repo.ResourceVersion", "made_by", "Files of resources you added"),
)
