"""How safely this installation runs: settings, services around it, accounts and what waits."""

from accounts.overview.findings import Finding, Level
from accounts.overview.overview import overview

__all__ = ["Finding", "Level", "overview"]
