"""Texts whose lines a program broke are read as the same text flowed."""

import json
import textwrap
import time
from pathlib import Path

import pytest

from extractors.text import clean

ROOT = Path(__file__).parents[2]
DOCUMENTS = 10
WIDTHS = [45, 60, 72]


def texts() -> list[tuple[str, str, str]]:
    """Id, title and text of the seeds and the first documents of the corpus."""
    seeds = [(path.name, "", path.read_text(encoding="utf-8")) for path in sorted((ROOT / "seeds").glob("*.txt"))]
    with (ROOT / "corpus/dev.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line, _ in zip(stream, range(DOCUMENTS), strict=False)]
    return seeds + [(row["id"], row["title"] or "", row["text"]) for row in rows]


def broken(line: str, width: int) -> list[str]:
    """Break a line; rows of tables are left whole, as every program that breaks lines leaves them."""
    if len(line) <= width or "\t" in line or line.count("|") > 1 or "  " in line.strip():
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, expand_tabs=False, replace_whitespace=False)


def wrapped(text: str, width: int) -> str:
    return "\n".join(part for line in text.split("\n") for part in broken(line, width))


def justified(text: str, width: int) -> str:
    return "\n".join(
        spread(part, width) if part is not parts[-1] else part
        for line in text.split("\n")
        for parts in [broken(line, width)]
        for part in parts
    )


def spread(line: str, width: int) -> str:
    """Fill a line up to its width with blanks between its words, more of them at its left."""
    words = line.split()
    words[0] = line[: line.index(words[0])] + words[0]
    room = width - sum(map(len, words))
    if len(words) < 2 or room < len(words) - 1:
        return line
    gap, more = divmod(room, len(words) - 1)
    return "".join(word + " " * (gap + (i < more)) for i, word in enumerate(words[:-1])) + words[-1]


def double_spaced(text: str, width: int) -> str:
    return wrapped(text, width).replace("\n", "\n\n")


def marked(text: str, width: int) -> str:
    """Break lines as ``fold -s`` and mail in ``format=flowed`` do: the blank where a line was broken stays."""
    return "\n".join(" \n".join(broken(line, width - 1)) for line in text.split("\n"))


def apart(text: str) -> str:
    """Put a blank line between all paragraphs, as most writers do."""
    return "\n\n".join(line for line in text.split("\n") if line.strip())


LETTER = (
    "The Ministry of Works of Ghana and the Danish agency agreed in March 2014 on a grant of 30 million kroner "
    "for state-owned water works in Tamale. It is to be paid over four years, and Kumasi will follow in 2016.\n\n"
    "The second phase, for which the European Union has promised as much again, begins when the books of the "
    "first are closed.\n\nThe agency pays for the design and half of the works, and its engineers stay in Tamale until "
    "the pumps have run for a year; the Ministry finds the land, the staff and the rest of the money."
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("broken_by", [wrapped, justified, double_spaced])
def test_a_letter_reads_as_if_its_lines_flowed(broken_by, width: int) -> None:  # type: ignore[no-untyped-def]
    assert clean(broken_by(LETTER, width)).text == LETTER


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("broken_by", [wrapped, justified, double_spaced])
def test_every_word_is_the_same_and_nearly_every_line(broken_by, width: int) -> None:  # type: ignore[no-untyped-def]
    lines, kept = 0, 0
    for name, title, text in texts():
        head = f"{title}\n" if title else ""
        flowed = clean(head + text, title=len(title)).text
        read = clean(head + broken_by(text, width), title=len(title)).text
        assert read.split() == flowed.split(), name
        there = {line.strip() for line in read.splitlines()}
        lines += len(flowed.splitlines())
        kept += sum(line.strip() in there for line in flowed.splitlines())
    assert kept >= 0.97 * lines


@pytest.mark.parametrize("width", WIDTHS)
def test_all_are_the_same_where_breaks_leave_their_blank(width: int) -> None:
    for name, title, text in texts():
        head = f"{title}\n" if title else ""
        flowed = clean(head + text, title=len(title)).text
        assert clean(head + marked(text, width), title=len(title)).text == flowed, name


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("named", "made", "broken_by"),
    [("000", str, justified), ("000", apart, wrapped), ("000", apart, double_spaced), ("004", apart, marked)],
)
def test_a_seed_is_the_same_where_its_lines_tell(named, made, broken_by, width: int) -> None:  # type: ignore[no-untyped-def]
    """Else a full line that ends a paragraph cannot be told from a broken one: up to four of 58 are joined."""
    (text,) = (made(text) for name, _, text in texts() if name.startswith(named))
    assert clean(broken_by(text, width)).text == clean(text).text


