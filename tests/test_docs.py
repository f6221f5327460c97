"""The documentation is tested: what can be typed is documented, and what README shows runs."""

import json
import re
from pathlib import Path

import pytest
import typer

from flows.cli import app
from schemas import FlatRecord

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    section = COMMANDS_PAGE.partition(f"## `coopledger {name}`\n")[2].partition("\n## ")[0]
    options = {option for one in COMMANDS[name].params for option in one.opts if option.startswith("--")}
    assert section, "renew docs/commands.md: typer flows.cli utils docs --name coopledger --title 'The command line'"
    assert not {option for option in options if option not in section}


def test_every_column_is_documented() -> None:
    consumers = (ROOT / "docs" / "consumers.md").read_text(encoding="utf-8")
    assert not [name for name in FlatRecord.model_fields if f"`{name}`" not in consumers]


def test_readme_links_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets and not [target for target in targets if not (ROOT / target).exists()]


@pytest.mark.parametrize("block", [one for one in blocks("python") if "open_release" not in one])
def test_readme_python_runs(block: str) -> None:
    scope: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), scope)
    records = scope.get("records")
    assert records, "the example in README finds no record"


def test_readme_shows_a_real_record() -> None:
    from coopledger import load

    quotation = re.search(r"^> (In October.*?)\n\n", README, flags=re.DOTALL | re.MULTILINE)
    assert quotation is not None
    sentence = quotation[1].replace("\n> ", " ")
    shown = json.loads(blocks("json")[0])
    seed = (ROOT / "seeds" / shown["document_id"]).read_text(encoding="utf-8")
    assert sentence in seed
    [record] = [one for one in load()(seed) if one.evidence.text == sentence]
    made = record.model_dump(mode="json")
    assert {name: made[name] for name in ("kind", "status", "actor", "partner", "year", "sector")} == {
        name: shown[name] for name in ("kind", "status", "actor", "partner", "year", "sector")
    }
