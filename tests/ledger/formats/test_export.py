"""Exports that other tools take in again."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from coopledger import open_release
from ledger.decisions import DecisionLog
from ledger.errors import LedgerError
from ledger.formats.export import export, unused_arrow
from tests.support.releases import LATER, documents, published
from tests.support.synthetic import extraction


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """A ledger of which one record was accepted and one rejected."""
    published(tmp_path, documents(6))
    records = list(open_release(tmp_path).records())
    log = DecisionLog(tmp_path / "decisions.jsonl")
    for verdict, record in (("accept", records[0]), ("reject", records[3])):
        log.append(verdict=verdict, reviewer="ana", time="2026-11-22T06:00:00Z", release="r", record=record)
    published(tmp_path, documents(6), now=LATER)
    return tmp_path


def tasks(release: Path, kind: str) -> list[dict]:  # type: ignore[type-arg]
    text = "".join(export(open_release(release), kind))
    return json.loads(text) if kind == "label-studio" else [json.loads(line) for line in text.splitlines()]


def test_prodigy_lines_quote_their_passage(reviewed: Path) -> None:
    records = {one.record_id: one for one in open_release(reviewed).records()}
    texts = {one.id: one.text for one in open_release(reviewed).documents()}
    found = tasks(reviewed, "prodigy")
    assert len(found) == 12
    for task in found:
        start = task["meta"]["start"]
        assert texts[task["meta"]["document_id"]][start : start + len(task["text"])] == task["text"]
        for span in task["spans"]:
            if record := records.get(task["meta"]["record_id"]):
                quoted = getattr(record, span["label"]).span.text
                assert task["text"][span["start"] : span["end"]] == quoted


def test_prodigy_lines_carry_the_verdicts(reviewed: Path) -> None:
    answers = [task.get("answer") for task in tasks(reviewed, "prodigy")]
    assert (answers.count("accept"), answers.count("reject"), answers.count(None)) == (1, 1, 10)
    assert all(task["relations"][0]["label"] == task["meta"]["kind"] for task in tasks(reviewed, "prodigy"))


def test_label_studio_tasks_quote_their_text(reviewed: Path) -> None:
    found = tasks(reviewed, "label-studio")
    assert [task["data"]["document_id"] for task in found] == [one.document.id for one in documents(6)]
    assert sum(len(task["annotations"]) for task in found) == 1
    regions = [
        (task, region)
        for task in found
        for side in (*task["annotations"], *task["predictions"])
        for region in side["result"]
    ]
    for task, region in regions:
        if region["type"] == "labels":
            value = region["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
    ids = {region["id"] for _, region in regions if region["type"] == "labels"}
    ends = [region for _, region in regions if region["type"] == "relation"]
    assert ends and all({region["from_id"], region["to_id"]} <= ids for region in ends)


def test_label_studio_has_a_task_for_each_document_even_without_records(tmp_path: Path) -> None:
    published(tmp_path, [extraction("a", [], preface="none"), *documents(1), extraction("z", [], preface="none")])
    assert [task["data"]["document_id"] for task in tasks(tmp_path, "label-studio")] == ["a", "news/0000000.txt", "z"]


def test_daff_applies_the_highlighter_csv(tmp_path: Path) -> None:
    old = published(tmp_path, documents(40))
    new = published(tmp_path, documents(40, edits=0.6), now=LATER)
    patch = tmp_path / "patch.csv"
    patch.write_text("".join(export(open_release(tmp_path), "daff")), "utf-8", newline="")
    daff = Path(sys.executable).with_name("daff")
    command = [str(daff), "patch", str(old.path / "records.csv"), str(patch), "--output", str(tmp_path / "patched.csv")]
    subprocess.run(command, check=True, capture_output=True)
    assert rows(tmp_path / "patched.csv") == rows(new.path / "records.csv")


def rows(path: Path) -> set[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row) for row in csv.reader(file)}


@pytest.mark.parametrize(("cells", "arrow"), [(["a", "b"], "->"), (["a->b"], "-->"), (["a->b", "-->"], "--->")])
def test_an_arrow_is_longer_than_those_in_the_cells(cells: list[str], arrow: str) -> None:
    assert unused_arrow(cells) == arrow


def test_an_unknown_export_is_refused(reviewed: Path) -> None:
    with pytest.raises(LedgerError, match="cannot export pdf"):
        export(open_release(reviewed), "pdf")
