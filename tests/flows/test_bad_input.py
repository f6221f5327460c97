"""Bad input: one clear line, the right exit status, nothing published, nothing of an earlier release touched."""

import errno
import os
import socket
from pathlib import Path

import pytest

from flows.cli import run_command
from ledger.release.layout import Output
from ledger.release.read import read_versions
from tests.support.fake_extractor import FakeExtract

pytest_plugins: list[str] = []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("coopledger:")]
    assert len(lines) == 1, lines
    return lines[0]


def nothing_published(out: Path) -> bool:
    return not read_versions(Output(out)).releases if out.is_dir() else True


def run(source: Path | str, out: Path, *options: str) -> int:
    return run_command(["run", str(source), "--output", str(out), "--direct", "--workers", "1", *options])


def test_documents_that_cannot_be_read_are_quarantined_with_a_reason(
    folder: Path, out: Path, fake: FakeExtract, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "c.jsonl").write_bytes(b'{"id": "ok", "text": "Peru lent Chile $1m"}\n{"id": \n')
    assert run(folder, out) == 3
    told = capsys.readouterr().out
    for name, reason in {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "broken.pdf": "unreadable",
        "broken.docx": "unreadable",
        "locked.docx": "encrypted",
        "c.jsonl:2": "malformed_line: line 2",
    }.items():
        assert f"  {name}: {reason}" in told
    assert "documents    9: 2 with records, 1 without, 6 quarantined" in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_quarantined(folder: Path, out: Path, fake: FakeExtract) -> None:
    (folder / "a.txt").chmod(0)
    assert run(folder, out) == 3


