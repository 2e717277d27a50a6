"""Fixtures of the package tests: both servers, and a page in Chromium that plays a package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.courses.packages.player_host import PlayerHost, running_host


@pytest.fixture(scope="module")
def player_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayerHost]:
    """The application on localhost and the content server on a host name of its own."""
    with running_host(tmp_path_factory.mktemp("packages")) as host:
        yield host


@pytest.fixture
def lesson_file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that builds one of our own lessons."""
    from h5p.build import build_lesson

    return lambda name: build_lesson(name, tmp_path)


@pytest.fixture
def open_player(chromium: Any, player_host: PlayerHost) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the page with the player, in a browser that was never there
    before.
    """
    contexts: list[Any] = []

    def _open(
        width: int = 1280, height: int = 900, *, context: Any = None, wait: bool = True
    ) -> Any:
        if context is None:
            context = chromium.new_context(viewport={"width": width, "height": height})
            context.set_default_timeout(10_000)
            contexts.append(context)
        page = context.new_page()
        page.goto(player_host.origin)
        if wait:
            page.wait_for_selector(".app-player--started")
        return page

    yield _open
    for context in contexts:
        context.close()
