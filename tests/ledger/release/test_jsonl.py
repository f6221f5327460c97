"""JSON Lines: one canonical form that every reader splits alike."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.release.jsonl import JsonLines, canonical, pretty, read_models
from schemas import Model, Quarantined

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


class Row(Model):
    detail: str
    document_id: str
    n: int


def test_lines_are_found_by_a_sorted_key(tmp_path: Path) -> None:
    names = sorted(['a"b', "b", "b", "é", 'x":"b"'])
    rows = [{"detail": '"document_id":"zz"', "document_id": name, "n": n} for n, name in enumerate(names)]
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(row, separators=(",", ":"), ensure_ascii=False) + "\n" for row in rows))
    lines = JsonLines(path, Row)
    assert len(lines) == len(names)
    for name in names:
        assert [row.n for row in lines.of(name)] == [n for n, other in enumerate(names) if other == name]
    assert lines.of("nobody") == []


def test_a_file_that_is_not_there_has_no_lines_and_the_last_line_needs_no_end(tmp_path: Path) -> None:
    assert len(JsonLines(tmp_path / "none.jsonl", Row)) == 0 and JsonLines(tmp_path / "none.jsonl", Row).of("a") == []
    path = tmp_path / "one.jsonl"
    path.write_text('{"detail":"","document_id":"a","n":1}\n{"detail":"","document_id":"b","n":2}')
    lines = JsonLines(path, Row)
    assert [lines[0].n, lines[1].n, len(lines)] == [1, 2, 2] and [row.n for row in lines.of("b")] == [2]
    with pytest.raises(IndexError):
        _ = lines[2]
