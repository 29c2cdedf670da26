"""A server process under measurement, and what its processes cost."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class Server:
    """A server process under measurement."""

    def __init__(self, url: str, workers: int, folder: Path, *, is_sampled: bool = True) -> None:
        self.samples = folder / f"samples-{workers}-{time.monotonic_ns()}"
        self.samples.mkdir()
        sampled = str(self.samples) if is_sampled else ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fleet_server", url, str(workers), sampled],
            stdout=subprocess.PIPE,
            text=True,
        )
        if self.process.stdout is None:
            raise AssertionError("no standard output")
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rsplit(":", 1)[1])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def profile(self, most: int) -> dict[str, float]:
        """Where its threads were when they were not idle, as shares."""
        total: Counter[str] = Counter()
        for file in self.samples.glob("*.json"):
            total.update(json.loads(file.read_text()))
        count = max(1, total.total())
        return {label: round(value / count, 3) for label, value in total.most_common(most)}


@contextlib.contextmanager
def serving(url: str, workers: int, folder: Path, *, is_sampled: bool = True) -> Iterator[Server]:
    """A server while the block lasts; looking where its time goes is itself some of it."""
    server = Server(url, workers, folder, is_sampled=is_sampled)
    try:
        yield server
    finally:
        server.stop()


def percentiles(name: str, values_s: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(values_s)
    return {
        f"{name}_count": len(ordered),
        f"{name}_p50_ms": round(statistics.median(ordered) * 1000),
        f"{name}_p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000),
    }


def cpu_s(pid: int) -> float:
    """Processor time of a process and its children; 0 where the system does not tell."""
    total = 0.0
    with contextlib.suppress(OSError, ValueError):
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                own = int(path.parent.name) == pid
                if own or pid == int(fields[1]):
                    # Its children that ended stand beside its own.
                    ticks = sum(int(one) for one in fields[11 : 15 if own else 13])
                    total += ticks / os.sysconf("SC_CLK_TCK")
    return total


def resident_mb(pid: int) -> float:
    """Memory of a process and its children, in millions of bytes; 0 where the system does not tell."""
    total = 0
    with contextlib.suppress(OSError, ValueError):
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = path.read_text().rpartition(")")[2].split()
                if pid in (int(path.parent.name), int(fields[1])):
                    total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return round(total / 1e6, 1)
