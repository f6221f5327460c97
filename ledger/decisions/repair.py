"""Mending a damaged log: lines that do not fit are set aside, each with a seam in its place; nothing else moves."""

from dataclasses import dataclass
from pathlib import Path

from ledger.decisions.chain import Chain, Fault, Seam
from ledger.decisions.log import DecisionLog, append_bytes
from ledger.release.durable import replace_bytes
from ledger.release.lines import line_of


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did: the lines it set aside and where they now lie, and the log as it was before."""

    faults: list[Fault]
    aside: Path
    before: Path


def repair(log: DecisionLog, *, time: str) -> Repaired:
    """Set aside each line that is no decision or was altered; leave a seam there, and where lines are missing.

    The log as it was is copied to ``<name>.before-<time>`` first; the lines set aside are added to ``<name>.aside``.

    Args:
        log: the curators' log.
        time: the time of the repair, for the copy's name.
    """
    path = log.path
    aside, before = path.with_name(f"{path.name}.aside"), path.with_name(f"{path.name}.before-{_plain(time)}")
    with log.alone():
        old = path.read_bytes() if path.exists() else b""
        kept, faults, gone = _mended(old.splitlines(keepends=True))
        if faults:
            replace_bytes(before, old)
            append_bytes(aside, b"".join(gone))
            replace_bytes(path, b"".join(kept))
    return Repaired(faults, aside, before)


def _plain(time: str) -> str:
    return "".join(one for one in time if one.isalnum())


def _mended(lines: list[bytes]) -> tuple[list[bytes], list[Fault], list[bytes]]:
    chain, kept, gone = Chain(), list[bytes](), list[bytes]()
    for line in lines:
        known, last = len(chain.faults), chain.last
        list(chain.read([line]))
        for fault in chain.faults[known:]:
            kept.append(line_of(Seam.after(last, b"" if fault.whole else line)).encode() + b"\n")
            gone += [] if fault.whole else [line.rstrip(b"\n") + b"\n"]
        if all(fault.whole for fault in chain.faults[known:]):
            kept.append(line)
    return kept, chain.faults, gone
