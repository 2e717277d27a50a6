"""What stands around the application: database, cache, broker, scanner, mail, backups."""

from __future__ import annotations

import datetime as dt
import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from accounts.overview.findings import Finding, judged
from core.scanning import ScanResult, scan

_BACKUP_IS_OLD = dt.timedelta(hours=26)
_BACKUP_IS_LOST = dt.timedelta(days=3)
_NOT_SHARED = ("locmem", "filebased", "dummy")
_LOCAL_MAIL = {"localhost", "127.0.0.1", "::1", ""}


def surroundings(at: dt.datetime) -> Iterator[Finding]:
    """Yield a finding for each thing the application leans on; some are asked over the network."""
    yield _database()
    yield _cache()
    yield _broker()
    yield _scanner()
    yield _mail()
    yield _backups(at)


def _database() -> Finding:
    red = amber = ""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return judged("database", "Database", red="The database does not answer.")
    if connection.vendor != "postgresql":
        red = "It is not PostgreSQL."
    elif waiting:
        red = f"{len(waiting)} migrations are not applied: run migrate."
    else:
        options = settings.DATABASES["default"].get("OPTIONS", {})
        host = str(settings.DATABASES["default"].get("HOST") or "")
        if host not in _LOCAL_MAIL and not host.startswith("/") and "sslmode" not in options:
            amber = "The line to it need not be encrypted: add ?sslmode=require to DATABASE_URL."
    return judged("database", "Database", red=red, amber=amber, fine="answers, up to date")


def _cache() -> Finding:
    backend = settings.CACHES["default"]["BACKEND"].lower()
    key, word = f"security-overview:{uuid.uuid4()}", "kept"
    red = ""
    if any(kind in backend for kind in _NOT_SHARED):
        red = "Processes do not share it, so rate limits count each of them alone."
    else:
        try:
            cache.set(key, word, 10)
            red = "" if cache.get(key) == word else "It does not keep what is put in."
            cache.delete(key)
        # Each backend raises errors of its own library.
        except Exception as error:  # noqa: BLE001
            red = f"It does not answer ({type(error).__name__})."
    return judged("cache", "Cache", red=red, fine="shared, answers")


def _broker() -> Finding:
    if settings.CELERY_BROKER_URL.startswith(("filesystem", "memory")):
        return judged("broker", "Broker", red="It is a folder on this machine.")
    try:
        with current_app.connection_for_read() as line:
            line.ensure_connection(max_retries=1, timeout=3)
    except (OSError, OperationalError) as error:
        return judged("broker", "Broker", red=f"It does not answer ({type(error).__name__}).")
    return judged("broker", "Broker", fine="answers")


def _scanner() -> Finding:
    if settings.SCANNER == "none":
        return judged("scanner", "Virus scanner", red="Uploads are not scanned: set SCANNER.")
    found = scan(io.BytesIO(b"nothing"), scanner=settings.SCANNER, address=settings.CLAMD_ADDRESS)
    return judged(
        "scanner",
        "Virus scanner",
        red=""
        if found is ScanResult.CLEAN
        else f"It does not answer at {settings.CLAMD_ADDRESS}: uploads wait.",
        fine="answers",
    )


def _mail() -> Finding:
    red = amber = ""
    if "smtp" not in settings.EMAIL_BACKEND and "anymail" not in settings.EMAIL_BACKEND:
        red = "Mail goes to a file or nowhere."
    elif "smtp" in settings.EMAIL_BACKEND and not (
        settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    ):
        open_line = f"Mail to {settings.EMAIL_HOST} is not encrypted: use smtp+tls or smtp+ssl."
        red = "" if settings.EMAIL_HOST in _LOCAL_MAIL else open_line
        amber = open_line
    elif "localhost" in settings.DEFAULT_FROM_EMAIL:
        amber = "DEFAULT_FROM_EMAIL is not set: mail is taken for spam."
    return judged("mail", "Mail", red=red, amber=amber, fine="over TLS")


def _backups(at: dt.datetime) -> Finding:
    named = os.environ.get("BACKUP_STAMP", "")
    if not named:
        return judged(
            "backups",
            "Last backup",
            amber="Not known. Let the backup touch a file, and name it in BACKUP_STAMP.",
        )
    try:
        made = dt.datetime.fromtimestamp(Path(named).stat().st_mtime, tz=dt.UTC)
    except OSError:
        return judged("backups", "Last backup", red=f"There is no file {named}.")
    age = at - made
    said = f"{made:%Y-%m-%d %H:%M} UTC"
    return judged(
        "backups",
        "Last backup",
        red=said if age > _BACKUP_IS_LOST else "",
        amber=said if age > _BACKUP_IS_OLD else "",
        fine=said,
    )
