"""`python -m website.demo.run`: make the demo ready, run all of it, and end all of it together.

`make run` calls this. It brings the database up to date, builds Merrowdale if it is not there,
starts the application, the content server, a worker and beat, and waits for /healthz.
"""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.error
import urllib.request

from website.demo.prepare import ROOT, CannotStart, is_ready, prepare
from website.demo.supervisor import AskedToStop, ProcessDied, Supervisor

_BEGAN = time.monotonic()
_READY_WITHIN_SECONDS = 60


def main() -> int:
    """Run until Ctrl-C; return the exit code."""
    os.environ.setdefault("WAYMARK_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("PORT", "8000")
    supervisor = Supervisor(logs=ROOT / "var" / "log")
    supervisor.listen()
    try:
        port, content_port = _ports()
        if not is_ready():
            _say("Reading the settings")
            prepare(_say)
        _say("Starting the application and the content server")
        _start_servers(supervisor, port, content_port)
        _wait_until_ready(supervisor, port)
        # After the application, so that the first page does not wait for them.
        _start_background(supervisor)
        _welcome(port)
        supervisor.watch()
    except AskedToStop:
        _say("Stopping.")
        return 0
    except (CannotStart, ProcessDied) as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)  # noqa: T201
        return 1
    finally:
        supervisor.stop()
    return 0


def _say(line: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:5.1f} s] {line}", flush=True)  # noqa: T201


def _ports() -> tuple[int, int]:
    port = int(os.environ["PORT"])
    content_port = int(os.environ.get("CONTENT_PORT", port + 1))
    for number in (port, content_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                raise CannotStart(
                    f"Port {number} is in use. Stop what uses it, or choose another pair: "
                    "PORT=8100 make run"
                ) from error
    return port, content_port


# --- running -----------------------------------------------------------------------------------


def _start_servers(supervisor: Supervisor, port: int, content_port: int) -> None:
    application = ["gunicorn", "config.wsgi:application", *_gunicorn(port)]
    supervisor.start("application", [*application, "--preload", "--workers", "2", "--threads", "4"])
    supervisor.start(
        "content-server",
        ["gunicorn", "config.content_wsgi:application", *_gunicorn(content_port), "--threads", "8"],
        env={"DJANGO_SETTINGS_MODULE": "config.settings.content"},
    )


def _start_background(supervisor: Supervisor) -> None:
    celery = ["celery", "--app", "config"]
    supervisor.start("worker", [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"])
    supervisor.start("beat", [*celery, "beat", "--loglevel", "WARNING"])


def _gunicorn(port: int) -> list[str]:
    return [
        "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread",
        "--graceful-timeout", "5",
        "--log-level", "warning",
    ]  # fmt: skip


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        supervisor.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CannotStart(
        f"Nothing answered on port {port} within {_READY_WITHIN_SECONDS} seconds: "
        "see var/log/application.log"
    )


def _welcome(port: int) -> None:
    _say("Ready")
    address = f"http://localhost:{port}"
    print(  # noqa: T201
        f"\n  Waymark is running:  {address}\n\n"
        f"  Sign in with one click at {address}/accounts/login/ as Tom (teaching assistant),\n"
        "  Priya (network lead), Colm (team manager), Ruth (director), Nadia (SENCO) or another.\n"
        "  Everybody is fictional. Mail is written to var/mail, logs to var/log.\n\n"
        "  Ctrl-C ends all of it.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