def test_a_missing_input(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none", out) == 2
    assert "no such input" in said(capsys)
    assert nothing_published(out)


def test_an_input_without_documents(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert run(tmp_path / "in", out) == 1
    assert "no documents in" in said(capsys)
    assert nothing_published(out)


def test_a_duplicate_id(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "c.jsonl"
    corpus.write_bytes(b'{"id": "x", "text": "one"}\n{"id": "x", "text": "two"}\n')
    assert run(corpus, out) == 1
    assert f"{corpus} line 1 and {corpus} line 2" in said(capsys)
    assert nothing_published(out)


def test_an_output_that_is_no_ledger_is_left_alone(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    assert run(folder, out) == 1
    assert "is not a ledger" in said(capsys)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_an_output_that_is_a_file(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.write_text("mine")
    assert run(folder, out) == 1
    assert "is a file" in said(capsys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_that_cannot_be_written(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out.mkdir(mode=0o500)
    assert run(folder, out) == 1
    assert "ermission" in said(capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--nosuch"], "No such option"),
        (["nosuch"], "No such command"),
        (["run", "--workers", "0"], "workers"),
        (["run", "--workers", "two"], "workers"),
        (["run", "--runner", "spark"], "spark"),
        (["run", "--slow-seconds", "inf"], "604800"),
        (["run", "--slow-seconds", "nan"], "slow-seconds"),
        (["run", "--slow-seconds", "1e12"], "604800"),
        (["run", "--slow-seconds", "0"], "0.001"),
        (["refresh", "--slow-seconds", "inf"], "604800"),
        (["run", "--direct", "--accept-gate", "nosuch"], "nosuch"),
        (["run", "--direct", "--replace"], "--replace goes with --add"),
        (["run", "--direct", "--scheduler", "tcp://x:1"], "--scheduler goes with --runner dask"),
        (["evaluate"], "Missing argument"),
        (["evaluate", "nosuch.jsonl"], "nosuch.jsonl"),
        (["schema", "nosuch"], "nosuch"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(arguments) == 2
    assert words in said(capsys)


def test_a_name_that_no_release_could_hold_is_told_before_anything_is_read(
    folder: Path, out: Path, fake: FakeExtract, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["run", "caf\udce9"], ["run", str(folder), "--direct", "--output", f"{out}\udce9"]):
        assert run_command(arguments) == 2
        assert "is no name in UTF-8" in said(capsys)
    assert fake.read_ids == []


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([]) == 2
    assert "evaluate" in "".join(capsys.readouterr())


def test_a_missing_model(folder: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, out, "--model", "no_such_pipeline") == 2
    assert "no_such_pipeline" in said(capsys)
    assert nothing_published(out)


def test_gold_that_is_no_gold(folder: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"x": 1}\n')
    assert run(folder, out, "--gold", str(gold)) == 1
    assert "gold.jsonl, line 1" in said(capsys)
    assert nothing_published(out)


def test_a_gate_that_fails_publishes_nothing_and_can_be_overridden(
    folder: Path, out: Path, fake: FakeExtract, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(20):
        (folder / f"n{number}.txt").write_text(f"Peru lent Chile ${number + 1}m.")
    assert run(folder, out) == 0
    for number in range(20):
        (folder / f"n{number}.txt").write_text("Nothing at all.")
    capsys.readouterr()
    assert run(folder, out) == 1
    assert "removals" in said(capsys)
    assert len(read_versions(Output(out)).releases) == 1
    assert run(folder, out, "--accept-gate", "removals", "--accept-gate", "filled") == 0


def test_an_unforeseen_error_is_one_line_too(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(address: str, search: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("flows.run.discover", fail)
    assert run(folder, out) == 1
    assert said(capsys) == "coopledger: ZeroDivisionError: by zero (COOPLEDGER_DEBUG=1 shows where)"
    monkeypatch.setenv("COOPLEDGER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run(folder, out)


def test_nothing_is_there_to_look_at(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["validate", "latest"], ["diff", "latest"], ["export", "csv"], ["review"]):
        assert run_command([*command, "--output", str(out)]) == 1
        assert str(out) in said(capsys)
    assert run_command(["status", "--output", str(out)]) == 0


def test_a_corpus_without_such_columns_publishes_nothing(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], fake: FakeExtract
) -> None:
    corpus = tmp_path / "c.csv"
    corpus.write_text("number,body\nx,Peru lent Chile $1m\n")
    assert run(corpus, out) == 2
    assert "perhaps --id 'number' --text 'body'" in said(capsys)
    assert nothing_published(out)
    assert run(corpus, out, "--id", "number", "--text", "body") == 0


def test_the_status_is_3_as_long_as_a_document_cannot_be_read(
    folder: Path, out: Path, capsys: pytest.CaptureFixture[str], fake: FakeExtract
) -> None:
    (folder / "empty.txt").write_bytes(b"")
    assert (run(folder, out), run(folder, out)) == (3, 3)
    assert "nothing changed" in capsys.readouterr().out
    (folder / "empty.txt").unlink()
    assert run(folder, out) == 0


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that nobody may write to")
def test_an_output_that_nobody_can_write_is_told_before_anything_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], fake: FakeExtract
) -> None:
    for arguments in (
        ["run", str(folder), "--output", "/sys/kernel/out"],
        ["serve", str(folder), "-o", "/sys/kernel/out"],
    ):
        assert run_command(arguments) == 1
        assert said(capsys).startswith("coopledger: cannot write to /sys/kernel/out: ")
    assert fake.read_ids == []


def test_a_full_disk_is_told_before_anything_is_read(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fake: FakeExtract
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("flows.run.TemporaryFile", full)
    for arguments in (["run", str(folder)], ["run", str(folder), "--direct"], ["refresh"]):
        assert run_command([*arguments, "--output", str(out)]) == 1
        assert said(capsys) == f"coopledger: cannot write to {out}: No space left on device"
    assert fake.read_ids == []


@pytest.mark.parametrize("home", ["nosuch/home", "/dev/null"])
def test_a_home_that_is_missing_or_cannot_be_written_is_told_before_a_server_is_started(
    folder: Path, out: Path, home: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("HOME", str(out.parent / home))
    for command in (["run", str(folder)], ["refresh"], ["serve", str(folder)]):
        assert run_command([*command, "--output", str(out)]) == 1
        told = said(capsys)
        assert told.startswith(f"coopledger: cannot write to {out.parent / home}/.prefect, where Prefect keeps its ")
        assert told.endswith("; set PREFECT_HOME to a folder that can be written, or run --direct")
    assert not (out / ".coopledger" / "prefect").exists()


def test_a_busy_port_is_one_line(
    folder: Path, out: Path, fake: FakeExtract, capsys: pytest.CaptureFixture[str]
) -> None:
    run(folder, out)
    capsys.readouterr()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments in (["review", "-o", str(out)], ["serve", str(folder), "-o", str(out)]):
            assert run_command([*arguments, "--port", port]) == 1
            line = f"cannot listen on 127.0.0.1:{port}: Address already in use; --port takes another"
            assert said(capsys) == f"coopledger: {line}"


def test_a_server_that_is_away_is_one_line(
    folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/api"
    monkeypatch.setenv("PREFECT_API_URL", url)
    for command in ("run", "serve"):
        assert run_command([command, str(folder), "--output", str(out)]) == 1
        assert said(capsys).startswith(f"coopledger: no Prefect server answers at {url} (PREFECT_API_URL): ")


def test_every_option_of_a_run_is_one_of_the_flow() -> None:
    import typer

    from flows.cli import app
    from flows.options import Options

    asked = {one.name for one in typer.main.get_command(app).commands["run"].params} - {"direct", "help"}  # type: ignore[attr-defined]
    columns = {"id", "title", "text", "date", "source"}
    assert asked - columns - {"accept_gate"} | {"columns", "accept_gates"} == set(Options.model_fields)


def test_limits_of_gates_can_be_set(folder: Path, out: Path, tmp_path: Path, fake: FakeExtract) -> None:
    for number in range(20):
        (folder / f"n{number}.txt").write_text(f"Peru lent Chile ${number + 1}m.")
    assert run(folder, out) == 0
    for number in range(10):
        (folder / f"n{number}.txt").unlink()
    limits = tmp_path / "gates.toml"
    limits.write_text("[removals]\nshare = 0.9\n")
    assert run(folder, out) == 1
    assert run(folder, out, "--gates", str(limits)) == 0


@pytest.mark.parametrize("text", ["share = 0.9\n", "removals = 0.9\n", "removals = [1]\n", "[removal]\nshare = 0.9\n"])
def test_limits_of_gates_that_are_no_limits(
    text: str, folder: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gates.toml").write_text(text)
    assert run(folder, out, "--gates", str(tmp_path / "gates.toml")) == 2
    assert "gates.toml sets no limits of gates: " in said(capsys)


@pytest.mark.parametrize("address", ["s3://bucket/out", "s3:/bucket/out", "file:///tmp/out", "gs://bucket"])
def test_releases_are_not_written_to_an_address(
    address: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    for command in (["run", str(folder), "--direct"], ["run", str(folder)], ["refresh"], ["serve", str(folder)]):
        assert run_command([*command, "-o", address]) == 2
        assert "releases need a file system with rename" in said(capsys)
    assert sorted(tmp_path.iterdir()) == before
