"""Makes the demo ready: folders, database, Merrowdale, search index, static files.

All of it is idempotent. `is_ready` answers without loading Django, so that a second start is quick.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_STAMP = ROOT / "var" / "demo.stamp"
_APPS = (
    "core", "accounts", "networks", "resources_repo", "courses", "cpd_tracking", "impact", "website"
)  # fmt: skip

Say = Callable[[str], None]


class CannotStart(Exception):
    """The demo cannot start here; the message says what to do."""


def is_ready() -> bool:
    """Whether the last preparation still holds: same code, same assets, demo still in the database.

    Only for SQLite, where asking costs nothing; anywhere else the answer is no.
    """
    if not _STAMP.exists() or _STAMP.read_text() != _state():
        return False
    url = os.environ.get("DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'waymark.sqlite3'}")
    file = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not file.exists():
        return False
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            question = "SELECT 1 FROM accounts_auditevent WHERE verb = 'demo.built' LIMIT 1"
            return connection.execute(question).fetchone() is not None
    except sqlite3.Error:
        return False


def _state() -> str:
    """Return a digest of everything preparation depends on."""
    migrations = [ROOT / app / "migrations" for app in _APPS]
    names = (
        "DATABASE_URL",
        "PORT",
        "DEBUG",
        "DJANGO_SETTINGS_MODULE",
        "MEDIA_ROOT",
        "PACKAGE_ROOT",
    )
    words = ";".join(f"{name}={os.environ.get(name, '')}" for name in names)
    files = _fingerprint(*migrations, ROOT / "static_built", ROOT / "requirements", ROOT / "config")
    return hashlib.sha256(f"{words};{files}".encode()).hexdigest()


def prepare(say: Say) -> None:
    """Bring everything up to date; raises CannotStart, outside demo mode ImproperlyConfigured."""
    import django

    django.setup()
    from django.conf import settings

    from website.demo.guard import require_demo

    require_demo()
    _make_folders()
    _migrate(say)
    _seed(say)
    if not settings.DEBUG:
        _collect_static(say)
    _STAMP.write_text(_state())


def _make_folders() -> None:
    from django.conf import settings

    folders = [settings.VAR_DIR, settings.MEDIA_ROOT, settings.PACKAGE_ROOT]
    folders.append(Path(settings.EMAIL_FILE_PATH))
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    folders += [Path(folder) for folder in options.values() if isinstance(folder, str)]
    for folder in folders:
        Path(folder).mkdir(parents=True, exist_ok=True)


def _migrate(say: Say) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    say("Preparing the database")
    call_command("migrate", interactive=False, verbosity=0)


def _seed(say: Say) -> None:
    from django.core.management import call_command

    from core import clock
    from website.demo.merrowdale import UnableToBuildDemo, build_demo, built_as, point_site_at

    built = built_as()
    stage, seed = built or (
        os.environ.get("WAYMARK_DEMO_STAGE", "year"),
        int(os.environ.get("WAYMARK_DEMO_SEED", "7")),
    )
    if built is None:
        say("Building Merrowdale, a fictional borough (once; about a minute)")
    try:
        changed = build_demo(stage=stage, seed=seed, today=clock.today(), at=clock.now(), say=say)
    except UnableToBuildDemo as error:
        raise CannotStart(str(error)) from error
    if changed:
        say("Filling the search index")
        call_command("update_index", verbosity=0)
    point_site_at(port=int(os.environ["PORT"]))


def _collect_static(say: Say) -> None:
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
    say("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def _fingerprint(*folders: Path) -> str:
    """Return a digest of every file's name, size and time below the folders."""
    digest = hashlib.sha256()
    for path in _files(*folders):
        if "__pycache__" in path.parts:
            continue
        facts = path.stat()
        digest.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(path for path in folder.rglob("*") if path.is_file())
