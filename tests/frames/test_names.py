"""Which capitals name a party that no table knows, and which can name none."""

import pytest

from extractors.entities.amounts import find_amounts
from extractors.entities.parties import find_parties
from extractors.relations.frames.who.names import Names

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


JOINED = [
    ("Geoscience Brazil has given it; Meanwhile Kenya and a Velmora came.", {"Geoscience Brazil": "BRA"}),
    ("It works with Innovation Norway. Visiting China, he left.", {"Innovation Norway": "NOR"}),
    ("Nepal Solar Villages and Velmora General met.", {"Nepal Solar Villages": "NPL", "Velmora General": None}),
    ("China Deep Tracking General (CDTG) met Peru. CDTG left.", {"China Deep Tracking General": "CHN"}),
    ("Ghana's Velmora met the Director General and China's Minister.", {"Velmora": "GHA"}),
]
LANDS = [
    ("The Elmwood Clinic (Ghana) grew.", {"Elmwood Clinic": "GHA"}),
    ("Velmora Chemical, listed in Oslo, grew.", {"Velmora Chemical": "NOR"}),
    ("The Adler Foundation, a Turkish body, grew.", {"Adler Foundation": "TUR"}),
    (
        "The Institute of Physics in Belgrade grew. Later the Institute of Physics shrank.",
        {"Institute of Physics": "SRB"},
    ),
    ("The Coalition for Clean Air in Accra grew.", {"Coalition for Clean Air": None}),
]


@pytest.mark.parametrize(("text", "lands"), [*JOINED, *LANDS])
def test_names_joined_and_their_countries(text: str, lands: dict[str, str | None]) -> None:
    bodies = [
        p for p in Names(text, find_parties(text), find_amounts(text)).parties if p.type not in {"country", "person"}
    ]
    found = {p.name: p.country for p in bodies if p.role == "name"}
    assert {name: found.get(name, "") for name in lands} == lands
