"""Which capitals name a party that no table knows, and which can name none."""

import pytest

from extractors.entities.amounts import find_amounts
from extractors.entities.parties import find_parties
from extractors.relations.frames.names import Names

THINGS = [
    ("They opened the Quick Impact Projects and a Velmora depot.", ["Velmora"]),
    ("Zanbank paid for the Olkari fields, the Rawdat power station and the Old Marl campus.", ["Zanbank"]),
    ("A cable, the Medlin cable, and the Koru highlands belong to Zentrix.", ["Zentrix"]),
    ("The Twelfth Week and the Garden Summit were opened by Velmora.", ["Velmora"]),
    ("Horizon Tech Week was run by Quellwerk II.", ["Quellwerk"]),
]
PLACES = [
    ("The plant stands at Dholavar, and workers live near Dholavar.", []),
    ("It invested in Zentrix and holds a stake in Velmora.", ["Zentrix", "Velmora"]),
    ("A port in Marlepo is used by Zentrix. Ships wait off Marlepo.", ["Zentrix"]),
]
PERSONS = [
    ("Anna Rojel, the deputy director, praised Zentrix, a maker of pumps.", ["Zentrix"]),
    ("It was said by Tom Marrel, an analyst in Oslo.", []),
    ("It was bought by Tom Marrel, a brewer in Oslo.", ["Tom Marrel"]),
]
LINES = [
    ("FOR RELEASE NOW\nVelmora lent it.", ["Velmora"]),
    ("Growing of late\nThe ties were told to Velmora.", ["Velmora"]),
    ("• Strengthened links\n• Loan from Velmora\n• Signed in May", ["Velmora"]),
]


@pytest.mark.parametrize(("text", "names"), [*THINGS, *PLACES, *PERSONS, *LINES])
def test_names_that_capitals_betray(text: str, names: list[str]) -> None:
    found = Names(text, find_parties(text), find_amounts(text)).unknown
    assert [party.text for party in found] == names
