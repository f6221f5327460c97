"""The defaults of the gates, in one file beside this one, and how a project overrides them."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field

from schemas import Model


class Removals(Model):
    """How many of the parent's records may go."""

    share: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class Filled(Model):
    """How far the share of records with a field may fall."""

    fields: tuple[str, ...]
    fall: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class UnclaimedAmounts(Model):
    """How far the share of amounts that ended in no record may rise."""

    rise: float = Field(ge=0, le=1)
    least: int = Field(ge=0)


class Scores(Model):
    """How far a score on gold data may fall; where lower is better (by the last part of its name), rise."""

    fall: float = Field(ge=0, le=1)
    lower_is_better: tuple[str, ...] = ()


class Report(Model):
    """How much a report shows."""

    listed: int = Field(ge=0)


class GateSettings(Model):
    """All limits; an unknown name is an error, before the first document."""

    removals: Removals
    filled: Filled
    unclaimed: UnclaimedAmounts
    scores: Scores
    report: Report


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
