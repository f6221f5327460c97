"""Countries as the tables of statistics write them, each with a like form that is something else."""

import pytest

from extractors.mentions.parties import find_parties
from extractors.text.sentences import split

INVERTED = [
    ("Congo, Dem. Rep.", "COD", "Congo, Dem Silva"),
    ("Congo, Rep.", "COG", "Congo, Repsol"),
    ("Congo, Democratic Republic of the", "COD", "Congo, Democratic Forces"),
    ("Congo, D.R.", "COD", "Congo, D. Mobutu"),
    ("Congo (Dem. Rep.)", "COD", "Congo (Demba Repele)"),
    ("Korea, Rep.", "KOR", "Korea, Reports"),
    ("Korea, Dem. People's Rep.", "PRK", "Korea, People's Daily"),
    ("Korea, Republic of", "KOR", "Korea, Republic Bank"),
    ("Korea, South", "KOR", "Korea, South Shields"),
    ("Korea, North", "PRK", "Korea, North Shore"),
    ("Egypt, Arab Rep.", "EGY", "Egypt, Arab Spring"),
    ("Iran, Islamic Rep.", "IRN", "Iran, Islamic Art"),
    ("Iran (Islamic Republic of)", "IRN", "Iran (Islamic Art)"),
    ("Yemen, Rep.", "YEM", "Yemen, Repsol"),
    ("Gambia, The", "GMB", "Gambia, The Point"),
    ("Bahamas, The", "BHS", "Bahamas, The Tribune"),
    ("Micronesia, Fed. Sts.", "FSM", "Micronesia, Fed Ex"),
    ("Micronesia (Federated States of)", "FSM", "Micronesia (Federated Union Staff)"),
    ("Macedonia, FYR", "MKD", "Macedonia, FYRA"),
    ("Venezuela, RB", "VEN", "Venezuela, RBC"),
    ("Venezuela (Bolivarian Republic of)", "VEN", "Venezuela (Bolivarian Airways)"),
    ("Bolivia (Plurinational State of)", "BOL", "Bolivia (Plurinational Fair)"),
    ("Tanzania, United Rep. of", "TZA", "Tanzania, United Airlines"),
    ("Afghanistan, Islamic Rep. of", "AFG", "Afghanistan, Islamic Art"),
    ("Ethiopia, The Federal Dem. Rep. of", "ETH", "Ethiopia, The Federalist"),
    ("Marshall Islands, Rep. of the", "MHL", "Marshall Islands, Repsol"),
    ("Lesotho, Kingdom of", "LSO", "Lesotho, Kingdom Hall"),
    ("Libya, Arab Jamahiriya", "LBY", "Libya, Arab Weekly"),
    ("Palestine, State of", "PSE", "Palestine, State Street"),
    ("Moldova, Rep. of", "MDA", "Moldova, Repsol"),
    ("China (People's Republic of)", "CHN", "China (People's Daily)"),
    ("Hong Kong SAR, China", "HKG", "Hong Kong SAR, Chinatown"),
    ("Congo (the Democratic Republic of the)", "COD", "Congo (the Democratic Forces)"),
    ("Moldova (the Republic of)", "MDA", "Moldova (the Republic Bank)"),
    ("Bahamas (the)", "BHS", "Bahamas (the Tribune)"),
    ("Venezuela (Bol. Rep. of)", "VEN", "Venezuela (Bolt Repair)"),
    ("Iran, Isl. Rep.", "IRN", "Iran, Isle Rep"),
    ("Iran, I.R. of", "IRN", "Iran, Iris"),
    ("Egypt, A.R.", "EGY", "Egypt, Artist"),
    ("Korea, D.P.R. of", "PRK", "Korea, Depot"),
]


@pytest.mark.parametrize(("surface", "country", "like"), INVERTED)
def test_inverted_names_are_one_country(surface: str, country: str, like: str) -> None:
    text = f"Table 3. {surface} 5.2 million to Japan"
    assert [(m.text, m.country, m.type) for m in find_parties(text)][0] == (surface, country, "country")
    assert find_parties(text)[1].country == "JPN"
    assert find_parties(f"It went to {like} then.")[0].text == surface.split(",")[0].split(" (")[0]


