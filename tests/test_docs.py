"""The documentation is true: what it names exists, and what exists is documented."""

import ast
import importlib
import re
import shlex
import tomllib
from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from typing import get_args

import pytest
import typer

import coopledger
from docs.commands import commands
from extractors.text import SUFFIXES
from flows.cli import app
from flows.sources import PACKED
from schemas import Cause, FlatRecord, Kind, PartyType, RemovalReason, Status
from schemas.json_schema import PUBLISHED
from schemas.record import ReviewState
from tests.pages import ROOT, blocks, pages, spans, tracked, typed

COMMANDS = {
    name: {option for one in command.params for option in one.opts}
    for name, command in typer.main.get_command(app).commands.items()
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS = ("schemas", "extractors", "ledger", "review", "flows")
GENERAL = {"--help", "--version"}
OTHERS = {"--reset"}  # options of other programs that a sentence names alone
EXAMPLES = {  # files of the reader's own that examples name
    "a.txt", "gold.jsonl", "tasks.json", "projects.xlsx", "all.csv", "old.csv", "changes.csv", "react.yaml",
    "gates.toml",
}  # fmt: skip
OUTPUT = {
    "releases", "versions.json", "decisions.jsonl", "shares.json", "apart.json", "gate-report.html",
    "gate-report.json", ".coopledger",
}  # fmt: skip
ENDINGS = r"\.(py|md|csv|tsv|txt|toml|yaml|jsonl?|html|svg|npz|onnx|lock|parquet|css|js|xml|safetensors|cfg|ini)"


def page(name: str) -> str:
    return pages()[f"docs/{name}"]


def rows(text: str) -> list[list[str]]:
    """The cells of a page's tables, row by row."""
    lines = [line.strip() for line in text.splitlines() if line.lstrip().startswith("|")]
    found = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [cells for cells in found if not set("".join(cells)) <= set("-: ")]


def coded(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@cache
def code() -> dict[str, str]:
    """The source of every module by its path."""
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in tracked() if name.endswith(".py")}


@cache
def ours() -> str:
    return "\n".join(text for name, text in code().items() if name.split("/")[0] in ROOMS)


@cache
def defined() -> frozenset[str]:
    """The names of all functions and classes."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    return frozenset(
        node.name for text in code().values() for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)
    )


def words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:  # a sentence's half of a quotation
        return text.split()


def calls(program: str) -> list[tuple[str, list[str]]]:
    """What the pages call a program with: the page, and the words after the program's name."""
    found = []
    for name, text in typed():
        said = words(text)
        starts = [
            at for at, word in enumerate(said) if word.removeprefix(".venv/bin/") == program and begins(said[:at])
        ]
        found += [(name, said[at + 1 :]) for at in starts]
    return found


def begins(before: list[str]) -> bool:
    """Return whether a command may begin after these words: at the start, after settings, or after another command."""
    return not before or before[-1] in {"&&", "|", "$"} or all(re.match(r"\w+=", word) for word in before)


def options_in(said: list[str]) -> set[str]:
    return {one.partition("=")[0] for one in said if re.fullmatch(r"--[a-z][\w-]*(=.*)?", one)}


# What the pages name exists.


def test_every_command_named_exists() -> None:
    wrong = [(name, said) for name, said in calls("coopledger") if said and said[0] not in {*COMMANDS, *GENERAL}]
    assert not [one for one in wrong if re.match(r"[a-z-]", one[1][0])]


def test_every_option_of_a_command_named_exists() -> None:
    named = [(name, said) for name, said in calls("coopledger") if said and said[0] in COMMANDS]
    assert len(named) > 20
    assert not [(name, said) for name, said in named if options_in(said) - COMMANDS[said[0]] - GENERAL]


def test_every_option_named_alone_exists() -> None:
    known = set().union(*COMMANDS.values()) | GENERAL | OTHERS
    scripts = "\n".join(text for text in code().values() if "__main__" in text)
    alone = [(name, text.split()[0].partition("=")[0]) for name, text in spans() if re.match(r"--[a-z]", text)]
    assert alone
    assert not [(name, one) for name, one in alone if one not in known and f'"{one}"' not in scripts]


def test_every_target_of_make_named_exists() -> None:
    named = {(name, said[0]) for name, said in calls("make") if said}
    assert named and not {one for one in named if one[1] not in targets()}


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))


