"""Weights of candidate acts: fitted to coded documents, drawn to their priors, written beside them."""

import csv
from pathlib import Path

import pytest

from extractors.training.judging import Example, Judged, brier, calibration, examples, fit, held_out, probability, refit
from tests.frames.reading import annotated

_PRIOR = {"bias": -1.0, "weight": 2.0}
_KNOWN = [Example(f"d{i}", {"weight": 1.0, "lent": float(i % 2)}, i % 2 == 0) for i in range(60)]
_FACT = {
    "doc": "d",
    "required": True,
    "actor": {"names": ["Norway"], "country": "NOR", "type": ["country"]},
    "partner": {"names": ["Ghana"], "country": "GHA", "type": ["country"]},
    "evidence": "Norway lent Ghana $3 million",
}


def test_what_speaks_against_an_act_gets_a_weight_below_zero() -> None:
    weights = fit(_KNOWN, _PRIOR, pull=1.0)
    assert weights["lent"] < 0
    assert probability({"weight": 1.0, "lent": 1.0}, weights) < 0.5 < probability({"weight": 1.0}, weights)


def test_a_strong_pull_keeps_the_priors() -> None:
    weights = fit(_KNOWN, _PRIOR, pull=1e6)
    assert weights["lent"] == pytest.approx(0, abs=1e-3)


def test_the_error_is_measured_on_documents_left_out() -> None:
    judged = held_out(_KNOWN, _PRIOR, folds=3)
    assert len(judged) == len(_KNOWN)
    assert brier(judged) < 0.25


def test_what_is_too_sure_is_drawn_to_the_middle() -> None:
    judged = [Judged(sure, place % 2 == 0, True) for sure in (0.9, 0.5) for place in range(40)]
    scale, shift = calibration(judged)
    assert abs(scale) < 0.01
    assert abs(shift) < 0.01


def test_the_table_keeps_what_was_set_by_hand(tmp_path: Path) -> None:
    table = tmp_path / "weights.csv"
    table.write_text(
        "feature,weight,fitted\nbias,-1.0,-1.0\nweight,2.0,2.0\ncalibration_shift,,0.2\n", encoding="utf-8"
    )
    assert refit(table, _KNOWN)["candidates"] == len(_KNOWN)
    rows = {row["feature"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert (rows["bias"]["weight"], rows["lent"]["weight"]) == ("-1.0", "")
    assert float(rows["lent"]["fitted"]) < 0


def test_a_candidate_is_right_where_a_fact_says_so() -> None:
    text = "Norway lent Ghana $3 million in 2004. Norway lent Togo $4 million in 2005."
    found = examples([{"id": "d", "text": text}], [_FACT], read=annotated)
    assert [one.right for one in found] == [True, False]
