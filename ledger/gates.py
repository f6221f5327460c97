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
_EXPECTED_REASONS = ("rejected", "merged", "split")
_Judgement = tuple[bool, str, float, float]


class RemovalLimits(Model):
    """How many of the parent's records may be removed: a share, and a number below which the gate never fails."""

    share: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class FilledLimits(Model):
    """How far the share of records that have a field may fall."""

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
    """The limits of all gates; an unknown name is an error."""

    removals: RemovalLimits
    filled: FilledLimits
    unclaimed: UnclaimedLimits
    scores: ScoreLimits
    report: ReportLimits


def gate_settings(overrides: Mapping[str, Mapping[str, Any]] | Path | None = None) -> GateSettings:
    """Return the default limits, updated with ``overrides``: a mapping, or a TOML file of the same shape.

    Raises:
        ValueError: a value stands where the table of a gate belongs.
        pydantic.ValidationError: a name is unknown or a value out of range.
        tomllib.TOMLDecodeError: the file is not TOML.
    """
    settings = tomllib.loads((files("ledger") / "gates.toml").read_text(encoding="utf-8"))
    if isinstance(overrides, Path):
        overrides = tomllib.loads(overrides.read_text(encoding="utf-8"))
    for name, values in (overrides or {}).items():
        if not isinstance(values, Mapping):
            raise ValueError(f"{name} = {values!r} stands under no gate's name: write [removals] or another above it")
        settings[name] = {**settings.get(name, {}), **values}
    return GateSettings.model_validate(settings)


def check_gate_names(accept: Collection[str]) -> None:
    """Raise UnknownGateError if a name is not that of a gate."""
    if unknown := sorted(set(accept) - set(GATES)):
        raise UnknownGateError(f"no such gate: {', '.join(unknown)} (there are {', '.join(GATES)})")


@dataclass(frozen=True, slots=True)
class GateResult:
    """The result of one gate; ``offending`` holds the records or scores behind it, at most ``report.listed``."""

    name: GateName
    passed: bool
    detail: str
    measured: float
    limit: float
    accepted: bool = False
    offending: tuple[dict[str, Any], ...] = ()

    @property
    def stops(self) -> bool:
        """Whether this result prevents publishing."""
        return not self.passed and not self.accepted

    def as_dict(self) -> dict[str, Any]:
        """Return the entry for the manifest: everything but the offending records."""
        return {name: value for name, value in asdict(self).items() if name != "offending"}


