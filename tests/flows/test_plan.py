"""What changed is cut into shards, each named by its content; added documents take no other's place."""

from pathlib import Path

import pytest

from coopledger import open_release
from flows import plan
from flows.errors import InputError
from flows.options import Options
from flows.run import run_direct
from flows.sources import discover
from tests.support.fake_extractor import FakeExtract

PROGRAM = {"code": "c", "config": "f", "model": "m", "tables": "t"}


def notes(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / f"n{number:02}.txt").write_text(f"Zambia lent Kenya ${number + 1}m.", encoding="utf-8")


def test_shards_are_cut_by_number_and_by_size(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes(folder, 4)
    monkeypatch.setattr(plan, "SHARD_BYTES", 45)
    work = plan.plan(discover(str(folder)), None, PROGRAM, Options(scratch=str(tmp_path / "s")))
    assert [shard.documents for shard in work.shards] == [2, 2, 2]
    assert work.to_read == 6


def test_the_key_of_a_shard_is_its_content(folder: Path, tmp_path: Path) -> None:
    def key(program: dict[str, str] = PROGRAM) -> str:
        return plan.plan(discover(str(folder)), None, program, Options(scratch=str(tmp_path / "s"))).shards[0].result

    first = key()
    assert key() == first
    assert key(PROGRAM | {"tables": "u"}) != first
    (folder / "a.txt").write_text("other", encoding="utf-8")
    assert key() != first


def test_added_documents_take_no_other_s_place(
    options: Options, fake: FakeExtract, folder: Path, tmp_path: Path
) -> None:
    run_direct(options)
    more = tmp_path / "more"
    more.mkdir()
    (more / "a.txt").write_text("Peru lent Chile $1m.", encoding="utf-8")
    added = options.model_copy(update={"input": str(more), "add": True})
    with pytest.raises(InputError, match=r"'a.txt' \(\S*more/a.txt\); give the new ones a --prefix, or .*--replace"):
        run_direct(added)
    prefixed = run_direct(added.model_copy(update={"prefix": "more/"}))
    assert [one.id for one in open_release(prefixed.release).documents()] == ["a.txt", "deep/b.md", "more/a.txt"]
    replaced = run_direct(added.model_copy(update={"replace": True}))
    assert "Peru" in next(open_release(replaced.release).documents()).text  # type: ignore[operator]
    (more / "a.txt").write_text("Peru lent Chile $2m.", encoding="utf-8")
    assert run_direct(added).published  # from where it came from
