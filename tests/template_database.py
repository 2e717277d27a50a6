"""One migrated SQLite file that every test run copies, made anew when a migration changes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from core.checks import HOUSE_APPS

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "var" / "test-databases"
_LIBRARIES = ("Django", "wagtail", "django-allauth", "django-taggit", "django-celery-results")


def copy_template(target: Path) -> None:
    """Copy the migrated database to `target`, making it first if no run has done so."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    template = FOLDER / f"{_fingerprint()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            _migrate(template)
    shutil.copyfile(template, target)


def _migrate(template: Path) -> None:
    half = template.with_suffix(".half")
    half.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{half}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
        },
        check=True,
    )
    # Everything into the one file: a copy takes no journal along.
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
            "c.execute('PRAGMA journal_mode=DELETE'); c.execute('VACUUM'); c.close()",
            str(half),
        ],
        check=True,
    )
    half.rename(template)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for app in HOUSE_APPS:
        for path in sorted((ROOT / app / "migrations").glob("*.py")):
            digest.update(f"{app}/{path.name}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
