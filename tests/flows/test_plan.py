"""What changed is cut into shards, each named by its content; added documents take no other's place."""

import gzip
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from coopledger import open_release
from flows import plan, run, shards
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


def book(*rows: tuple[str, str]) -> bytes:
    made = openpyxl.Workbook()
    for row in [("id", "text"), *rows]:
        made.worksheets[0].append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def lines(*rows: tuple[str, str]) -> bytes:
    return "".join(json.dumps({"id": name, "text": text}) + "\n" for name, text in rows).encode()


def table(*rows: tuple[str, str]) -> bytes:
    return "".join(f"{','.join(row)}\n" for row in [("id", "text"), *rows]).encode()


def packed(*rows: tuple[str, str]) -> bytes:
    return gzip.compress(lines(*rows))


@pytest.mark.parametrize(
    ("name", "write"), [("c.jsonl", lines), ("c.jsonl.gz", packed), ("c.csv", table), ("c.xlsx", book)]
)
def test_rows_of_an_added_corpus_may_move(
    options: Options, fake: FakeExtract, tmp_path: Path, name: str, write: Callable[..., bytes]
) -> None:
    run_direct(options)
    added = options.model_copy(update={"input": str(tmp_path / name), "add": True})
    (tmp_path / name).write_bytes(write(("x", "Mali lent Togo $2m"), ("y", "Oman lent Peru $1m")))
    run_direct(added)
    now = write(("w", "New"), ("x", "Mali lent Togo $2m"), ("y", "Oman lent Peru $3m"))
    (tmp_path / name).write_bytes(now)
    assert run_direct(added).causes == {"changed (source)": 1}
    (tmp_path / f"other {name}").write_bytes(write(("y", "Oman lent Peru $4m")))
    with pytest.raises(InputError, match="other documents of the same ids: 'y'"):
        run_direct(added.model_copy(update={"input": str(tmp_path / f"other {name}")}))


def test_two_outputs_may_share_a_scratch_folder(
    options: Options, fake: FakeExtract, folder: Path, tmp_path: Path
) -> None:
    (folder / "c.csv").write_bytes(table(("x", "Mali lent Togo $2m")))
    one = options.model_copy(update={"scratch": str(tmp_path / "s")})
    other = one.model_copy(update={"output": str(tmp_path / "other")})
    both = []
    for each in (one, other):
        run.check(each)
        both.append(run.make_plan(run.find_documents(each), each))
    done = [shards.extract_shard(shard) for shard in both[1].shards]
    assert run.read_and_publish(both[0], one).published
    assert run.publish_release(both[1], done, other).version


def test_a_shard_folder_is_that_of_one_output_on_one_machine(options: Options, tmp_path: Path) -> None:
    shared = options.model_copy(update={"scratch": "s3://bucket/s/"})
    run.check(shared)
    first = shared.shards
    run.check(shared)
    assert shared.shards == first and first.startswith("s3://bucket/s/")
    shutil.rmtree(shared.home)  # another machine
    run.check(shared)
    assert shared.shards != first
