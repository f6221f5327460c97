"""The commands that are not a run."""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from coopledger import open_release
from flows.cli import app, run_command
from flows.options import Options
from flows.progress import Summary
from flows.run import run_direct
from ledger.decisions import DecisionLog
from ledger.formats.export import EXPORTS
from schemas import Document, Extraction, Span, Year
from schemas.json_schema import PUBLISHED
from tests.support.fake_extractor import FakeExtract

COMMANDS = [
    "run", "diff", "review", "decisions", "evaluate", "train", "validate", "schema", "export", "status", "serve",
    "refresh",
]  # fmt: skip


@pytest.fixture
def release(options: Options, fake: FakeExtract) -> Summary:
    return run_direct(options)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_and_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"Usage: coopledger {command}")
    for line in re.findall(r"^  --?\w.*$", told, re.MULTILINE):
        assert len(re.split(r"\s{2,}", line.strip())) >= 2 or "\n" in told.split(line)[1][:2], line


def test_there_is_no_other_command() -> None:
    assert sorted(str(one.name or one.callback and one.callback.__name__) for one in app.registered_commands) == sorted(
        COMMANDS
    )


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--version"]) == 0
    assert capsys.readouterr().out == f"coopledger {version('coopledger')}\n"


def test_help_needs_nothing_heavy() -> None:
    code = "import sys; from flows.cli import run_command; run_command(['run', '--help']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"prefect", "spacy", "pandas", "pyarrow", "distributed", "fastapi"} & set(loaded)


