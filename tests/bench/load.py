"""The load generator: a process of its own, on a core of its own where there are enough.

Reads one JSON job from standard input, writes one JSON answer. Bounded in time and number, and it
asks 127.0.0.1 only.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import sys
import threading
import time
from typing import Any


def request(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> int:
    """Send one GET and read the whole answer; return its size in bytes. Raises unless it is 200."""
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return len(body)


def latencies(port: int, path: str, headers: dict[str, str], count: int) -> tuple[list[float], int]:
    """Return milliseconds of `count` requests one after another, and the size of a page."""
    taken, size = [], 0
    for _ in range(count):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        started = time.perf_counter()
        size = request(connection, path, headers)
        taken.append((time.perf_counter() - started) * 1000)
        connection.close()
    return taken, size


def throughput(
    port: int, path: str, headers: dict[str, str], clients: int, seconds: float
) -> float:
    """Return requests a second that `clients` clients got in `seconds`."""
    done = [0] * clients
    errors: list[Exception] = []
    ends_at = time.perf_counter() + seconds

    def client(number: int) -> None:
        try:
            while time.perf_counter() < ends_at:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                request(connection, path, headers)
                connection.close()
                done[number] += 1
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(done) / (time.perf_counter() - started)


def main() -> None:
    """Do the job on standard input."""
    job: dict[str, Any] = json.load(sys.stdin)
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 2:
        os.sched_setaffinity(0, {cores[-1]})
    if job["kind"] == "latency":
        taken, size = latencies(job["port"], job["path"], job["headers"], job["count"])
        cuts = statistics.quantiles(taken, n=20)
        answer = {"p50_ms": statistics.median(taken), "p95_ms": cuts[18], "html_bytes": size}
    else:
        answer = {
            "requests_per_second": throughput(
                job["port"], job["path"], job["headers"], job["clients"], job["seconds"]
            )
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
