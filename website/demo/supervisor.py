"""Keeps the demo's processes together: all of them run, or none does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_GRACE_SECONDS = 8
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ProcessDied(Exception):
    """One of the processes ended by itself; the message says which, and its last words."""


class AskedToStop(Exception):
    """Somebody pressed Ctrl-C, or the terminal went away."""


@dataclass
class Supervisor:
    """Starts processes, each in a group and with a log of its own, and ends them all.

    Each child leads its own process group, so that Ctrl-C reaches only us and every grandchild
    (a gunicorn or celery worker) ends with its parent.
    """

    logs: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def listen(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into AskedToStop."""

        def stop(number: int, frame: object) -> None:
            raise AskedToStop(signal.Signals(number).name)

        for number in _SIGNALS:
            signal.signal(number, stop)

    def start(
        self, name: str, command: Sequence[str], env: Mapping[str, str] | None = None
    ) -> None:
        """Start `python -m <command>` under a name."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own interpreter and words
                [sys.executable, "-m", *command],
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def check(self) -> None:
        """Raise ProcessDied if any process has ended."""
        for name, process in self.processes.items():
            code = process.poll()
            if code is not None:
                raise ProcessDied(
                    f"The {name} stopped by itself (exit code {code}). Its last words, from "
                    f"{self.logs / name}.log:\n\n{self._last_words(name)}"
                )

    def watch(self) -> None:
        """Wait until a process ends (ProcessDied) or somebody asks us to stop (AskedToStop)."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """End every process: politely, then, after some seconds, not."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < deadline and any(
            process.poll() is None for process in self.processes.values()
        ):
            time.sleep(0.1)
        self._signal_all(signal.SIGKILL)
        for process in self.processes.values():
            process.wait()

    def _signal_all(self, number: signal.Signals) -> None:
        for process in self.processes.values():
            try:
                # The group outlives its leader while a grandchild is still there.
                os.killpg(process.pid, number)
            except ProcessLookupError:
                continue

    def _last_words(self, name: str, lines: int = 15) -> str:
        log = self.logs / f"{name}.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        return "\n".join(text.splitlines()[-lines:]) or "(nothing)"
