"""JSON Lines: one canonical form that every reader splits alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.release.jsonl import canonical, pretty, read_models
from schemas import Quarantined

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_survives_on_one_line(value: object) -> None:
    line = canonical(value)
    assert json.loads(line) == value and len(line.splitlines()) == 1
    assert canonical(json.loads(line)) == line and json.loads(pretty(value)) == value


@given(st.text(alphabet="a\n\r\x0b\x1c\x85\u2028\u2029🌱", max_size=9))
def test_no_text_breaks_a_line(text: str) -> None:
    assert len(canonical({"text": text}).splitlines()) == 1 and json.loads(canonical(text)) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "line 2: Invalid JSON"), ('{"id":"a"}', "line 2: reason: Field required"), ('{"x":1}', "line 2: ")],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "quarantine.jsonl"
    path.write_text('{"id":"a","reason":"r","detail":"d"}\n' + line + "\n")
    with pytest.raises(LedgerError, match=said):
        list(read_models(path, Quarantined))
