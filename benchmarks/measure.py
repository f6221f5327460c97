"""Run a command and measure it: wall time, processor time, and the peak memory of its largest process."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Measured:
    seconds: float
    cpu: float
    peak: float  # MiB, of the largest process of the tree
    status: int

    def __str__(self) -> str:
        times = f"{self.seconds:8.1f} s wall, {self.cpu:8.1f} s processor"
        return f"{times}, {self.peak:6.0f} MiB at most, status {self.status}"


def measure(command: Sequence[str], log: Path) -> Measured:
    started = time.perf_counter()
    cpu: dict[int, float] = {}
    peak = 0.0
    with log.open("ab") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
        root = psutil.Process(process.pid)
        while process.poll() is None:
            for one in _tree(root):
                try:
                    times, memory = one.cpu_times(), one.memory_info()
                except psutil.NoSuchProcess:
                    continue
                cpu[one.pid] = times.user + times.system
                peak = max(peak, memory.rss / MIB)
            time.sleep(0.1)
    return Measured(time.perf_counter() - started, sum(cpu.values()), peak, process.returncode)


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def coopledger(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flows", *arguments]
