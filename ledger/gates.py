"""Gates: what stops a release before it is published, and the records that show why."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from pydantic import Field

from ledger.errors import UnknownGateError
from ledger.reconcile import Reconciled
from schemas import UNSPECIFIED_SECTOR, Change, CooperationRecord, Extraction, Model, Unclaimed
from schemas.release import GateName

GATES: tuple[GateName, ...] = get_args(GateName)
_LEGITIMATE = ("rejected", "merged", "split")
_Judged = tuple[bool, str, float, float]


class RemovalLimits(Model):
    """How many of the parent's records may go."""

    share: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class FilledLimits(Model):
    """How far the share of records with a field may fall."""

    fields: tuple[str, ...]
    fall: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class UnclaimedLimits(Model):
    """How far the share of amounts that ended in no record may rise."""

    rise: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class ScoreLimits(Model):
    """How far a score on gold data may fall; where lower is better (by the last part of its name), rise."""

    fall: float = Field(ge=0, le=1)
    lower_is_better: tuple[str, ...] = ()


class ReportLimits(Model):
    """How much a report shows."""

    listed: int = Field(ge=0)


class GateSettings(Model):
    """All limits; an unknown name is an error, before the first document."""

    removals: RemovalLimits
    filled: FilledLimits
    unclaimed: UnclaimedLimits
    scores: ScoreLimits
    report: ReportLimits


def gate_settings(overrides: Mapping[str, Mapping[str, Any]] | Path | None = None) -> GateSettings:
    """Read the defaults, with what a project overrides: a mapping, or a TOML file of the same shape.

    Raises:
        pydantic.ValidationError: a name is unknown or a value out of range.
        tomllib.TOMLDecodeError: the file is no TOML.
    """
    settings = tomllib.loads((files("ledger") / "gates.toml").read_text(encoding="utf-8"))
    if isinstance(overrides, Path):
        overrides = tomllib.loads(overrides.read_text(encoding="utf-8"))
    for name, values in (overrides or {}).items():
        settings[name] = {**settings.get(name, {}), **values}
    return GateSettings.model_validate(settings)


def check_gate_names(accept: Collection[str]) -> None:
    """Refuse the name of a gate that there is not. Raises UnknownGateError."""
    if unknown := sorted(set(accept) - set(GATES)):
        raise UnknownGateError(f"no such gate: {', '.join(unknown)} (there are {', '.join(GATES)})")


@dataclass(frozen=True, slots=True)
class GateResult:
    """What a gate found. ``offending`` shows the records (or scores) behind it, at most as many as are listed."""

    name: GateName
    passed: bool
    detail: str
    measured: float
    limit: float
    accepted: bool = False
    offending: tuple[dict[str, Any], ...] = ()

    @property
    def stops(self) -> bool:
        """Return whether nothing may be published."""
        return not self.passed and not self.accepted

    def as_dict(self) -> dict[str, Any]:
        """Return the line of the manifest: all but the offending records."""
        return {name: value for name, value in asdict(self).items() if name != "offending"}


