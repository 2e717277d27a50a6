"""Fixtures every room uses, and the one place that decides what may be skipped.

A test that needs a service, Chromium or the open data skips with a clear message where that is
missing; with WAYMARK_REQUIRE_ALL=1 a missing part is a failure.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import LocalArea, User

# Playwright's synchronous API runs an event loop in this thread; tests use the database from it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def missing(what: str) -> None:
    """Skip because a part is not here; fail where everything is required."""
    if os.environ.get("WAYMARK_REQUIRE_ALL") == "1":
        pytest.fail(f"WAYMARK_REQUIRE_ALL is set, but {what}")
    pytest.skip(what)


# --- Database ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Keep the SQLite file that was copied from the migrated template; else begin anew."""
    from django.conf import settings

    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_keepdb: bool
) -> None:
    """Give each worker on SQLite its own copy of one migrated file."""
    if django_db_keepdb:
        from django.db import connection

        from tests.template_database import copy_template

        copy_template(Path(connection.settings_dict["TEST"]["NAME"]))


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture
def today() -> dt.date:
    """A school day in the middle of a term."""
    from core import clock

    return clock.today()


@pytest.fixture
def area(db: None) -> LocalArea:
    """The local area Merrowdale, with its site (the default one) and home page."""
    from tests.factories.accounts import make_area

    return make_area()


@pytest.fixture
def other_area(area: LocalArea) -> LocalArea:
    """A second local area on a host of its own; nothing of it may leak into the first."""
    from tests.factories.accounts import make_area

    return make_area("Eastmarch", "998", hostname="eastmarch.localhost")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Return a function that gives a test client signed in as a person."""

    def _sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _sign_in


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The folder of real open data; skips where WAYMARK_OPEN_DATA does not name one."""
    folder = os.environ.get("WAYMARK_OPEN_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("WAYMARK_OPEN_DATA does not name the folder of open data")
    return Path(folder)


@pytest.fixture
def on_postgres() -> None:
    """Let the test run on PostgreSQL only: it is about locks that SQLite does not have."""
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("runs in the PostgreSQL suite: set DATABASE_URL")


# --- Browser -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for the session, driven by Playwright; skips where none is on PATH."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        missing("Chromium is not on PATH")
    if not (Path(__file__).parent.parent / "static_built" / "css").is_dir():
        missing("front-end assets are not built: run make setup")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def site_url(live_server: Any, area: LocalArea) -> str:
    """The address of the running application; the area's site answers for it."""
    from urllib.parse import urlsplit

    parts = urlsplit(live_server.url)
    area.site.port = parts.port
    area.site.save()
    return f"http://localhost:{parts.port}"


@pytest.fixture(params=[(1280, 900), (320, 640)], ids=["desktop", "phone"])
def screen(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Both screens every journey must work on: width x height in CSS pixels."""
    return request.param


@pytest.fixture
def browse(chromium: Any, site_url: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page of a given size, signed in as a person or nobody.

    A page that logs an error to its console fails the test when it closes.
    """
    contexts: list[Any] = []
    problems: list[str] = []

    def _browse(user: User | None = None, size: tuple[int, int] = (1280, 900)) -> Any:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=site_url,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            context.add_cookies(
                [
                    {
                        "name": name,
                        "value": morsel.value,
                        "domain": "localhost",
                        "path": "/",
                    }
                    for name, morsel in client.cookies.items()
                ]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        return page

    yield _browse
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Return a function that fails on any serious or critical finding of axe on a page."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def _accessible(page: Any) -> None:
        results = axe.run(page)
        serious = [
            f"{violation['id']}: {violation['help']} "
            f"({'; '.join(' '.join(map(str, node['target'])) for node in violation['nodes'][:5])})"
            for violation in results.response["violations"]
            if violation["impact"] in {"serious", "critical"}
        ]
        assert not serious, f"{page.url}\n" + "\n".join(serious)

    return _accessible