class GateWatch:
    """Collects what the gates measure while a release is written, document by document, in bounded memory."""

    def __init__(self, settings: GateSettings | None = None) -> None:
        self._settings = settings or gate_settings()
        self._parent_records = self._removed = 0
        self._before, self._after = Counter[str](), Counter[str]()
        self._offending: dict[str, list[dict[str, Any]]] = {name: [] for name in GATES}

    def document(self, before: Extraction | None, after: Reconciled) -> None:
        """Measure one document. Records with a curator's decision are left out of both sides.

        Args:
            before: the document in the parent release; None where it is not there.
            after: the reconciled document; an unchanged one has records and unclaimed mentions but no changes.
        """
        decided = _decided_ids(before, after)
        old = [one for one in before.records if one.record_id not in decided] if before else []
        self._parent_records += len(old)
        for change in after.changes:
            if change.record_id not in decided:
                self._note_removal(change)
                self._note_lost_fields(change)
        if before is None or any(change.reason == "source_gone" for change in after.changes):
            return
        new = [one for one in after.records if one.record_id not in decided]
        self._before.update(self._counted_names(old, before.unclaimed))
        self._after.update(self._counted_names(new, after.unclaimed))
        self._note_new_unclaimed(before, after)

    def results(
        self,
        *,
        scores: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
        accept: Collection[str] = (),
    ) -> tuple[GateResult, ...]:
        """Return the result of each gate, in the order of GATES.

        Args:
            scores: scores on gold data of the parent release and of this one, as nested mappings of numbers.
            accept: names of gates that may fail.

        Raises:
            UnknownGateError: ``accept`` holds a name that is not a gate's.
        """
        check_gate_names(accept)
        judged = (self._judge_removals(), self._judge_filled(), self._judge_unclaimed(), self._judge_scores(*scores))
        return tuple(
            GateResult(name, passed, detail, measured, limit, name in accept, tuple(self._offending[name]))
            for name, (passed, detail, measured, limit) in zip(GATES, judged, strict=True)
        )

    def _counted_names(self, records: Iterable[CooperationRecord], unclaimed: Iterable[Unclaimed]) -> Iterator[str]:
        """Yield the name of each counter to raise by one, for each record and unclaimed amount of one side."""
        for record in records:
            yield "records"
            yield from (name for name in self._settings.filled.fields if has_field(record, name))
            if record.amount is not None:
                yield "claimed"
        yield from ("unclaimed" for one in unclaimed if one.mention == "amount")

    def _note_removal(self, change: Change) -> None:
        if change.change == "removed" and change.reason not in _EXPECTED_REASONS:
            self._removed += 1
            self._add_offending("removals", {**_excerpt(change.before), "cause": change.cause, "reason": change.reason})

    def _note_lost_fields(self, change: Change) -> None:
        if change.change != "changed" or change.before is None or change.after is None:
            return
        for name in self._settings.filled.fields:
            if _has_json_field(change.before, name) and not _has_json_field(change.after, name):
                lost = {"field": name, "before": change.before[name], "cause": change.cause}
                self._add_offending("filled", {**_excerpt(change.after), **lost})

    def _note_new_unclaimed(self, before: Extraction, after: Reconciled) -> None:
        old_texts = {one.span.text for one in before.unclaimed if one.mention == "amount"}
        for one in after.unclaimed:
            if one.mention == "amount" and one.span.text not in old_texts:
                self._add_offending("unclaimed", one.model_dump(mode="json"))

    def _add_offending(self, gate: GateName, row: dict[str, Any]) -> None:
        if len(self._offending[gate]) < self._settings.report.listed:
            self._offending[gate].append(row)

    def _judge_removals(self) -> _Judgement:
        limits = self._settings.removals
        share = _share(self._removed, self._parent_records)
        passed = share <= limits.share or self._removed < limits.least
        detail = f"{self._removed} of {self._parent_records} records are gone ({share:.1%})"
        return passed, detail, share, limits.share

    def _judge_filled(self) -> _Judgement:
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

    def _judge_unclaimed(self) -> _Judgement:
        limits, sides = self._settings.unclaimed, (self._before, self._after)
        before, after = (_share(one["unclaimed"], one["unclaimed"] + one["claimed"]) for one in sides)
        more = self._after["unclaimed"] - self._before["unclaimed"]
        passed = after - before <= limits.rise or more < limits.least
        detail = f"{before:.1%} of amounts ended in no record, now {after:.1%}"
        return passed, detail, after - before, limits.rise

    def _judge_scores(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> _Judgement:
        limits = self._settings.scores
        old, new = dict(_unit_scores(before)), dict(_unit_scores(after))
        worse = {
            name: (new[name] - old[name]) * (1 if name.rpartition(".")[2] in limits.lower_is_better else -1)
            for name in old.keys() & new.keys()
        }
        failed = sorted(name for name, fall in worse.items() if fall > limits.fall)
        for name in failed:
            self._add_offending("scores", {"score": name, "before": old[name], "now": new[name]})
        falls = [f"{name}: {old[name]:.3f}, now {new[name]:.3f}" for name in failed]
        detail = "; ".join(falls) or f"{len(worse)} scores compared"
        return not failed, detail, max(worse.values(), default=0.0), limits.fall


def _decided_ids(before: Extraction | None, after: Reconciled) -> set[str]:
    """Return the ids of records with a decision, undone or not: the gates do not blame the run for their changes.

    A record that is no longer extracted is left out even if a curator accepted it: that loss is the run's.
    """
    both = [*(before.records if before else ()), *after.records]
    decided = {one.record_id for one in both if one.review.state != "unreviewed"}
    decided |= {one.record_id for one in after.merged}
    lost = {one.record_id for one in after.changes if one.change == "removed" and one.cause != "decision"}
    return (decided | {one.record_id for one in after.changes if one.cause == "decision"}) - lost


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def has_field(record: CooperationRecord, name: str) -> bool:
    """Return whether a record has a field; an unspecified sector counts as missing."""
    return getattr(record, name) is not None and (name != "sector" or record.sector.code != UNSPECIFIED_SECTOR)


def _has_json_field(record: Mapping[str, Any], name: str) -> bool:
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


def _unit_scores(scores: Mapping[str, Any]) -> Iterable[tuple[str, float]]:
    for path, value in flat_scores(scores):
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
            yield ".".join(path), float(value)


def flat_scores(scores: Mapping[str, Any], *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """List nested scores, each with the path of names that leads to it."""
    for key, value in scores.items():
        if isinstance(value, Mapping):
            yield from flat_scores(value, *path, str(key))
        else:
            yield (*path, str(key)), value
