"""Inputs to read, a fake extractor to read them with, and one Prefect server for the session."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

import pytest

from flows.server import Server, flush_logs, prepare

prepare()

from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: E402 - what is prepared must stand before it

from flows import run, runners, scores, shards  # noqa: E402 - likewise
from flows.options import Options  # noqa: E402 - likewise
from flows.places import Place  # noqa: E402 - likewise
from tests.support.fake_extractor import FakeExtract  # noqa: E402 - likewise
from tests.support.pools import Here  # noqa: E402 - likewise


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeExtract:
    """The extractor that this process reads with."""
    monkeypatch.setattr(runners, "Worker", Here)
    extract = FakeExtract()

    def extractor(model: str | None, threshold: float = 0.3) -> FakeExtract:
        return extract

    monkeypatch.setattr(shards, "extractor", extractor)
    monkeypatch.setattr(run, "extractor", extractor)
    monkeypatch.setattr(scores, "extractor", extractor)
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


@pytest.fixture
def shut(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of folders that cannot be listed, and of files that cannot be opened, be the user root or not."""
    names: set[str] = set()
    scandir, open_file, read = os.scandir, Place.open, Place.read

    def refuse(path: object) -> None:
        if PurePath(str(path)).name in names:
            raise PermissionError(13, "Permission denied", str(path))

    def listing(path: str) -> Any:
        refuse(path)
        return scandir(path)

    def opening(self: Place, mode: str = "rb") -> Any:
        refuse(self.path)
        return open_file(self, mode)

    def reading(self: Place) -> bytes:
        refuse(self.path)
        return read(self)

    monkeypatch.setattr(os, "scandir", listing)
    monkeypatch.setattr(Place, "open", opening)
    monkeypatch.setattr(Place, "read", reading)
    return names


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server that all tests of the session share; it has its tables from the start."""
    at_once = {"PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.2"}  # seconds, not five
    server = Server(tmp_path_factory.mktemp("prefect"), settings=at_once)
    try:
        server.start()
        server.wait()
        with temporary_settings({PREFECT_API_URL: server.url}):
            yield server.url
            flush_logs()
    finally:
        server.stop()