def test_what_is_no_flow_needs_no_prefect(tmp_path: Path) -> None:
    """Importing Prefect may tell its makers of it."""
    commands = [
        ["train", "nosuch"],
        ["evaluate", "nosuch"],
        ["status"],
        ["diff", "latest"],
        ["run", "nosuch", "--direct"],
    ]
    code = (
        f"import sys; from flows.cli import run_command; [run_command(one) for one in {commands}]; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "flows.train" in done.stdout and "prefect" not in done.stdout.split()


def test_validate(release: Summary, options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["validate", "latest", "--output", options.output]) == 0
    assert run_command(["validate", release.release]) == 0
    records = Path(release.release) / "records.jsonl"
    records.write_text(records.read_text(encoding="utf-8").replace("Kenya", "Congo"), encoding="utf-8")
    assert run_command(["validate", release.release]) == 1
    assert "records.jsonl" in capsys.readouterr().out


def test_a_damaged_log_is_said_by_all_and_repaired_when_asked(
    release: Summary, options: Options, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(options.output) / "decisions.jsonl"
    record = next(open_release(options.output).records())
    log = DecisionLog(path)
    for verdict in ("accept", "reject"):
        log.append(verdict=verdict, reviewer="Ada", time="t", release=release.version, record=record)  # type: ignore[arg-type]
    out = ["--output", options.output]
    assert run_command(["decisions", *out]) == 0 and run_command(["validate", "latest", *out]) == 0
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first.replace(b"Ada", b"Eve") + second)
    for command in (["decisions"], ["validate", "latest"], ["run", str(folder), "--direct"]):
        capsys.readouterr()
        assert run_command([*command, *out]) == 1
        told = capsys.readouterr()
        assert "line 1" in told.out + told.err and "altered" in told.out + told.err
    assert run_command(["decisions", "--repair", *out]) == 0
    assert "REPAIRED" in capsys.readouterr().err
    assert [one.verdict for one in log.read()] == ["reject"]
    assert path.with_name("decisions.jsonl.aside").read_bytes() == first.replace(b"Ada", b"Eve")
    assert run_command(["decisions", *out]) == 0


def test_diff_tells_what_changed_and_why(
    release: Summary, options: Options, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "deep" / "b.md").write_text("Peru lent Chile $1m.", encoding="utf-8")
    last = run_direct(options)
    capsys.readouterr()
    assert run_command(["diff", release.version, last.version, "--output", options.output]) == 0
    assert re.match(r"added \(source\) rec-\w+ deep/b.md: loan · Peru → Chile · .*1.*\n$", capsys.readouterr().out)
    assert run_command(["diff", last.version, release.version, "--output", options.output, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["change"] == "removed"


def test_diff_writes_years_as_years(
    release: Summary,
    options: Options,
    fake: FakeExtract,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, told = fake.read, ""
    for year in (2018, 2019):

        def dated(document: Document, year: int = year) -> Extraction:
            found = real(document)
            stated = Year(start=year, end=year, span=Span.of(document.text, 0, 6))
            records = tuple(one.model_copy(update={"year": stated}) for one in found.records)
            return found.model_copy(update={"records": records})

        monkeypatch.setattr(fake, "read", dated)
        last = run_direct(options.model_copy(update={"force": True}))
        told = (Path(last.release) / "diff.html").read_text(encoding="utf-8")
    capsys.readouterr()
    before = open_release(last.release).manifest.parent
    assert before is not None
    assert run_command(["diff", before, "--output", options.output]) == 0
    assert "year.start: 2018 → 2019" in capsys.readouterr().out
    assert "<ins>2019</ins>" in told


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    for name in [*PUBLISHED, "table"]:
        assert run_command(["schema", name]) == 0
        assert "$schema" in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_export_of_records(release: Summary, options: Options, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"records.{kind}"
    assert run_command(["export", kind, "--to", str(target), "--output", options.output]) == 0
    assert target.read_bytes() == (Path(release.release) / target.name).read_bytes()


def test_export_for_other_tools(
    release: Summary, options: Options, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for kind in EXPORTS:
        assert run_command(["export", kind, "--to", str(tmp_path / "x"), "--output", options.output]) == 0
        assert b"Zambia" in (tmp_path / "x").read_bytes()
    assert run_command(["export", "doc", "--output", options.output]) == 2


def test_evaluate_prints_scores_and_quotes_errors(
    release: Summary, options: Options, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = tmp_path / "gold.jsonl"
    project = {"id": "a.txt", "recipients": ["KEN"], "year": 2004, "amount": 5e6, "currency": "USD"}
    more = {"sector_code": "998", "funders": [{"name": "Zambia"}], "flow": "Grant", "status": "Completion"}
    gold.write_text(json.dumps(project | more) + "\n", encoding="utf-8")
    for source in ([], ["--documents", str(folder)]):
        assert run_command(["evaluate", str(gold), "--output", options.output, *source]) == 0
        told = capsys.readouterr().out
        assert "amount                       1.0000" in told
        assert "  a.txt: nothing (gold: 2004; 0.00) “Zambia lent Kenya $5m”" in told
    assert run_command(["evaluate", str(gold), "--output", options.output, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sector"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ([], 2, "corpus"),
        (["nosuch"], 1, "no aiddata/train.docs.jsonl below nosuch"),
        (["nosuch", "--only", "everything"], 2, "everything"),
        (["nosuch", "--config", "nosuch.toml"], 1, "cannot read the configuration nosuch.toml"),
    ],
)
def test_train_says_which_corpora_it_needs(
    arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["train", *arguments]) == status
    assert words in capsys.readouterr().err


def test_status(release: Summary, options: Options, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", options.input, "--output", options.output, "--direct", "--workers", "1"]) == 0
    capsys.readouterr()
    assert run_command(["status", "--output", options.output]) == 0
    told = capsys.readouterr().out
    assert f"unchanged: {release.version}" in told
    assert f"  {release.version}  1 records, 2 documents (0 quarantined), changes +1 -0 ~0" in told


def test_the_ending_of_a_run(
    options: Options, folder: Path, fake: FakeExtract, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "x.bin").write_bytes(b"x")
    assert run_command(["run", options.input, "--output", options.output, "--direct", "--workers", "1"]) == 3
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0].startswith(f"published {options.output}/releases/")
    assert lines[1:4] == [
        "documents    3: 1 with records, 1 without, 1 quarantined",
        "records      1",
        "changes      1 added (source)",
    ]
    assert "  x.bin: unsupported: no reader for .bin" in told.out
    assert lines[-1].endswith("report.html")
    assert "shard 1 of 1: 2 documents, 1 records, 0 quarantined" in told.err
