"""Inputs to read, a fake extractor to read them with, and one Prefect server for the session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import core, scoring, shards
from flows.options import Options
from tests.fake_extractor import FakeExtract


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeExtract:
    """The extractor that this process reads with."""
    extract = FakeExtract()

    def extractor(model: str | None) -> FakeExtract:
        return extract

    monkeypatch.setattr(shards, "extractor", extractor)
    monkeypatch.setattr(core, "extractor", extractor)
    monkeypatch.setattr(scoring, "extractor", extractor)
    return extract


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small input of two notes."""
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("Zambia lent Kenya $5m.", encoding="utf-8")
    (folder / "deep" / "b.md").write_text("Nothing is lent here.", encoding="utf-8")
    return folder


@pytest.fixture
def options(folder: Path, tmp_path: Path) -> Options:
    """A run of that input with one worker."""
    return Options(input=str(folder), output=str(tmp_path / "out"), workers=1)


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server that all tests of the session share."""
    from flows.settings import START_SECONDS, prepare

    prepare(quiet=True)
    from flows.prefect_side import at_server
    from flows.server import Server

    server = Server(tmp_path_factory.mktemp("prefect"))
    server.start()
    try:
        server.wait(START_SECONDS)
        with at_server(server):
            yield server.url
    finally:
        server.stop()
