"""Measure the key pages on 10,000 people; prints JSON with the peer's figures beside ours."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

from tests.bench.peer import PEER
from tests.bench.server import WORKERS, cpu_ms, memory_mb, postgres_cpu_ms, running

DEFAULT_DATABASE = "postgres://postgres@127.0.0.1:5432/waymark_bench"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=100, help="for latency, at one client")
    parser.add_argument("--seconds", type=float, default=4, help="for throughput, at 8 clients")
    parser.add_argument("--repeats", type=int, default=3, help="medians of this many runs")
    parser.add_argument("--database-url", default=DEFAULT_DATABASE)
    parser.add_argument("--jobs-only", action="store_true", help="leave the pages out")
    return parser.parse_args()


def load(job: dict[str, Any]) -> dict[str, float]:
    """Run one job in the load generator's own process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return json.loads(done.stdout)


def measure_page(
    port: int, pid: int, path: str, headers: dict[str, str], options: argparse.Namespace
) -> dict[str, float]:
    """Return medians of several runs of one page."""
    job = {"port": port, "path": path, "headers": headers}
    load({**job, "kind": "latency", "count": 4 * WORKERS})  # warm every worker
    runs = []
    for _ in range(options.repeats):
        before, database_before = cpu_ms(pid), postgres_cpu_ms()
        run = load({**job, "kind": "latency", "count": options.requests})
        run["cpu_ms"] = (cpu_ms(pid) - before) / options.requests
        run["postgres_cpu_ms"] = (postgres_cpu_ms() - database_before) / options.requests
        run |= load({**job, "kind": "throughput", "clients": 8, "seconds": options.seconds})
        runs.append(run)
    return {key: round(statistics.median(run[key] for run in runs), 2) for key in runs[0]}


def main() -> None:
    """Seed, start, measure, print."""
    options = arguments()
    os.environ.update(
        DATABASE_URL=options.database_url,
        DJANGO_SETTINGS_MODULE="config.settings.dev",
        WAYMARK_DEMO="1",
        CELERY_TASK_ALWAYS_EAGER="1",
    )
    from tests.bench import world
    from tests.bench.jobs import JOBS

    say = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: E731, T201
    say("Preparing the database")
    dataset = world.prepare(people=options.people, say=say)
    jobs = {}
    for name, job in JOBS.items():
        say(f"Doing {name}")
        jobs[name] = job()
    pages = {} if options.jobs_only else world.pages()
    queries = {name: world.queries_of(page) for name, page in pages.items()}
    results: dict[str, Any] = {}
    with running({}) as (port, pid):
        idle = memory_mb(pid)
        for name, page in pages.items():
            say(f"Measuring {name}: {page.path}")
            headers = {"Host": f"localhost:{port}", **page.headers}
            ours = measure_page(port, pid, page.path, headers, options)
            ours["queries"] = queries[name]
            peer = asdict(PEER[name]) if name in PEER else None
            results[name] = {"path": page.path, "waymark": ours, "peer": peer}
            if peer:
                results[name]["cpu_share_of_peer"] = round(ours["cpu_ms"] / peer["cpu_ms"], 2)
        growth = memory_mb(pid) - idle
    report = {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "workers": WORKERS,
        "dataset": dataset,
        "memory_growth_mb": round(growth, 1),
        "jobs": jobs,
        "pages": results,
    }
    print(json.dumps(report, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