def test_every_setting_named_is_read() -> None:
    named = {
        (name, one) for name, text in pages().items() for one in re.findall(r"\b(?:COOPLEDGER|PREFECT)_[A-Z_]+\b", text)
    }
    assert named and not {one for one in named if one[1] not in ours()}


def test_every_module_to_run_exists() -> None:
    for name, said in [*calls("python"), *calls("pytest")]:
        if said[:1] == ["-m"]:
            module, *rest = said[1:]
            path = module.replace(".", "/")
            text = code().get(f"{path}.py") or code().get(f"{path}/__main__.py")
            assert text or (
                module.split(".")[0] not in {*ROOMS, "benchmarks", "docs", "tests"} and find_spec(module)
            ), (name, said)
            assert not text or not {one for one in options_in(rest) if f'"{one}"' not in text}, (name, said)
        elif said and said[0].endswith(".py"):
            assert said[0] in code(), (name, said)


def test_every_extra_named_exists() -> None:
    named = {one for text in pages().values() for one in re.findall(r"coopledger\[(\w+)\]", text)}
    assert named and named <= set(PROJECT["project"]["optional-dependencies"])


def test_every_path_named_exists() -> None:
    assert not [one for name, text in typed() for one in paths(text) if not exists(name, one) for one in [(name, one)]]


def paths(text: str) -> list[str]:
    return [word.strip("'\",;()") for word in words(text) if looks_like_a_path(word.strip("'\",;()"))]


def looks_like_a_path(word: str) -> bool:
    if re.search(r"://|[=<>…$~]|^/|^\.\w+$|^[A-Z]+[./]", word) or "\\" in word:
        return False
    return bool(
        re.fullmatch(rf"[\w*.-]*\w{ENDINGS}", word) or re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/|[\w.*-]+/[\w.*/-]+", word)
    )


def exists(name: str, path: str) -> bool:
    """Return whether a page may name this path: it is in the repository, in an output folder, or an example's."""
    first, *rest = path.rstrip("/").split("/")
    if first == "output":
        return not rest or rest[0] in OUTPUT
    if first in {one.split("/")[0] for one in tracked()} and (rest or path.endswith("/")):
        return any(ROOT.glob(path.rstrip("/")))
    if path in EXAMPLES or first in {"documents", "2025", "model", "all-mpnet-base-v2", "build", ".venv"}:
        return True
    beside = (ROOT / name).parent
    if any(beside.glob(path.rstrip("/"))):
        return True
    if rest or path.endswith("/"):
        return path in ours() or path.rstrip("/") in OUTPUT | release_files() | deployments()
    return path in {one.rsplit("/", 1)[-1] for one in tracked()} | OUTPUT | release_files() or f'"{path}"' in "".join(
        code().values()
    )


def release_files() -> set[str]:
    return set(re.findall(r'"([\w-]+\.?\w*)"', code()["ledger/release/layout.py"]))


def deployments() -> set[str]:
    return {
        f"{flow}/{name}" for flow in ("extract", "evaluate", "refresh") for name in ("nightly", "weekly", "on-demand")
    }


def test_every_dotted_name_exists() -> None:
    wrong = []
    for name, text in spans():
        if (
            re.fullmatch(rf"({'|'.join(ROOMS)})(\.\w+)+", text)
            and not re.search(ENDINGS + "$", text)
            and not resolves(text)
        ):
            wrong.append((name, text))
    assert not wrong


