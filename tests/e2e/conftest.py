"""The running demo for the journeys: a small Merrowdale, built once, and a server a test.

The journeys run against the real thing: the application and the content server as `make run`
starts them, on a copy of a database that `seed_demo --stage sample` has built.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
READY_WITHIN_SECONDS = 60


def _environment(folder: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "WAYMARK_DEMO": "1",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'waymark.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "PACKAGE_ROOT": str(folder / "packages"),
        "CACHE_URL": f"filecache://{folder / 'cache'}",
        "CELERY_TASK_ALWAYS_EAGER": "1",
        "PORT": str(port),
        "CONTENT_PORT": str(port + 1),
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="session")
def small_merrowdale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeded database, media and packages; built once for all workers.

    While writing journeys, WAYMARK_E2E_FOLDER may name one that was built before.
    """
    if os.environ.get("WAYMARK_E2E_FOLDER"):
        return Path(os.environ["WAYMARK_E2E_FOLDER"])
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    folder = base / "small-merrowdale"
    folder.mkdir(exist_ok=True)
    with (base / "small-merrowdale.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            for command in (
                ["migrate", "--verbosity", "0"],
                ["seed_demo", "--stage", "sample"],
                ["update_index", "--verbosity", "0"],
            ):
                done = subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=ROOT,
                    env=_environment(folder, 8000),
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == 0, done.stdout + done.stderr
            (folder / "ready").touch()
    return folder


def _two_ports() -> int:
    """Return a port that is free, and the next one too."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return int(port)
    raise RuntimeError("There are no two free ports side by side.")


@dataclass
class Server:
    """A running demo: its address and its folder."""

    url: str
    folder: Path


@pytest.fixture
def merrowdale(small_merrowdale: Path, tmp_path: Path) -> Iterator[Server]:
    """A demo of the test's own: application and content server on a copy of the database."""
    folder = tmp_path / "merrowdale"
    shutil.copytree(small_merrowdale, folder)
    port = _two_ports()
    environment = _environment(folder, port)
    with contextlib.ExitStack() as stack:
        for name, number, module, settings in (
            ("application", port, "config.wsgi", environment["DJANGO_SETTINGS_MODULE"]),
            ("content", port + 1, "config.content_wsgi", "config.settings.content"),
        ):
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(
                [
                    sys.executable, "-m", "gunicorn", f"{module}:application",
                    "--bind", f"127.0.0.1:{number}",
                    "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "1",
                ],
                cwd=ROOT,
                env={**environment, "DJANGO_SETTINGS_MODULE": settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.terminate)
        _wait_for(f"http://127.0.0.1:{port}/healthz", folder / "application.log")
        yield Server(f"http://localhost:{port}", folder)


def _wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"The demo did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def visit(chromium: Any, merrowdale: Server) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a browser of a given size, signed in by one click.

    A page that throws an error fails the test at its end.
    """
    contexts: list[Any] = []
    problems: list[str] = []

    def _visit(person: str | None = None, size: tuple[int, int] = (1280, 900)) -> Any:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            base_url=merrowdale.url,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "response",
            lambda answer: (
                problems.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )
        if person is not None:
            page.goto("/accounts/login/")
            page.get_by_role("button", name=person).press("Enter")
            page.get_by_role("heading", level=1, name=person.split()[0]).wait_for()
        return page

    yield _visit
    for context in contexts:
        context.close()
    assert not problems, problems


@pytest.fixture
def good(accessible: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a function that checks a screen: axe, one heading, nothing wider than the window."""

    def _good(page: Any) -> None:
        accessible(page)
        assert page.locator("h1").count() == 1, f"{page.url} needs one main heading"
        wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{page.url} is {wide} px wider than the window"

    return _good
