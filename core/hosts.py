"""Host names: which domain somebody registered. Needs nothing else: settings import it."""

from __future__ import annotations

_SHARED_ENDINGS = {"gov.uk", "nhs.uk", "sch.uk", "org.uk", "co.uk", "ac.uk", "net.uk", "me.uk"}


def registrable(host: str) -> str:
    """Return the domain somebody registered: two labels, or three below a shared ending."""
    labels = host.strip(".").split(":")[0].lower().split(".")
    least = 3 if ".".join(labels[-2:]) in _SHARED_ENDINGS else 2
    return ".".join(labels[-least:])