def resolves(dotted: str) -> bool:
    module, _, attribute = dotted.rpartition(".")
    if find_spec(dotted.split(".")[0]) and f"{dotted.replace('.', '/')}.py" in code():
        return True
    if (ROOT / dotted.replace(".", "/")).is_dir():
        return True
    try:
        return hasattr(importlib.import_module(module), attribute)
    except ImportError:
        return False


def test_every_function_named_exists() -> None:
    called = [(name, match[1]) for name, text in spans() if (match := re.match(r"(?:\w+\.)*(\w+)\(", text))]
    others = {"read_resource", "substr", "model_dump"}  # of other programs
    assert called and not [one for one in called if one[1] not in defined() | others]


def test_every_link_leads_somewhere() -> None:
    broken = []
    for name, text in pages().items():
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)(#[^)\s]*)?\)", text):
            place = (ROOT / name).parent / target if target else ROOT / name
            if not place.exists() or (anchor and anchor[1:] not in headings(place.read_text(encoding="utf-8"))):
                broken.append((name, target + anchor))
    assert not broken


def headings(text: str) -> set[str]:
    """The anchors of a page's headings."""
    found = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", one.lower())).strip("-") for one in found}


# What exists is documented.


@pytest.fixture(scope="module")
def commands_page() -> str:
    return commands()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str, commands_page: str) -> None:
    section = commands_page.partition(f"## `coopledger {name}`\n")[2].partition("\n## ")[0]
    options = {option for option in COMMANDS[name] if option.startswith("--")}
    assert section and not {option for option in options if option not in section}
    assert any(said[:1] == [name] for _, said in calls("coopledger")), "no page shows how to use it"


def test_every_target_of_make_is_documented() -> None:
    assert targets() <= {said[0] for _, said in calls("make") if said}


def test_every_setting_is_documented() -> None:
    read = set(re.findall(r'environ(?:\.get)?[\[(]"([A-Z_]+)"', ours()))
    assert read and not {one for one in read if f"`{one}`" not in page("operate/servers.md")}


def test_every_extra_is_documented() -> None:
    extras = set(PROJECT["project"]["optional-dependencies"]) - {"dev", "build"}
    assert not {one for one in extras if not any(f"coopledger[{one}]" in text for text in pages().values())}


def test_every_module_to_run_is_documented() -> None:
    runs = {
        name for name, text in code().items() if 'if __name__ == "__main__"' in text and not name.startswith("tests/")
    }
    named = "\n".join(text for _, text in typed())
    silent = {
        one for one in runs if one not in named and one[:-3].replace("/", ".").removesuffix(".__main__") not in named
    }
    assert silent <= {"flows/server.py", "flows/__main__.py"}  # children of a run; the command itself


def test_every_public_name_is_documented() -> None:
    assert not {name for name in coopledger.__all__ if f"coopledger.{name}" not in page("reference/api.md")}


def test_every_folder_is_documented() -> None:
    folders = {"/".join(name.split("/")[:2]) for name in tracked() if name.count("/") > 1 and name.endswith(".py")}
    held = {one for one in folders if one.split("/")[0] in ROOMS} | {
        name.split("/")[0] for name in tracked() if "/" in name
    }
    told = {text for name, text in spans() if name == "CONTRIBUTING.md"}
    assert not {one for one in held if f"{one}/" not in told and not one.startswith(".")}


def test_columns_are_those_of_the_table() -> None:
    told = {
        coded(cells[0])[0]: cells[1]
        for cells in rows(page("consume/files.md").partition("## Columns")[2].partition("\n## ")[0])[1:]
    }
    held = {name: field.description for name, field in FlatRecord.model_fields.items()}
    assert {name: told.get(name) for name in held} == held


def test_values_are_those_of_the_models() -> None:
    told = {
        coded(cells[0])[0]: coded(cells[1]) for cells in rows(page("consume/files.md").partition("## Values")[2])[1:]
    }
    held = {"kind": Kind, "status": Status, "actor_type": PartyType, "review": ReviewState}
    held |= {"cause": Cause, "reason": RemovalReason}
    assert told == {name: list(get_args(one)) for name, one in held.items()}


