"""Governments of parts of countries are their own, not that of the country; each beside one that is the country's."""

import pytest

from extractors.mentions.parties import find_parties

GOVERNMENTS = [
    ("government of Scotland", "Scottish Government", "GBR"),
    ("Scottish authorities", "Scottish Government", "GBR"),
    ("government of the United Kingdom", "Government of United Kingdom", "GBR"),
    ("government of Wales", "Welsh Government", "GBR"),
    ("government of Northern Ireland", "Northern Ireland Executive", "GBR"),
    ("Bavarian state government", "Bavaria Government", "DEU"),
    ("State Government of Bavaria", "Bavaria Government", "DEU"),
    ("Hessian government", "Hesse Government", "DEU"),
    ("German government", "Government of Germany", "DEU"),
    ("Flemish government", "Flanders Government", "BEL"),
    ("Walloon government", "Wallonia Government", "BEL"),
    ("Belgian federal government", "Government of Belgium", "BEL"),
    ("Catalan government", "Catalonia Government", "ESP"),
    ("Government of Catalonia", "Catalonia Government", "ESP"),
    ("Basque government", "Basque Country Government", "ESP"),
    ("Madrid regional government", "Madrid Regional Government", "ESP"),
    ("Tuscany regional government", "Tuscany Government", "ITA"),
    ("canton of Geneva", "Geneva", "CHE"),
    ("government of Quebec", "Quebec Government", "CAN"),
    ("Government of the Northwest Territories", "Northwest Territories Government", "CAN"),
    ("Government of Canada", "Government of Canada", "CAN"),
    ("government of Texas", "Texas Government", "USA"),
    ("Georgia state government", "Georgia State Government", "USA"),
    ("Georgian state government", "Government of Georgia", "GEO"),
    ("NSW government", "NSW Government", "AUS"),
    ("Government of Kerala", "Kerala Government", "IND"),
    ("government of Khyber Pakhtunkhwa", "Khyber Pakhtunkhwa Government", "PAK"),
    ("Kano State government", "Kano State Government", "NGA"),
    ("state government of São Paulo", "São Paulo State Government", "BRA"),
    ("provincial government of Santa Fe", "Santa Fe Provincial Government", "ARG"),
    ("Guangdong Provincial People's Government", "Guangdong Provincial Government", "CHN"),
    ("Seoul Metropolitan Government", "Seoul Metropolitan Government", "KOR"),
    ("Revolutionary Government of Zanzibar", "Revolutionary Government of Zanzibar", "TZA"),
    ("government of Zanzibar", "Revolutionary Government of Zanzibar", "TZA"),
    ("government of Tanzania", "Government of Tanzania", "TZA"),
    ("Kurdistan Regional Government", "Kurdistan Regional Government", "IRQ"),
    ("Kurdish government", "Kurdish Government", "IRQ"),
    ("government of Somaliland", "Somaliland Government", "SOM"),
    ("Chechen government", "Chechnya Government", "RUS"),
    ("Soviet government", "Government of Russia", "RUS"),
    ("Republic of Tatarstan", "Republic of Tatarstan", "RUS"),
    ("Republic of Kosovo", "Kosovo", "XKX"),
    ("Hong Kong government", "Government of Hong Kong", "HKG"),
    ("government of Greenland", "Government of Greenland", "GRL"),
    ("Bavarian Ministry of Economic Affairs", "Bavarian Ministry of Economic Affairs", "DEU"),
    ("Ontario Ministry of Energy", "Ontario Ministry of Energy", "CAN"),
    ("Canadian Ministry of Energy", "Canada Ministry of Energy", "CAN"),
    ("Welsh Development Agency", "Welsh Development Agency", "GBR"),
    ("occupied Palestinian territory", "Palestine", "PSE"),
]


@pytest.mark.parametrize(("surface", "name", "country"), GOVERNMENTS)
def test_a_government_is_the_one_that_the_text_names(surface: str, name: str, country: str) -> None:
    text = f"A loan went to the {surface}, they said."
    assert [(m.text, m.name, m.country) for m in find_parties(text)] == [(surface, name, country)]
