"""Everything at once."""

from __future__ import annotations

import datetime as dt

from accounts.overview.accounts_held import accounts_held
from accounts.overview.configuration import configuration
from accounts.overview.findings import Finding
from accounts.overview.surroundings import surroundings


def overview(*, at: dt.datetime) -> list[Finding]:
    """Return every finding, settings first. Nothing is changed; no secret or name is in it."""
    return [*configuration(), *surroundings(at), *accounts_held(at)]
