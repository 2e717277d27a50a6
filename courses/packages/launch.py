"""What a page needs to play a revision: the frame's address, the endpoints, and the place to go on
from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from courses.packages import publishing
from courses.packages.models import PackageKind, PackageRevision
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
    frame_origin: str = "null"
    last_words_url: str = ""

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


def frame_origin(revision: PackageRevision, label: str) -> str:
    """Return the origin the frame's messages come from: H5P plays in an opaque sandbox ("null"),
    SCORM on the label's own host, since its units must reach their run-time.
    """
    if revision.package.kind == PackageKind.H5P:
        return "null"
    if settings.CONTENT_BY_NUMBER:
        raise UnableToPlay(
            "This activity needs a host name of its own, which this installation does not have."
        )
    return f"{settings.CONTENT_SCHEME}://{label}.{settings.CONTENT_HOST}"


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
    last_words_url: str = "",
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
        frame_origin=frame_origin(revision, revision.label),
        last_words_url=last_words_url,
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
        frame_origin=frame_origin(revision, label),
    )
