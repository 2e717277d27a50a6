"""Building obligations: facts are read set-wise, periods worked out once, only changes written."""

from cpd_tracking.building.build import Built, build_obligations, compare_with_rebuild

__all__ = ["Built", "build_obligations", "compare_with_rebuild"]
