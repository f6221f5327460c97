"""The second look: how likely a whole candidate record is right, and each of its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from extractors.headline.model import Confidences, curve_of
from extractors.headline.trees import Trees, trees_of
from extractors.reader.acts import Filler
from extractors.reader.files import JUDGE
from extractors.reader.labels import Role
from extractors.records.features import features
from extractors.records.instances import Instance

JUDGED = ("record", "actor", "partner", "year", "amount", "sector")


@dataclass(frozen=True)
class Judge:
    """Trees over the whole record, and a calibrated curve for it and for each field."""

    trees: Trees
    curves: Mapping[str, Confidences]

    def odds(self, found: Sequence[Instance], text: str) -> NDArray[np.float64]:
        """Return the log odds that each candidate record of a document is right."""
        return self.trees.log_odds(features(found, text)) if found else np.zeros(0)

    def confidences(self, one: Instance, odds: float) -> dict[str, float]:
        """Return the probability that the record and each field that it has is right."""
        told = field_signals(one, odds)
        return {name: self.curves[name].of(told[name]) for name in JUDGED if name in told}


def field_signals(one: Instance, odds: float) -> dict[str, tuple[float, ...]]:
    """Return for the record and each of its fields what its confidence goes by."""
    found: dict[str, tuple[float, ...]] = {
        "record": (odds,),
        "actor": (odds, _logit(one.actor_likely), float(one.actor_rank > 0)),
        "partner": (odds, _logit(one.partner_likely), float(one.partner is None)),
        "year": (odds, _told(one.year, one, "year"), float(one.year is None)),
        "amount": (odds, _told(one.amount, one, "amount"), float(one.amount is None)),
        "sector": (odds, _logit(max(one.act.sectors.values())), 0.0),
    }  # fmt: skip
    return found


def _told(filler: Filler | None, one: Instance, role: Role) -> float:
    """How sure the reader is of a value, or of there being none."""
    fillers = one.act.fillers[role]
    return _logit(filler.likely if filler else 1 - (fillers[0].likely if fillers else 0.0))


def _logit(share: float) -> float:
    share = min(max(share, 1e-4), 1 - 1e-4)
    return float(np.log(share / (1 - share)))


def load_judge(folder: Traversable) -> Judge:
    """Return the judge that a reader's folder holds."""
    with folder.joinpath(JUDGE).open("rb") as file, np.load(file) as arrays:
        kept = dict(arrays)
    return Judge(trees_of(kept, "record"), {name: curve_of(kept, name) for name in JUDGED})


@cache
def shipped() -> Judge:
    """Return the judge that the package ships, loaded once."""
    return load_judge(files("extractors.model").joinpath("reader"))
