"""The peer's figures, measured once on a machine of this kind; constants, never re-run.

Moodle 4.5 LTS, tuned (PHP 8.2 with opcache, 8 workers, PostgreSQL 15, Redis), 4 cores; 10,000
users, 20 courses, 60,000 mandatory enrolments, 392,268 activity completions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeerFigures:
    """Milliseconds at one client, requests a second at eight, CPU ms and queries a request."""

    page: str
    p50_ms: float
    p95_ms: float
    requests_per_second: float
    cpu_ms: float
    queries: int


PEER = {
    "sign_in": PeerFigures("sign-in page", 14, 19, 299, 12, 5),
    "my_learning": PeerFigures("learner dashboard (without its 69 ms AJAX)", 79, 97, 45, 82, 61),
    "course": PeerFigures("course page", 67, 88, 63, 58, 38),
    "lesson": PeerFigures("lesson page", 40, 56, 107, 35, 33),
    "team_grid": PeerFigures(
        "completion report, 6,000 enrolled, 25 rows shown", 182, 216, 25, 150, 304
    ),
    "resource_search": PeerFigures("course search", 45, 61, 103, 37, 39),
}