SHORTENED = [
    ("Dem. Rep. of the Congo", "COD"),
    ("Dem. People's Rep. of Korea", "PRK"),
    ("Rep. of Korea", "KOR"),
    ("United Rep. of Tanzania", "TZA"),
    ("Syrian Arab Rep.", "SYR"),
    ("Lao People's Dem. Rep.", "LAO"),
    ("Central African Rep.", "CAF"),
    ("Dominican Rep.", "DOM"),
    ("Bosnia & Herz.", "BIH"),
    ("N. Macedonia", "MKD"),
    ("Papua N. Guinea", "PNG"),
    ("RD Congo", "COD"),
    ("Taipei,China", "TWN"),
    ("Solomon Is.", "SLB"),
    ("Marshall Is.", "MHL"),
    ("C. African Rep.", "CAF"),
    ("Utd Arab Emirates", "ARE"),
    ("Burma/Myanmar", "MMR"),
    ("Lao PDR", "LAO"),
    ("TFYR of Macedonia", "MKD"),
    ("West Bank & Gaza Strip", "PSE"),
    ("Palestinian Adm. Areas", "PSE"),
    ("Serbia & Montenegro", "SRB"),
    ("Trinidad & Tobago", "TTO"),
    ("St Vincent & the Grenadines", "VCT"),
    ("Taiwan, China", "TWN"),
    ("Taiwan Province of China", "TWN"),
    ("Taiwan (Province of China)", "TWN"),
    ("Virgin Islands (British)", "VGB"),
    ("Falkland Islands (Malvinas)", "FLK"),
    ("Sint Maarten (Dutch part)", "SXM"),
    ("Côte d’Ivoire", "CIV"),
    ("Cote d`Ivoire", "CIV"),
    ("Cote d'Ivoire", "CIV"),
    ("Co\u0302te d'Ivoire", "CIV"),
    ("CÔTE D’IVOIRE", "CIV"),
]


@pytest.mark.parametrize(("surface", "country"), SHORTENED)
def test_shortened_names_are_one_country(surface: str, country: str) -> None:
    assert [(m.text, m.country) for m in find_parties(f"1990 {surface} 12")] == [(surface, country)]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Egypt, Republic of Korea and Japan", ["EGY", "KOR", "JPN"]),
        ("Korea, South Africa and Japan", ["KOR", "ZAF", "JPN"]),
        ("Japan, Taiwan, China and Peru", ["JPN", "TWN", "CHN", "PER"]),
        ("Kenya, Federal Republic of Germany and Peru", ["KEN", "DEU", "PER"]),
        ("Turkey, Federation of Bosnia and Herzegovina", ["TUR", "BIH"]),
        ("In Congo, Rep. Japan paid.", ["COG", "JPN"]),
        ("Tanzania, United Kingdom, Fiji", ["TZA", "GBR", "FJI"]),
    ],
)
def test_a_country_after_a_comma_stays_its_own(text: str, countries: list[str]) -> None:
    assert [m.country for m in find_parties(text)] == countries


def test_a_form_with_stops_ends_no_sentence() -> None:
    text = "Grants to Congo, Dem. Rep. 2010: $5 million. Others to Micronesia, Fed. Sts. in May."
    assert len(split(text)) == 2


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Tbilisi, Georgia, and New York", ["GEO", "GEO", "USA"]),
        ("Georgia, Florida and Texas", ["USA", "USA", "USA"]),
        ("The government of Georgia wrote", ["GEO"]),
        ("a man from the state of Georgia", ["USA"]),
        ("Lebanon, Pennsylvania", ["USA", "USA"]),
        ("Lebanon, Syria", ["LBN", "SYR"]),
        ("Mexico, California and Texas", ["MEX", "USA", "USA"]),
        ("a shop in Cuba Street", []),
        ("a shop in Cuba", ["CUB"]),
        ("the River Jordan", []),
        ("Air Jordan shoes and Jordan", ["JOR"]),
        ("the Gulf of Guinea and Guinea", ["GIN"]),
        ("New Guinea, Guinea-Bissau", ["GNB"]),
        ("Niger, Nigeria, Niger Delta", ["NER", "NGA", "NGA"]),
        ("the Sea of Oman, the Oman Sea, Oman", ["OMN"]),
        ("a Brazil nut of Brazil", ["BRA"]),
        ("Chad Smith of Chad", ["TCD"]),
        ("Turkey breast from Turkey", ["TUR"]),
        ("Brazil won the order", ["BRA"]),
        ("a price in South Korean won and Brazil reals", []),
        ("Peru marks fifty years; German marks do not", ["PER"]),
        ("the Japan Sea, the Mali Empire, the Malta Fever; Mali", ["MLI"]),
        ("the Japan Sea Bank met", ["JPN"]),
    ],
)
def test_names_shared_with_other_things(text: str, countries: list[str]) -> None:
    assert [m.country for m in find_parties(text)] == countries
