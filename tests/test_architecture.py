"""The import law of the rooms, and the size of files: what DESIGN asks, enforced."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "extractors", "ledger", "review", "flows", "coopledger")
MAY_IMPORT = {
    "schemas": set(),
    "extractors": {"schemas"},
    "ledger": {"schemas"},
    "review": {"schemas", "ledger"},
    "flows": {"schemas", "extractors", "ledger", "review"},
    "coopledger": {"schemas", "extractors", "ledger", "flows"},
}
FORBIDDEN = {
    "schemas": {"spacy", "pandas", "pyarrow", "numpy", "prefect", "fastapi", "typer", "jinja2"},
    "extractors": {"prefect", "typer", "fastapi", "pandas", "pyarrow"},
    "ledger": {"prefect", "typer", "fastapi", "spacy"},
    "review": {"prefect", "typer", "spacy"},
    "flows": set(),
    "coopledger": {"spacy", "pandas", "pyarrow", "numpy", "prefect", "fastapi", "typer", "jinja2"},
}
LONGEST_FILE = 400


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downward_only(room: str) -> None:
    others = set(ROOMS) - {room} - MAY_IMPORT[room]
    breaches = {str(path.relative_to(ROOT)): names for path in files(room) if (names := imported(path) & others)}
    assert not breaches


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_keeps_to_its_libraries(room: str) -> None:
    breaches = {
        str(path.relative_to(ROOT)): names for path in files(room) if (names := imported(path) & FORBIDDEN[room])
    }
    assert not breaches


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_is_crowded(room: str) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files(room)}
    assert lengths, f"{room} holds no code"
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


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
