"""Windows: they cover a text once, and show what stands above."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.reader.pieces import candidates
from extractors.reader.relations import relations, visible
from extractors.reader.windows import LONGEST, inputs, windows
from extractors.text.outline import Outline
from tests.hostile.work import lines_run
from tests.reader.reading import VOCABULARY, mentions_of, pieces_of

LINE = "The fund gave {n} schools a grant of {n} million dollars in 20{n:02d}, as it had before in other towns."


def long_text(lines: int) -> str:
    return "Aid to Zambia\n\n" + "\n".join(LINE.format(n=n % 90 + 1) for n in range(lines))


@pytest.mark.parametrize("lines", [0, 1, 5, 20, 21, 22, 40, 77, 200])
def test_cores_cover_the_text_once(lines: int) -> None:
    text = long_text(lines)
    pieces = pieces_of(text)
    found = windows(pieces, Outline(text))
    cores = [one.core for one in found]
    assert cores[0][0] == 0 and cores[-1][1] == len(pieces)
    assert all(a[1] == b[0] for a, b in zip(cores, cores[1:], strict=False))
    for one in found:
        assert len(one.order) <= LONGEST + 2
        assert set(range(*one.core)) <= set(one.place)


@pytest.mark.parametrize("rows", range(30, 60))
def test_what_stands_above_leaves_room_for_the_core(rows: int) -> None:
    title = (
        "The register of projects that the fund for roads, water and schools has paid for, with notes on all of them"
    )
    heads = (
        "No. | Recipient of the money | Purpose of the project | Signed on the day | Amount in USD million | "
        "Remarks of the board | Office | Page of the annual report | Code of the sector | State of the works"
    )
    table = "\n".join(f"{n} | Country{n} | water works of town {n} in the north | {n}.5" for n in range(rows))
    text = f"{title}\n\n## Projects that were paid for\n\n{heads}\n{table}"
    found = windows(pieces_of(text), Outline(text))
    assert all(len(one.order) <= LONGEST + 2 for one in found)


@settings(max_examples=30, deadline=None)
@given(st.text(alphabet="ab .\n\t|", min_size=1, max_size=4000))
def test_any_text_has_windows_that_the_encoder_can_take(text: str) -> None:
    pieces = pieces_of(text)
    for one in windows(pieces, Outline(text)):
        ids, shapes, tags = inputs(one, pieces, VOCABULARY)
        assert len(ids) == len(shapes) == len(tags) == len(one.order) <= LONGEST + 2
        assert ids[0] == VOCABULARY.begin and ids[-1] == VOCABULARY.end


def test_later_windows_begin_with_the_title() -> None:
    text = long_text(80)
    pieces = pieces_of(text)
    last = windows(pieces, Outline(text))[-1]
    shown = [text[pieces.starts[i] : pieces.ends[i]] for i in last.order[1:4].tolist()]
    assert shown == ["Aid", "to", "Zambia"]


def test_rows_of_a_long_table_are_read_with_its_heads() -> None:
    rows = "\n".join(f"{n} | Country{n} | water works of town {n} in the north | {n}.5" for n in range(120))
    text = f"Projects\n\nNo. | Recipient | Purpose | USD m\n{rows}"
    pieces = pieces_of(text)
    last = windows(pieces, Outline(text))[-1]
    shown = " ".join(text[pieces.starts[i] : pieces.ends[i]] for i in last.order[1:20].tolist() if i >= 0)
    assert "Recipient" in shown


def test_relations_weigh_the_pieces_of_each_act_and_candidate() -> None:
    text = "Japan lent Kenya money. Later, in 2004, it gave Zambia a school."
    mentions = mentions_of(text)
    pieces = pieces_of(text, mentions)
    (window,) = windows(pieces, Outline(text))
    found = visible(window, candidates(pieces, mentions, dated=True))
    act = pieces.within(text.index("gave"), text.index("gave") + 4)
    told = relations(window, pieces, [act], found)
    assert told.act_pieces.sum() == pytest.approx(1)
    assert told.candidate_pieces.sum(axis=1)[:-1] == pytest.approx(1)
    assert told.candidate_pieces[-1].sum() == 0  # the document's date stands nowhere
    names = [one.mention.text if one.mention else "" for one in found]
    assert told.sentences[0][names.index("Zambia")] == 4  # the act's own sentence
    assert told.sentences[0][names.index("Kenya")] == 3  # the one before


def test_the_work_grows_as_the_number_of_rows_does() -> None:
    def work(rows: int) -> int:
        text = "".join(f"{n}\t{n}\t{n}\n" for n in range(rows))
        pieces, outline = pieces_of(text), Outline(text)
        return lines_run(lambda: windows(pieces, outline))

    assert work(4_000) < 6 * work(1_000)
