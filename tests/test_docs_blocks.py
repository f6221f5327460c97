"""The examples of the documentation run: each page's blocks, in their order, in a folder with documents and a release.

A block whose first line is the comment ``# gates.toml`` or the like is written to that file first. Queries in SQL are
checked by tests/ledger/release/test_consumers_doc.py, which knows their answers.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from schemas import Extraction
from tests.pages import ROOT, Block, blocks, pages
from tests.support.commands import write_program

SENTENCES = {
    "documents/a.txt": "In May 2019 Peru lent Chile $5 million for a water plant.\n",
    "documents/2024/b.txt": "In 2021 Japan gave Kenya a grant of $2 million for a hospital.\n",
    "documents/2025/b.txt": "In 2022 China's Exim Bank lent Mauritius 800 million RMB for a dam.\n",
}
PROGRAM = """#!/bin/sh
case "$1" in
run) exec "{quick}" "$@" --direct ;;  # the same run, without the minute that its own server takes to start
review) exec "{python}" -ISc '{look}' "$@" ;;
*) exec "{quick}" "$@" ;;
esac
"""
LOOK = """
import subprocess, sys
call = ["{quick}", *sys.argv[1:], "--port", "{port}"]
with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as page:
    told = page.stdout.readline()
    page.terminate()
sys.exit("http" not in told)
"""


def pages_with(language: str) -> list[str]:
    return [name for name in pages() if any(one.page == name for one in runnable(language))]


def runnable(language: str) -> list[Block]:
    return [one for one in blocks(language) if one.reason is None]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The command as a program that need not load what it runs on."""
    folder = tmp_path_factory.mktemp("commands")
    call = [sys.executable, "-m", "tests.support.commands", str(folder / "socket")]
    where = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(call, env=where, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        write_program(folder / "coopledger", folder / "socket")
        yield folder / "coopledger"
        process.stdin.close()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, quick: Path) -> Path:
    """A folder with documents, a workbook, and a release of the documents in ``output/``, to be copied."""
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path_factory.mktemp("example")
    for name, text in SENTENCES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    book = openpyxl.Workbook()
    for row in (["AidData Record ID", "Title", "Description"], ["1", "A loan", "In 2019 Peru lent Chile $5 million."]):
        book.active.append(row)
    book.save(folder / "projects.xlsx")
    subprocess.run([quick, "run", "documents", "--direct"], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def home(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with what was made."""
    monkeypatch.chdir(shutil.copytree(example, tmp_path / "home"))
    return Path.cwd()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # as in a reader's script
@pytest.mark.parametrize("page", pages_with("python"))
def test_python_runs(page: str, home: Path) -> None:
    for block in runnable("python"):
        if block.page == page:
            exec(compile(block.code, f"{block}", "exec"), {"__name__": "__main__"})


@pytest.mark.slow
@pytest.mark.parametrize("page", pages_with("sh"))
def test_shell_runs(page: str, home: Path, quick: Path) -> None:
    for block in (*blocks("toml"), *blocks("yaml")):
        if block.page == page and (name := re.match(r"# ([\w.]+)", block.code)):
            (home / name[1]).write_text(block.code, encoding="utf-8")
    for name in ("corpus", "benchmarks", "extractors", "schemas", "flows", "ledger", "review"):
        (home / name).symlink_to(ROOT / name)
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"} | {
        "PATH": f"{programs(home, quick)}:{Path(sys.executable).parent}:/usr/bin:/bin",
        "VERSION": version(home),
    }
    for block in runnable("sh"):
        if block.page == page:
            done = subprocess.run(
                ["sh", "-e", "-c", block.code], cwd=home, capture_output=True, text=True, check=False, env=settings
            )
            assert done.returncode == 0, f"{block}: {done.stdout}{done.stderr}"


def version(home: Path) -> str:
    return str(json.loads((home / "output" / "versions.json").read_text())["latest"])


def programs(home: Path, quick: Path) -> Path:
    """Make the folder of the command, in a form that does not wait to be stopped."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = home / "programs" / "coopledger"
    program.parent.mkdir()
    program.write_text(
        PROGRAM.format(quick=quick, python=sys.executable, look=LOOK.format(quick=quick, port=port)), encoding="utf-8"
    )
    program.chmod(0o755)
    return program.parent


def test_readme_finds_a_record() -> None:
    scope: dict[str, object] = {}
    for block in runnable("python"):
        if block.page == "README.md" and "open_release" not in block.code:
            exec(compile(block.code, "README.md", "exec"), scope)
    assert scope.get("records"), "the example in README finds no record"


@pytest.mark.slow
def test_readme_shows_a_real_record(seeds: Mapping[str, Extraction]) -> None:
    quotation = re.search(r"^> (In October.*?)\n\n", pages()["README.md"], flags=re.DOTALL | re.MULTILINE)
    assert quotation is not None
    sentence = quotation[1].replace("\n> ", " ")
    [block] = [one for one in blocks("json") if one.page == "README.md"]
    shown = json.loads(block.code)
    found = seeds[shown["document_id"]]
    assert sentence in (found.document.text or "")
    [record] = [one for one in found.records if one.evidence.text == sentence]
    made = record.model_dump(mode="json")
    assert {name: made[name] for name in ("kind", "status", "actor", "partner", "year", "sector")} == {
        name: shown[name] for name in ("kind", "status", "actor", "partner", "year", "sector")
    }
