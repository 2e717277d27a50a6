"""Personal data: copies, requests, legal holds, erasure and retention (docs/privacy/).

What is held is declared by each room (core.registry); this package carries out what the law and
people ask, for all of it alike.
"""

from __future__ import annotations


def begin() -> None:
    """Declare traces and periods, and register what the outbox delivers; for AppConfig.ready."""
    from accounts import library_data, retention
    from accounts.privacy import checks, deliveries, traces

    assert library_data
    assert retention
    assert checks
    assert deliveries
    assert traces
