"""The ledger of erasures: a file that outlives the database, so that a restored backup is erased
again. A line holds a pseudonym and an instant, and tells nothing without the database.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from accounts.models import Erasure


def path() -> Path:
    """Return where the ledger is kept."""
    return Path(settings.ERASURE_LEDGER)


def append(lines: Iterable[tuple[UUID, dt.datetime]], *, to: Path | None = None) -> None:
    """Add lines and wait until the disk has them; a line twice does no harm."""
    target = to or path()
    target.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(
        json.dumps({"public_id": str(public_id), "erased_at": erased_at.isoformat()}) + "\n"
        for public_id, erased_at in lines
    )
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(source: Path | None = None) -> dict[UUID, dt.datetime]:
    """Return the erasures of the ledger; a line cut short by a crash is passed over."""
    target = source or path()
    found: dict[UUID, dt.datetime] = {}
    if not target.exists():
        return found
    for line in target.read_text().splitlines():
        try:
            said = json.loads(line)
            found[UUID(said["public_id"])] = dt.datetime.fromisoformat(said["erased_at"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def unwritten() -> list[Erasure]:
    """Return the erasures of the database that the ledger lacks."""
    written = read()
    return [erasure for erasure in Erasure.objects.all() if erasure.public_id not in written]
