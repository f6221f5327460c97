"""The package as others see it: its public names, what they load, and its examples."""

import doctest
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import coopledger
import extractors
from flows.cli import run_command
from ledger.release.validate import validate
from schemas.extras import EXTRAS, MissingExtraError, requires_extra
from tests.support.releases import LATER, documents, published

ROOT = Path(__file__).parents[1]
OPENS = """
import sys
from coopledger import open_release
print(*{name.partition(".")[0] for name in sys.modules})
"""
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(sys.argv.pop(1).split()))  # None: they fail as if they were not installed
from coopledger.__main__ import main
main()
"""
HEAVY = {"spacy", "scipy", "prefect", "pandas", "onnxruntime", "jinja2", "fastapi", "typer", "filelock", "pycountry"}


@pytest.mark.slow
def test_open_release_loads_little() -> None:
    run = subprocess.run([sys.executable, "-c", OPENS], cwd=ROOT, capture_output=True, text=True)
    assert not run.stderr
    assert not HEAVY & set(run.stdout.split())


@pytest.mark.parametrize("name", coopledger.__all__)
def test_each_public_name_is_there(name: str) -> None:
    assert getattr(coopledger, name)
    assert name in dir(coopledger)


@pytest.mark.parametrize("name", extractors.__all__)
def test_the_contracts_imports_hold(name: str) -> None:
    assert getattr(extractors, name) is getattr(coopledger, name)


def test_no_other_name_is_public() -> None:
    with pytest.raises(AttributeError, match="no attribute 'publish'"):
        _ = coopledger.publish


def test_its_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path / "output", documents(3))
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testmod(coopledger)
    assert outcome.attempted > 8 and not outcome.failed


@pytest.mark.parametrize("room", ["coopledger", "schemas", "extractors", "ledger", "review", "flows"])
def test_types_are_shipped(room: str) -> None:
    assert (ROOT / room / "py.typed").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "command", "told"),
    [
        ("typer", "status", "the command line needs coopledger[flows]: pip install 'coopledger[flows]'"),
        ("uvicorn", "review", "coopledger review needs coopledger[review]: pip install 'coopledger[review]'"),
        ("spacy", "run --direct", "coopledger run needs coopledger[extract]: pip install 'coopledger[extract]'"),
        ("s3fs", "run s3://a/b --direct", "s3://a/b needs coopledger[s3]: pip install 'coopledger[s3]'"),
    ],
)
def test_a_missing_extra_is_told_in_a_line(missing: str, command: str, told: str, tmp_path: Path) -> None:
    published(tmp_path / "output", documents(1))
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Norway gave Malawi 2 million dollars in 2012 for schools.")
    run = [sys.executable, "-c", WITHOUT, missing, *command.split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (done.stderr.splitlines()[-1:], done.returncode) == ([f"coopledger: {told}"], 2)
    assert "Traceback" not in done.stderr


def test_training_without_torch_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "all-mpnet-base-v2").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert run_command(["train", "--only", "reader", ".", str(ROOT)]) == 2
    told = "coopledger: training needs coopledger[train]: pip install 'coopledger[train]'"
    assert capsys.readouterr().err.splitlines()[-1:] == [told]


@pytest.mark.slow
def test_a_release_is_read_where_no_extra_is_installed(tmp_path: Path) -> None:
    published(tmp_path, documents(2))
    code = f"""
import sys
sys.modules.update(dict.fromkeys({sorted(EXTRAS)}))
from coopledger import open_release, read_changes
print(len(open_release(sys.argv[1]).frame()), len(list(read_changes(sys.argv[1]))))
"""
    run = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    release = coopledger.open_release(tmp_path)
    assert done.stdout.split() == [str(release.manifest.counts.records)] * 2


def test_a_library_of_an_extra_is_told_by_the_name_of_the_extra() -> None:
    with (
        pytest.raises(MissingExtraError, match=r"^coopledger.load needs coopledger\[extract\]: pip install"),
        requires_extra("coopledger.load"),
    ):
        raise ModuleNotFoundError("No module named 'spacy'", name="spacy")
    with pytest.raises(ModuleNotFoundError, match="No module named 'ours'"), requires_extra("coopledger.load"):
        raise ModuleNotFoundError("No module named 'ours'", name="ours")


def test_each_library_belongs_to_an_extra() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    named = {name: {canonicalize_name(Requirement(one).name) for one in extras[name]} for name in EXTRAS.values()}
    projects = {library: canonicalize_name(found[0]) for library, found in packages_distributions().items()}
    brought = {library: projects.get(library, library) for library in EXTRAS}
    assert not {library for library, extra in EXTRAS.items() if brought[library] not in named[extra]}
    libraries = set(brought.values()) | {"scikit-learn", "coopledger", "numpy"}
    assert not set().union(*named.values()) - libraries


def test_a_page_about_the_output_folder_is_left_alone(tmp_path: Path) -> None:
    about = tmp_path / "README.md"
    about.write_bytes((ROOT / "output" / "README.md").read_bytes())
    first = published(tmp_path, documents(2))
    (tmp_path / ".staging-1999").mkdir()  # of a run that was killed
    second = published(tmp_path, documents(3), now=LATER)
    assert not validate(first.path) and not validate(second.path)
    assert about.read_bytes() == (ROOT / "output" / "README.md").read_bytes()
    assert not (tmp_path / ".staging-1999").exists()


def test_the_reader_says_nothing_to_anybody_where_the_home_folder_cannot_be_written() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    call = [sys.executable, "-c", "import extractors.reader.network"]
    found = subprocess.run(call, env=environment | {"HOME": "/proc/none"}, capture_output=True, text=True, check=True)
    assert (found.stdout, found.stderr) == ("", "")