class GateWatch:
    """Watches a release being made, document by document, in little memory."""

    def __init__(self, settings: GateSettings | None = None) -> None:
        self._settings = settings or gate_settings()
        self._parent_records = self._removed = 0
        self._before, self._after = Counter[str](), Counter[str]()
        self._offending: dict[str, list[dict[str, Any]]] = {name: [] for name in GATES}

    def document(self, before: Extraction | None, after: Reconciled) -> None:
        """Watch one document. Records that a curator decided about count on neither side.

        Args:
            before: what the parent release holds of it (None: nothing).
            after: what was reconciled; for an unchanged document its records and leftovers, without changes.
        """
        decided = _decided(before, after)
        old = [one for one in before.records if one.record_id not in decided] if before else []
        self._parent_records += len(old)
        for change in after.changes:
            if change.record_id not in decided:
                self._removal(change)
                self._emptying(change)
        if before is None or any(change.reason == "source_gone" for change in after.changes):
            return
        new = [one for one in after.records if one.record_id not in decided]
        self._before.update(self._counted(old, before.unclaimed))
        self._after.update(self._counted(new, after.unclaimed))
        self._leftovers(before, after)

    def results(
        self,
        *,
        scores: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
        accept: Collection[str] = (),
    ) -> tuple[GateResult, ...]:
        """Judge what was watched.

        Args:
            scores: on gold data, of the parent release and of this one; nested mappings of numbers.
            accept: names of gates that may fail.

        Raises:
            UnknownGateError: ``accept`` names no gate.
        """
        check_gate_names(accept)
        judged = (self._removals(), self._filled(), self._unclaimed(), self._scores(*scores))
        return tuple(
            GateResult(name, passed, detail, measured, limit, name in accept, tuple(self._offending[name]))
            for name, (passed, detail, measured, limit) in zip(GATES, judged, strict=True)
        )

    def _counted(self, records: Iterable[CooperationRecord], unclaimed: Iterable[Unclaimed]) -> Iterator[str]:
        """Name all that is counted of a side, each as often as it is there."""
        for record in records:
            yield "records"
            yield from (name for name in self._settings.filled.fields if filled(record, name))
            if record.amount is not None:
                yield "claimed"
        yield from ("unclaimed" for one in unclaimed if one.mention == "amount")

    def _removal(self, change: Change) -> None:
        if change.change == "removed" and change.reason not in _LEGITIMATE:
            self._removed += 1
            self._list("removals", {**_excerpt(change.before), "cause": change.cause, "reason": change.reason})

    def _emptying(self, change: Change) -> None:
        if change.change != "changed" or change.before is None or change.after is None:
            return
        for name in self._settings.filled.fields:
            if _has(change.before, name) and not _has(change.after, name):
                lost = {"field": name, "before": change.before[name], "cause": change.cause}
                self._list("filled", {**_excerpt(change.after), **lost})

    def _leftovers(self, before: Extraction, after: Reconciled) -> None:
        known = {one.span.text for one in before.unclaimed if one.mention == "amount"}
        for one in after.unclaimed:
            if one.mention == "amount" and one.span.text not in known:
                self._list("unclaimed", one.model_dump(mode="json"))

    def _list(self, gate: GateName, row: dict[str, Any]) -> None:
        if len(self._offending[gate]) < self._settings.report.listed:
            self._offending[gate].append(row)

    def _removals(self) -> _Judged:
        limits = self._settings.removals
        share = _share(self._removed, self._parent_records)
        passed = share <= limits.share or self._removed < limits.least
        detail = f"{self._removed} of {self._parent_records} records are gone ({share:.1%})"
        return passed, detail, share, limits.share

    def _filled(self) -> _Judged:
        limits, records = self._settings.filled, self._after["records"]
        if not records:
            return True, "no records in both releases", 0.0, limits.fall
        before = {name: _share(self._before[name], self._before["records"]) for name in limits.fields}
        after = {name: _share(self._after[name], records) for name in limits.fields}
        falls = {name: before[name] - after[name] for name in limits.fields}
        lost = {name: round(fall * records) for name, fall in falls.items()}
        failed = [name for name, fall in falls.items() if fall > limits.fall and lost[name] >= limits.least]
        shown = failed or [max(falls, key=falls.__getitem__)] if falls else []
        detail = "; ".join(f"{one}: {before[one]:.1%}, now {after[one]:.1%}" for one in shown)
        return not failed, detail, max(falls.values(), default=0.0), limits.fall

    def _unclaimed(self) -> _Judged:
        limits, sides = self._settings.unclaimed, (self._before, self._after)
        before, after = (_share(one["unclaimed"], one["unclaimed"] + one["claimed"]) for one in sides)
        more = self._after["unclaimed"] - self._before["unclaimed"]
        passed = after - before <= limits.rise or more < limits.least
        detail = f"{before:.1%} of amounts ended in no record, now {after:.1%}"
        return passed, detail, after - before, limits.rise

    def _scores(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> _Judged:
        limits = self._settings.scores
        old, new = dict(_shares(before)), dict(_shares(after))
        worse = {
            name: (new[name] - old[name]) * (1 if name.rpartition(".")[2] in limits.lower_is_better else -1)
            for name in old.keys() & new.keys()
        }
        failed = sorted(name for name, fall in worse.items() if fall > limits.fall)
        for name in failed:
            self._list("scores", {"score": name, "before": old[name], "now": new[name]})
        falls = [f"{name}: {old[name]:.3f}, now {new[name]:.3f}" for name in failed]
        detail = "; ".join(falls) or f"{len(worse)} scores compared"
        return not failed, detail, max(worse.values(), default=0.0), limits.fall


def _decided(before: Extraction | None, after: Reconciled) -> set[str]:
    """Name the records that a curator's word is about, taken back or not: what became of them is no fault of a run.

    A record that the machine no longer reads is not among them, though somebody accepted it: that is a run's loss.
    """
    judged = [*(before.records if before else ()), *after.records]
    named = {one.record_id for one in judged if one.review.state != "unreviewed"}
    named |= {one.record_id for one in after.merged}
    lost = {one.record_id for one in after.changes if one.change == "removed" and one.cause != "decision"}
    return (named | {one.record_id for one in after.changes if one.cause == "decision"}) - lost


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def filled(record: CooperationRecord, name: str) -> bool:
    """Return whether a record has a field; an unspecified sector is none."""
    return getattr(record, name) is not None and (name != "sector" or record.sector.code != UNSPECIFIED_SECTOR)


def _has(record: Mapping[str, Any], name: str) -> bool:
    value = record.get(name)
    return value is not None and not (name == "sector" and value.get("code") == UNSPECIFIED_SECTOR)


def _excerpt(record: Mapping[str, Any] | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        "record_id": record["record_id"],
        "document_id": record["document_id"],
        "evidence": record["evidence"]["text"],
    }


def _shares(scores: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for path, value in scores_of(scores):
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            yield ".".join(path), float(value)


def scores_of(scores: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """List nested scores, each with the names that lead to it."""
    for key, value in scores.items():
        if isinstance(value, Mapping):
            yield from scores_of(value, *path, str(key))
        else:
            yield (*path, str(key)), value
