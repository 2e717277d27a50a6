"""`python -m website.demo.run`: make the demo ready, run all of it, and end all of it together.

`make run` calls this. It brings the database up to date, builds Merrowdale if it is not there,
starts the application, the content server, a worker and beat, and waits for /healthz.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from website.demo.supervisor import AskedToStop, ProcessDied, Supervisor

_BEGAN = time.monotonic()
_READY_WITHIN_SECONDS = 60


class CannotStart(Exception):
    """The demo cannot start here; the message says what to do."""


def main() -> int:
    """Run until Ctrl-C; return the exit code."""
    os.environ.setdefault("WAYMARK_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("PORT", "8000")
    supervisor = Supervisor(logs=Path("var/log"))
    supervisor.listen()
    try:
        port, content_port = _ports()
        _prepare()
        _start(supervisor, port, content_port)
        _wait_until_ready(supervisor, port)
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


# --- making ready ------------------------------------------------------------------------------


def _prepare() -> None:
    _say("Reading the settings")
    import django

    django.setup()
    from django.conf import settings

    from website.demo.guard import require_demo

    require_demo()
    _make_folders()
    _migrate()
    _seed()
    if not settings.DEBUG:
        _collect_static()


def _make_folders() -> None:
    from django.conf import settings

    folders = [settings.VAR_DIR, settings.MEDIA_ROOT, settings.PACKAGE_ROOT]
    folders.append(Path(settings.EMAIL_FILE_PATH))
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    folders += [Path(folder) for folder in options.values() if isinstance(folder, str)]
    for folder in folders:
        Path(folder).mkdir(parents=True, exist_ok=True)


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    _say("Preparing the database")
    call_command("migrate", interactive=False, verbosity=0)


def _seed() -> None:
    from django.core.management import call_command

    from core import clock
    from website.demo.merrowdale import UnableToBuildDemo, build_demo, built_as, point_site_at

    built = built_as()
    stage, seed = built or (
        os.environ.get("WAYMARK_DEMO_STAGE", "year"),
        int(os.environ.get("WAYMARK_DEMO_SEED", "7")),
    )
    if built is None:
        _say("Building Merrowdale, a fictional borough (once; about a minute)")
    try:
        changed = build_demo(stage=stage, seed=seed, today=clock.today(), at=clock.now(), say=_say)
    except UnableToBuildDemo as error:
        raise CannotStart(str(error)) from error
    if changed:
        _say("Filling the search index")
        call_command("update_index", verbosity=0)
    point_site_at(port=int(os.environ["PORT"]))


def _collect_static() -> None:
    """Collect static files if any of ours, or any installed package, has changed."""
    from django.conf import settings
    from django.core.management import call_command

    built = Path(settings.BASE_DIR) / "static_built"
    if not (built / "css").is_dir():
        raise CannotStart("The style sheets are not built yet: run make setup.")
    stamp = Path(settings.VAR_DIR) / "static.stamp"
    now = _fingerprint(built, Path(settings.BASE_DIR) / "requirements")
    root = Path(settings.STATIC_ROOT)
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == now:
        return
    _say("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def _fingerprint(*folders: Path) -> str:
    """Return a digest of every file's name, size and time below the folders."""
    digest = hashlib.sha256()
    for path in _files(*folders):
        facts = path.stat()
        digest.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


# --- running -----------------------------------------------------------------------------------


def _start(supervisor: Supervisor, port: int, content_port: int) -> None:
    _say("Starting application, content server, worker and beat")
    supervisor.start(
        "application",
        [
            "gunicorn",
            "config.wsgi:application",
            *_gunicorn(port),
            "--workers",
            "2",
            "--threads",
            "4",
        ],
    )
    supervisor.start(
        "content-server",
        ["gunicorn", "config.content_wsgi:application", *_gunicorn(content_port), "--threads", "8"],
        env={"DJANGO_SETTINGS_MODULE": "config.settings.content"},
    )
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
    from website.demo.sign_in import offered_cast

    _say("Ready")
    names = "\n".join(f"      {member['name']:<16} {member['role']}" for member in offered_cast())
    print(  # noqa: T201
        f"\n  Waymark is running:  http://localhost:{port}\n\n"
        f"  Sign in with one click at http://localhost:{port}/accounts/login/ as\n{names}\n\n"
        "  Everybody is fictional. Mail is written to var/mail, logs to var/log.\n"
        "  Ctrl-C ends all of it.\n",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
