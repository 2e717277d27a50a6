"""What a page needs to play a revision: the frame's address, the endpoints, and the place to go on
from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from courses.packages import publishing
from courses.packages.models import PackageRevision
from courses.packages.statements import Expectation
from courses.packages.store import package_store


class UnableToPlay(Exception):
    """The revision is not approved, or not of a kind that can be played."""


@dataclass(frozen=True)
class Player:
    """The `player` of components/package_player.html; `data` is what js/player.js reads.

    Empty addresses are left out of use: a preview without `state_url` keeps no place.
    """

    key: str
    title: str
    frame_url: str
    statements_url: str
    state_url: str
    status_url: str
    viewed_url: str
    sign_in_url: str
    csrf: str
    state: str | None
    version: int
    finish: str

    @property
    def data(self) -> dict[str, Any]:
        """Return everything as plain data for the page's JSON block."""
        return asdict(self)


def frame_url(label: str) -> str:
    """Return the address of a label's embed page, on a host name that is never the application's.

    CONTENT_BY_NUMBER is for browsers that do not resolve names below localhost: the label moves
    into the path.
    """
    if settings.CONTENT_BY_NUMBER:
        return f"http://127.0.0.1:{settings.CONTENT_PORT}/r/{label}/embed/"
    return f"{settings.CONTENT_SCHEME}://{label}.{settings.CONTENT_HOST}/embed/"


def expectation_for(revision: PackageRevision) -> Expectation:
    """Return what statements about this revision are held against."""
    return Expectation(rule=revision.rule, expected_max=revision.expected_max)


def player_for(
    *,
    revision: PackageRevision,
    key: str,
    csrf: str,
    statements_url: str,
    state_url: str,
    status_url: str,
    viewed_url: str,
    sign_in_url: str,
    state: str | None,
    version: int,
) -> Player:
    """Return the player of an approved revision for one attempt; raise UnableToPlay when it is not
    approved.
    """
    if not publishing.ensure_served(package_store(), revision):
        raise UnableToPlay("This activity is not available at the moment.")
    return Player(
        key=key,
        title=revision.manifest.get("title") or revision.package.title,
        frame_url=frame_url(revision.label),
        statements_url=statements_url,
        state_url=state_url,
        status_url=status_url,
        viewed_url=viewed_url,
        sign_in_url=sign_in_url,
        csrf=csrf,
        state=state,
        version=version,
        finish="" if revision.rule.by_statement else revision.rule.value,
    )


def preview_player(
    *, revision: PackageRevision, label: str, csrf: str, statements_url: str
) -> Player:
    """Return the player of a staff preview: the label comes from open_preview, nothing is saved."""
    return Player(
        key=f"preview-{revision.public_id}",
        title=revision.manifest.get("title") or revision.package.title,
        frame_url=frame_url(label),
        statements_url=statements_url,
        state_url="",
        status_url="",
        viewed_url="",
        sign_in_url="",
        csrf=csrf,
        state=None,
        version=0,
        finish="",
    )
