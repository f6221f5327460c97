"""Whose document it is, and what that lends to those who are named by their head or not at all."""

import pytest

from tests.frames.reading import records

REPORT = "Annual report 2016\n\nThe Polish Academy of Sciences had 90 guests. The Academy grew.\n\n"
LETTER = "Newsletter of the Kenya Wildlife Agency (KEWA)\n\nKEWA grew in 2019.\n\n"
PAGE = "About us\n\nMonash University is large. We teach. Our staff come from everywhere.\n\n"
DECK = "Peru's Science Diplomacy\n\n---\n\nAsia\n\n"
NOTHING = "A note on aid\n\nThe Polish Academy of Sciences is old.\n\n"


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        (REPORT + "In 2015 the Academy set up a laboratory with Charles University.", ["Polish Academy>Charles"]),
        (REPORT + "- France: joint laboratory opened in 2016", ["Polish Academy>France"]),
        (LETTER + "The agency signed an agreement with Botswana in 2019.", ["Kenya Wildlife Agency>Botswana"]),
        (PAGE + "We set up a joint laboratory with Tsinghua University in 2011.", ["Monash>Tsinghua"]),
        (DECK + "- Nepal: joint laboratory for glaciers, opened in 2012", ["Peru>Nepal"]),
        (NOTHING + "In 2015 the Bank lent Ghana $4 million.", []),
        (NOTHING + "US$5 were paid. US firms left.", []),
    ],
)
def test_a_document_of_a_body_names_it_by_its_head(text: str, acts: list[str]) -> None:
    found = [f"{r.actor.name}>{r.partner.name if r.partner else ''}" for r in records(text)]
    assert len(found) == len(acts)
    for act, got in zip(acts, found, strict=True):
        actor, partner = act.split(">")
        assert actor in got.split(">")[0]
        assert partner in got.split(">")[1]
