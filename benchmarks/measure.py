"""What the benchmarks share: measure a command, summarise times, print figures as lines of JSON."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

MIB = 2**20


def print_json(**figures: Any) -> None:
    """Print figures as a line of JSON."""
    print(json.dumps(figures), flush=True)


def timing_summary(seconds: Sequence[float]) -> dict[str, float]:
    """Return the number of times, and their median, 95th percentile and worst, in milliseconds."""
    order = sorted(1e3 * one for one in seconds)
    found = {
        "median_ms": statistics.median(order),
        "p95_ms": order[int(0.95 * (len(order) - 1))],
        "worst_ms": order[-1],
    }
    return {"count": len(order), **{name: round(value, 1) for name, value in found.items()}}


@dataclass(frozen=True, slots=True)
class Measurement:
    seconds: float
    cpu: float
    peak: float  # MiB, of the largest process of the tree
    status: int

    def __str__(self) -> str:
        times = f"{self.seconds:8.1f} s wall, {self.cpu:8.1f} s processor"
        return f"{times}, {self.peak:6.0f} MiB at most, status {self.status}"


def measure(command: Sequence[str], log: Path, so_far: Path | None = None) -> Measurement:
    """Run a command and measure it.

    Args:
        command: program and arguments.
        log: the file to which the output is appended.
        so_far: a file that keeps the measurement; that of an earlier, interrupted call is added.
    """
    before = json.loads(so_far.read_text("utf-8")) if so_far and so_far.exists() else {}
    earlier = Measurement(**before) if before else Measurement(0.0, 0.0, 0.0, 0)
    started = time.perf_counter()
    cpu: dict[int, float] = {}
    peak = earlier.peak

    def measured(status: int) -> Measurement:
        seconds = earlier.seconds + time.perf_counter() - started
        found = Measurement(seconds, earlier.cpu + sum(cpu.values()), peak, status)
        if so_far:
            new = so_far.with_suffix(".new")
            new.write_text(json.dumps(asdict(found)), "utf-8")
            new.replace(so_far)
        return found

    with log.open("ab") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
        root = psutil.Process(process.pid)
        while process.poll() is None:
            for one in _tree(root):
                try:
                    times, most = one.cpu_times(), _peak(one)
                except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
                    continue
                cpu[one.pid] = times.user + times.system
                peak = max(peak, most)
            measured(-1)
            time.sleep(0.1)
    return measured(process.returncode)


def _peak(process: psutil.Process) -> float:
    """Return a process's peak memory in MiB; its present memory where the system does not record the peak."""
    status = Path(f"/proc/{process.pid}/status")
    if status.parent.parent.exists():
        kept = [line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:")]
        return int(kept[0].split()[1]) / 1024 if kept else 0.0  # the process has ended
    return float(process.memory_info().rss) / MIB


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def coopledger(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "coopledger", *arguments]
