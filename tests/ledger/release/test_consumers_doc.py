"""What the pages for consumers tell people to run, runs."""

import re
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coopledger import open_release, read_changes
from ledger.formats.export import EXPORTS
from ledger.release.read import Release
from schemas import Extraction
from schemas.json_schema import PUBLISHED
from tests.support.releases import CONTRACT, LATER, documents, published

ROOT = Path(__file__).parents[3]
PAGE = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "consume").glob("*.md")))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an ``output/`` of six releases."""
    folder = tmp_path_factory.mktemp("home")
    for number in range(6):
        found = [in_pages(one) for one in documents(6 + number, edits=0.1 * number)]
        published(folder / "output", found, now=LATER + timedelta(days=number))
    return folder


def in_pages(one: Extraction) -> Extraction:
    """Every other document in two pages."""
    if int(one.document.sha256, 16) % 2:
        return one
    document = one.document.model_copy(update={"pages": (0, len(one.document.text) // 2)})
    return one.model_copy(update={"document": document})


@pytest.mark.parametrize("block", blocks("python"))
def test_python_runs(home: Path, block: str) -> None:
    command, settings = [sys.executable, "-c", block], {"PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, env=settings)
    assert found.returncode == 0, found.stderr
    release = open_release(home / "output")
    if "groupby" in block:
        rows = [line.rsplit(maxsplit=1) for line in found.stdout.splitlines()[1:-1]]
        assert {name: float(sum) for name, sum in rows} == pytest.approx(dollars_by_sector(release))
    elif "release.records()" in block:
        sums = [one for one in release.records() if one.amount and one.amount.kind == "money"]
        assert sums and len(found.stdout.splitlines()) == len(sums)
    elif "since=" in block:
        assert found.stdout == ""  # nothing is newer than the latest


def dollars_by_sector(release: Release) -> dict[str, float]:
    """The dollars of each sector, each act once; nothing where no act has any."""
    acts = {one.act_id: one for one in release.records()}.values()
    found = dict.fromkeys((one.sector.name for one in acts if one.sector), 0.0)
    for one in acts:
        if one.sector and one.amount and one.amount.usd is not None:
            found[one.sector.name] += one.amount.usd
    return found


@pytest.mark.parametrize("block", blocks("sql"))
def test_sql_runs(home: Path, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(home)
    assert Counter(map(told, duckdb.sql(block).fetchall())) == Counter(map(told, figures(home, block)))


def told(row: tuple[Any, ...]) -> str:
    """A row as text, whole numbers and others alike."""
    return str([float(cell) if isinstance(cell, int | float) else cell for cell in row])


def figures(home: Path, block: str) -> list[tuple[Any, ...]]:
    """What a query ought to give, worked out from the releases without SQL."""
    release = open_release(home / "output")
    if "million_usd" in block:
        acts = {one.act_id: one for one in release.records()}.values()
        found = Counter(one.sector.name for one in acts)
        dollars: dict[str, list[float]] = {name: [] for name in found}
        for one in acts:
            if one.amount and one.amount.usd is not None:
                dollars[one.sector.name].append(one.amount.usd)
        return [(name, found[name], float(round(sum(sums) / 1e6)) if sums else None) for name, sums in dollars.items()]
    if "AS page" in block:
        read = {one.id: one for one in release.documents()}
        assert any(one.pages for one in read.values())
        return [
            (one.record_id, one.document_id, read[one.document_id].page_at(one.evidence.start))
            for one in release.records()
        ]
    if "sentence" in block:
        return [
            (
                one.record_id,
                one.amount.value if one.amount else None,
                one.actor.country,
                one.partner.name if one.partner else None,
                one.evidence.text,
            )
            for one in release.records()
        ]
    told = Counter((one.cause, one.change) for one in read_changes(home / "output"))
    return [(*key, number) for key, number in told.items()]


def test_shell_runs(home: Path) -> None:
    version = max(path.name for path in (home / "output" / "releases").iterdir())
    settings = {"VERSION": version, "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    for block in blocks("sh"):
        subprocess.run(["sh", "-e", "-c", block], cwd=home, check=True, capture_output=True, env=settings)


@pytest.mark.parametrize("name", sorted([*CONTRACT, *EXPORTS, "merged.jsonl", "schema/"]))
def test_every_file_and_export_is_told_of(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_schemas_are_told_of() -> None:
    assert "`schemas/published/`" in PAGE and len(PUBLISHED) == 10
