"""The import law of the rooms, and the size of files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "extractors", "ledger", "review", "flows", "coopledger")
LONGEST_FILE = 400


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def test_the_import_law_holds() -> None:
    """The contracts stand in pyproject.toml: which room may import which, and which libraries."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_the_import_law_sees_every_file(room: str) -> None:
    """A folder without ``__init__.py`` would be passed over."""
    assert not [path for path in files(room) if not (path.parent / "__init__.py").exists()]


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_is_crowded(room: str) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files(room)}
    assert lengths, f"{room} holds no code"
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in (path for room in ROOMS for path in files(room)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert not {name: paths for name, paths in places.items() if len(paths) > 1}


def test_tests_and_benchmarks_use_public_names_alone() -> None:
    private = re.compile(r"^\s*(from \S+ import .*\b_[a-z]\w*|import \S*\._)", re.MULTILINE)
    paths = [path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    assert not [str(path) for path in paths if private.search(path.read_text(encoding="utf-8"))]


def test_no_package_index_is_named() -> None:
    locks = [path.read_text() for path in ROOT.glob("requirements*.lock")]
    assert len(locks) == 2
    assert not any("://" in text or "--index" in text or "--find-links" in text for text in locks)
    assert all("--hash=sha256:" in text for text in locks)


def test_every_error_is_drawn_in_one_tree() -> None:
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for room in ROOMS
        for path in files(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    tree = ast.parse((ROOT / "schemas" / "errors.py").read_text(encoding="utf-8"))
    root = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    drawn = set(re.findall(r"[├└]── (\w+)", ast.get_docstring(root) or ""))
    family = {root.name}
    while more := {name for name, parents in bases.items() if parents & family} - family:
        family |= more
    assert family - {root.name} == drawn
    assert not {name for name, parents in bases.items() if parents & {"Exception", "ValueError", "KeyError"}} - family


@pytest.mark.xdist_group("together")
def test_tests_of_a_group_run_in_one_process(request: pytest.FixtureRequest) -> None:
    """xdist tells them by the end of their ids, which not every pytest lets it write: each would make what they share.

    It is checked where the tests are given to several processes.
    """
    assert not request.config.getoption("loadgroup", False) or request.node.nodeid.endswith("@together")


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06"])
def test_the_name_of_a_test_tells_no_bytes(data: bytes, request: pytest.FixtureRequest) -> None:
    """Two processes that make an archive in different seconds would name its test differently, and none would run."""
    assert data.startswith(b"PK")
    assert "PK" not in request.node.nodeid
