"""What docs/consumers.md tells people to run, runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger import EXPORTS
from schemas.json_schema import PUBLISHED
from tests.release.helpers import CONTRACT, LATER, documents, published

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "consumers.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an ``output/`` of two releases."""
    folder = tmp_path_factory.mktemp("home")
    published(folder / "output", documents(8))
    published(folder / "output", documents(8, edits=0.6), now=LATER)
    return folder


@pytest.mark.parametrize("block", blocks("python"))
def test_python_runs(home: Path, block: str) -> None:
    command, settings = [sys.executable, "-c", block], {"PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, env=settings)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("block", blocks("sql"))
def test_sql_runs(home: Path, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(home)
    assert duckdb.sql(block).fetchall()


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
