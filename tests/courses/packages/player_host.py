"""A small application around the player, for browser tests: two servers on two host names, and the
attempt endpoints.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.template.loader import render_to_string

from courses.packages import serving
from courses.packages.completion import CompletionRule, rule_for
from courses.packages.inspection import inspect
from courses.packages.launch import Player
from courses.packages.models import new_label
from courses.packages.saving import SaveVerdict, judge_save
from courses.packages.statements import Expectation, judge_statement, preview_max
from courses.packages.store import PackageStore

ROOT = Path(settings.BASE_DIR)
CSRF = "token-of-the-page"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Attempt:
    """What a server would keep of an attempt, and the faults a test wants it to have."""

    expectation: Expectation
    state: str | None = None
    version: int = 0
    save_id: str = ""
    judged: list[Any] = field(default_factory=list)
    raw_statements: list[dict[str, Any]] = field(default_factory=list)
    seen_ids: set[str] = field(default_factory=set)
    fault: int = 0
    summary: dict[str, Any] = field(default_factory=lambda: {"state": "open"})


@dataclass
class PlayerHost:
    """The application (localhost) and the content server (another host name and port)."""

    store: PackageStore
    port: int
    content_port: int
    attempt: Attempt = field(default_factory=lambda: Attempt(Expectation(rule_for("H5P.Tiny"))))
    label: str = ""
    title: str = ""
    is_opaque: bool = True
    last_words: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """Return the application's origin."""
        return f"http://localhost:{self.port}"

    @property
    def content_origin(self) -> str:
        """Return the origin of the label being played."""
        return f"http://{self.label}.content.localhost:{self.content_port}"

    def put(self, file: BinaryIO) -> None:
        """Inspect, unpack and serve an archive as the page's package."""
        report = inspect(file)
        assert report.playable, (report.reasons, report.missing)
        self.store.keep_archive(file)
        self.store.unpack(report)
        by_name = {library.name: library for library in report.libraries}
        self.label, self.title = new_label(), report.title
        serving.write_pointer(
            self.store,
            serving.Pointer(
                label=self.label,
                kind=report.kind.value,
                title=report.title,
                language="en",
                package_sha256=report.sha256,
                main_library=str(report.main_library or ""),
                units=[asdict(unit) for unit in report.units],
                libraries=[
                    serving.ServedLibrary(
                        folder=name.folder,
                        tree_sha256=by_name[name].tree_sha256,
                        scripts=by_name[name].scripts,
                        styles=by_name[name].styles,
                    )
                    for name in report.needs
                ],
            ),
        )
        main = report.main_library
        rule = rule_for(main.machine_name) if main else CompletionRule.SCORM
        self.is_opaque = main is not None
        self.attempt = Attempt(Expectation(rule, report.known_max))

    def player(self) -> Player:
        """Return the player of the page, going on from what is saved."""
        return Player(
            key=self.label,
            title=self.title,
            frame_url=f"{self.content_origin}/embed/",
            statements_url="/attempt/statements",
            state_url="/attempt/state",
            status_url="/attempt/status",
            viewed_url="/attempt/viewed",
            sign_in_url="/sign-in",
            csrf=CSRF,
            state=self.attempt.state,
            version=self.attempt.version,
            finish="",
            frame_origin="null" if self.is_opaque else self.content_origin,
            last_words_url="" if self.is_opaque else f"{self.origin}/last-words/token",
        )

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a post as courses/packages/README.md says."""
        attempt = self.attempt
        if attempt.fault:
            return attempt.fault, {"error": "fault"}
        if path.endswith("/statements"):
            for item in body["statements"]:
                if item["id"] in attempt.seen_ids:
                    continue
                attempt.seen_ids.add(item["id"])
                attempt.raw_statements.append(item["statement"])
                judged = judge_statement(
                    item["statement"],
                    expectation=attempt.expectation,
                    actor="pseudonym",
                    object_id=f"{self.origin}/learning/activity/1",
                    at=dt.datetime.now(dt.UTC),
                    statement_id=uuid.UUID(item["id"]),
                )
                attempt.judged.append(judged)
                if judged.completes:
                    attempt.summary = {
                        "state": "completed",
                        "raw": judged.raw,
                        "max": judged.max,
                        "message": "You have finished this lesson.",
                        "next_url": "/next",
                    }
            return 200, {"accepted": [], "ignored": [], "attempt": attempt.summary}
        verdict = judge_save(
            held_version=attempt.version,
            held_save_id=attempt.save_id,
            based_on=body["based_on"],
            save_id=body["save_id"],
            state=body["state"],
        )
        if verdict is SaveVerdict.STALE:
            return 409, {"error": "stale", "version": attempt.version}
        if verdict is SaveVerdict.STORE:
            attempt.state, attempt.save_id = body["state"], body["save_id"]
            attempt.version += 1
        return 200, {"version": attempt.version}

    @property
    def preview_maxima(self) -> list[float]:
        """Return the maxima that a staff preview would have recorded."""
        seen = (
            preview_max(raw, self.attempt.expectation.rule) for raw in self.attempt.raw_statements
        )
        return [most for most in seen if most is not None]


def _handler(host: PlayerHost) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "sessionid=secret-session; HttpOnly; SameSite=Lax")
            self.send_header("Set-Cookie", "readable=secret-cookie; SameSite=Lax")
            frames = f"http://*.content.localhost:{host.content_port}"
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'self'; frame-src {frames}; frame-ancestors 'none'",
            )
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            host.requests.append(("GET", self.path, dict(self.headers)))
            if self.path.startswith("/static/"):
                name = self.path.removeprefix("/static/").split("?")[0]
                folders = [ROOT / "static_src", ROOT / "static_built"]
                found = [folder / name for folder in folders if (folder / name).is_file()]
                kind = "text/javascript" if name.endswith(".js") else "text/css"
                self.answer(200 if found else 404, found[0].read_bytes() if found else b"", kind)
            elif self.path == "/attempt/status":
                reply = {"csrf": CSRF, "version": host.attempt.version, "attempt": {}}
                self.answer(host.attempt.fault or 200, json.dumps(reply).encode())
            elif self.path == "/":
                self.answer(200, self.page(), "text/html; charset=utf-8")
            else:
                self.answer(404, b"{}")

        def page(self) -> bytes:
            component = render_to_string(
                "components/package_player.html", {"player": host.player()}
            )
            return (
                '<!doctype html><html lang="en"><head><title>Lesson</title>'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                '<link rel="stylesheet" href="/static/css/waymark.css"></head>'
                f'<body><main><a href="/">Back to the course</a>'
                f'<h1 id="secret">Lesson</h1>{component}'
                "</main></body></html>"
            ).encode()

        def do_POST(self) -> None:
            host.requests.append(("POST", self.path, dict(self.headers)))
            length = int(self.headers.get("Content-Length", "0"))
            body = json.loads(self.rfile.read(length) or b"{}")
            if self.path == "/last-words/token":
                host.last_words.append(body)
                self.answer(204, b"")
                return
            if self.headers.get("X-CSRFToken") != CSRF:
                self.answer(403, b'{"error": "csrf"}')
                return
            status, reply = host.take(self.path, body)
            self.answer(status, json.dumps(reply).encode())

    return Handler


@contextmanager
def running_host(folder: Path) -> Iterator[PlayerHost]:
    """Run both servers until the test is done."""
    port, content_port = free_port(), free_port()
    host = PlayerHost(PackageStore(folder), port, content_port)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(host))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with running_content_server(folder, content_port, app_origin=f"http://localhost:{port}"):
            yield host
    finally:
        server.shutdown()


@contextmanager
def running_content_server(folder: Path, port: int, *, app_origin: str) -> Iterator[None]:
    """Run the content server, as production would, over a folder of packages."""
    content = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "config.content_wsgi:application"),
            *("--threads", "8", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"),
        ],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
            "PACKAGE_ROOT": str(folder),
            "CONTENT_HOST": f"content.localhost:{port}",
            "CONTENT_APP_ORIGINS": app_origin,
        },
    )
    try:
        _wait_for(port)
        yield
    finally:
        content.terminate()
        content.wait(timeout=10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the content server did not start")