BOOK = "\n".join(
    f"  {place} signed the loan in Tunis in May {year}, and the first half of the money was paid at once, which "
    "surprised all the others. Three years later the bank asked for the books of the port, and the minister wrote that "
    f"they had been lost at sea. {rest}"
    for place, year, rest in (
        ("Norway", 2011, "The second half was given to Sfax, whose port has grown in every single year since."),
        ("The Netherlands", 2012, "Nobody believed him."),
        (
            "Côte d'Ivoire",
            2013,
            "The books were found in 2019, and they show that two banks had paid for the same port.",
        ),
        ("Peru", 2015, "It has asked for its money ever since, and was given a ship in its place."),
        ("Oman", 2016, "It was paid back within the year."),
    )
)


@pytest.mark.parametrize("width", range(40, 81, 4))
def test_a_paragraph_that_begins_deeper_stays_apart(width: int) -> None:
    assert clean(wrapped(BOOK, width)).text == BOOK


@pytest.mark.parametrize("width", range(40, 81, 4))
def test_a_list_whose_items_hang_is_the_same(width: int) -> None:
    items = BOOK.replace("  ", "- ")
    lines = (textwrap.wrap(item, width, subsequent_indent="  ") for item in items.split("\n"))
    assert clean("\n".join(line for item in lines for line in item)).text == items


def test_a_double_spaced_text_keeps_the_blanks_of_empty_lines() -> None:
    text = LETTER.replace("\n\n", "\n \n")
    assert clean(double_spaced(text, 60)).text == text


def test_short_justified_items_among_others_are_read() -> None:
    items = "- a loan\n- forty grants a year for students of both countries who want to spend a year away\n- the port"
    text = f"{items}\n{items}"
    assert clean(justified(text, 60)).text == text


@pytest.mark.parametrize(
    "text",
    [
        "Grants by country\n"
        "Kenya, wells in the north        500\n"
        "Ghana, the port of Tema        1,300\n"
        "Togo, a clinic                    40\n"
        "Mali, roads                        7\n",
        "Kenya\t2011\t500\nGhana\t2012\t300\nTogo\t2013\t400\n" * 3,
        "Kenya        2011    a grant for wells         500\n"
        "Ghana        2012    a loan for the port       300\n"
        "Togo         2013    a clinic in the north     400\n",
        "- a shared laboratory in Lima for the study of soils\n- grants for forty students of both countries\n"
        "- a fund for towns on the coast of the two countries\n- yearly talks between the ministers of finance\n",
        "To:      the Minister\nFrom:    the Embassy\nSubject: the visit of the delegation in the spring\n",
        "a\fb\n\nc",
        "Peru signed first.\nChile followed in May.\nBrazil has asked for time and will not sign this year.\n",
    ],
)
def test_lines_that_their_writer_ended_stay(text: str) -> None:
    assert clean(text).text == text


def test_a_list_of_wrapped_items_keeps_its_items() -> None:
    items = (
        "- a laboratory for soils in Lima, which the two academies run together and pay for in equal parts\n"
        "- forty grants a year for students of both countries who want to spend a year on the other side\n"
        "- a fund of $5 million for small towns on the coast that were hit by the storms of last winter"
    )
    assert clean(wrapped(items, 45)).text == items


SURVEY = (
    "The academy names one programme that it has kept going for thirty years, and it pays for it alone.\n"
    "Partners of the First Ten Years\n"
    "The ministry ran the five-year plan for informatics (2016 – 2020) with the Korean side, and a review of the years "
    "2011-2013 shows that half of the money was spent on laboratories in Lima, Quito and La Paz.\n\n"
)


@pytest.mark.parametrize("width", range(40, 81))
def test_a_heading_stays_apart_and_a_bracket_or_a_range_of_years_goes_on(width: int) -> None:
    assert clean(wrapped(SURVEY + LETTER, width)).text == SURVEY + LETTER


@pytest.mark.parametrize(
    "after",
    [
        "2011-2013: the first phase, with a laboratory in Lima",
        "2014 – the second phase, for which the academy paid",
        "- (a) a third phase",
        "The end. And then",
    ],
)
def test_an_entry_after_a_full_line_stays_apart(after: str) -> None:
    text = f"{wrapped(LETTER, 60)}\n\nThe academies worked together in three phases and each told it:\n{after}\n"
    assert f"\n{after}\n" in clean(text).text


def test_hyphens_of_compounds_are_kept_and_those_of_lines_dropped() -> None:
    assert clean("a state-\nowned bank paid for infra-\nstructure").text == "a state-owned bank paid for infrastructure"
    assert clean("honey-process beans, honey-\nprocess roasts").text == "honey-process beans, honey-process roasts"


def test_the_given_title_stays_a_line() -> None:
    title = "A loan for the harbour of Lima that will be paid"
    text = "back in ten years, says the\nministry. The bank, whose\nhead was in Lima, agreed to\nthis on Monday."
    assert clean(f"{title}\n{text}", title=len(title)).text.startswith(f"{title}\n")


@pytest.mark.parametrize("text", ["/" * 300_000 + "-\na", "Yes.  " * 60_000, "a-\n" * 30_000, '."' * 200_000])
def test_time_is_linear_in_the_length(text: str) -> None:
    started = time.process_time()
    clean(text)
    assert time.process_time() - started < 10