def test_schemas_are_those_published() -> None:
    section = page("consume/files.md").partition("## Schemas")[2].partition("\n## ")[0]
    assert [coded(cells[0])[0] for cells in rows(section)[1:]] == [*PUBLISHED, "table"]


def test_kinds_of_files_are_those_read() -> None:
    table = "\n".join(" ".join(cells) for cells in rows(page("operate/input.md")))
    assert set(coded(table)) == {*SUFFIXES, *PACKED}


def test_gates_are_those_of_the_limits() -> None:
    limits = tomllib.loads((ROOT / "ledger" / "gates.toml").read_text(encoding="utf-8"))
    told = {coded(cells[0])[0]: cells[2] for cells in rows(page("operate/gates.md"))[1:]}
    assert set(told) == set(limits) - {"report"}
    for name, limit in told.items():
        assert all(tomllib.loads(one) for one in coded(limit))
        assert all(limits[name][key] == held for one in coded(limit) for key, held in tomllib.loads(one).items())


def test_reasons_of_quarantine_are_those_given() -> None:
    told = {reason for cells in rows(page("operate/failures.md")) for reason in coded(cells[0])}
    given = set(re.findall(r'(?:UnreadableError\(|reason=)"(\w+)"', ours()))
    assert given - told <= {"out_of_scope", "below_threshold"}  # of mentions, not of documents
    artifacts = {"progress"}
    assert not {one for one in told - artifacts if f'"{one}"' not in ours()}


def test_components_are_those_of_the_entry_points() -> None:
    told = {name for cells in rows(page("use/python.md")) for name in coded(cells[0])}
    assert told == set(PROJECT["project"]["entry-points"]["spacy_factories"])


def test_every_block_runs_or_says_why_not() -> None:
    run = {"python", "sql", "sh"}  # by test_docs_blocks.py
    data = {"json", "toml", "yaml", "ini", "text", "r"}  # R is not installed
    assert not [str(one) for one in blocks() if one.language not in run | data]
    assert not [str(one) for one in blocks() if one.reason is not None and len(one.reason) < 8]


# A lie is found.

LIES = [
    ("`coopledger publish output`", test_every_command_named_exists),
    ("`coopledger run --fast`", test_every_option_of_a_command_named_exists),
    ("```sh\ncoopledger run documents --fast\n```", test_every_option_of_a_command_named_exists),
    ("`--fast`", test_every_option_named_alone_exists),
    ("`make coffee`", test_every_target_of_make_named_exists),
    ("Set COOPLEDGER_SPEED.", test_every_setting_named_is_read),
    ("`python -m benchmarks.weather`", test_every_module_to_run_exists),
    ("`python -m benchmarks.reader --fast`", test_every_module_to_run_exists),
    ("Install `coopledger[fast]`.", test_every_extra_named_exists),
    ("`flows/fast.py`", test_every_path_named_exists),
    ("`fast.csv`", test_every_path_named_exists),
    ("```sh\ncat output/fast.json\n```", test_every_path_named_exists),
    ("`ledger.release.fast`", test_every_dotted_name_exists),
    ("`release.fast()`", test_every_function_named_exists),
    ("[fast](docs/fast.md)", test_every_link_leads_somewhere),
    ("[fast](README.md#fast)", test_every_link_leads_somewhere),
    ("```fish\nls\n```", test_every_block_runs_or_says_why_not),
]


@pytest.mark.parametrize(("lie", "check"), LIES, ids=[lie for lie, _ in LIES])
def test_a_lie_is_found(lie: str, check: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    lying = pages() | {"lie.md": lie + "\n"}
    kept = (blocks, spans, typed)
    for place in ("tests.pages", __name__):
        monkeypatch.setattr(f"{place}.pages", partial(dict, lying))
    try:
        for one in kept:
            one.cache_clear()
        with pytest.raises(AssertionError):
            check()
    finally:
        for one in kept:
            one.cache_clear()
