"""What the benchmarks share: a command measured, times summed up, figures told in lines of JSON."""

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


def say(**figures: Any) -> None:
    """Print figures as a line of JSON."""
    print(json.dumps(figures), flush=True)


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Return how many times were taken, their median, 95th percentile and worst, in milliseconds."""
    order = sorted(1e3 * one for one in seconds)
    found = {
        "median_ms": statistics.median(order),
        "p95_ms": order[int(0.95 * (len(order) - 1))],
        "worst_ms": order[-1],
    }
    return {"count": len(order), **{name: round(value, 1) for name, value in found.items()}}


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    cpu: float
    peak: float  # MiB, of the largest process of the tree
    status: int

    def __str__(self) -> str:
        times = f"{self.seconds:8.1f} s wall, {self.cpu:8.1f} s processor"
        return f"{times}, {self.peak:6.0f} MiB at most, status {self.status}"


def measure(command: Sequence[str], log: Path, so_far: Path | None = None) -> Measured:
    """Run a command and measure it.

    Args:
        command: what is run.
        log: the file to which its output is added.
        so_far: keeps what was measured; what an earlier call measured before it was broken off is added.
    """
    before = json.loads(so_far.read_text("utf-8")) if so_far and so_far.exists() else {}
    earlier = Measured(**before) if before else Measured(0.0, 0.0, 0.0, 0)
    started = time.perf_counter()
    cpu: dict[int, float] = {}
    peak = earlier.peak

    def measured(status: int) -> Measured:
        seconds = earlier.seconds + time.perf_counter() - started
        found = Measured(seconds, earlier.cpu + sum(cpu.values()), peak, status)
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
    """Return the most that a process has held so far; what it holds now where the system keeps no such figure."""
    status = Path(f"/proc/{process.pid}/status")
    if status.parent.parent.exists():
        kept = [line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM:")]
        return int(kept[0].split()[1]) / 1024 if kept else 0.0  # one that has ended holds nothing
    return float(process.memory_info().rss) / MIB


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def coopledger(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "coopledger", *arguments]
