"""Bodies told by description, each with a like form that is none; where bodies lie; names betrayed by capitals."""

import pytest

from extractors.mentions.parties import find_parties

from .markup import check_marked

OWNED = [
    "[Turkey's central bank||organisation|TUR] paid; [Turkey|||TUR]'s central bank governor did not.",
    "The [Tanzanian treasury||government|TZA] paid; a [Tanzanian|||TZA|demonym] treasury bond did not.",
    "[Botswana's wildlife department||government|BWA] and [Botswana|||BWA]'s wildlife.",
    "[Sapporo's heat company||company|JPN] signed with the [Danish shipping line||company|DNK].",
    "[Brazil's space agency||organisation|BRA] met; [Brazil|||BRA]'s space programme grew.",
    "The [Gambian growers' union||organisation|GMB] met [Gambian|||GMB|demonym] growers.",
    "The [UN refugee agency||organisation|] and [UN||organisation|] staff.",
    "[Thailand's digital-crime agency||organisation|THA] met [Thailand|||THA]'s digital crime.",
    "The [Benin navy||government|BEN] met the [Benin|||BEN] coast.",
    "[Denmark’s export credit agency||organisation|DNK] and [Denmark|||DNK]’s export credits.",
    "[Togo's state-owned power utility||company|TGO] paid; [Togo|||TGO]'s well-owned power did not.",
    "[Peru's state lender||company|PER] lent; [Peru|||PER]'s state did not.",
    "[Oslo's gas company||company|NOR] met; [Oslo|||NOR]'s gases company did not.",
    "[Chile's air force||organisation|CHL] flew; [Chile|||CHL]'s air forced them.",
    "The [Kazakh sovereign wealth fund||organisation|KAZ] invests; [Kazakh|||KAZ|demonym] wealth fund investors do.",
    "[Singapore's police force||government|SGP] came by force.",
]
PLACED = [
    "The [hospital of Gyumri||organisation|ARM] has a roof; hospital beds came from [Gyumri||government|ARM].",
    "They saw a hospital in [Lomé||government|TGO], and the [teaching hospital||organisation|TGO] in [Lomé|||].",
    "The [Nova Bila hospital||organisation] thanked; the Nova hospital ward did not, nor a hospital.",
    "A [charity||organisation|GBR] in [Bristol|||GBR] gave; charity in the street did not.",
    "The [hydrological service of Malawi||organisation|MWI] and a service of love.",
    "The [development bank of Latin America||organisation|] and a bank.",
]
OFFICIAL = [
    "The [national telecoms regulator||organisation] wrote; a regulator did not.",
    "The [electoral commission||organisation] met; a commission of ten per cent was paid.",
    "The [central bank||organisation] has waited; central bank money does not.",
    "The [transport ministry||government] bought them; transport and a ministry did not.",
    "[foreign ministry of Chad||government|TCD] and a foreign ministry spokesman.",
]
MAKERS = [
    "The [Czech arms maker||company|CZE] signed; the [Czech|||CZE|demonym] arms did not.",
    "The [Govt. of Bangladesh||government|BGD] signed; govt. is a word.",
    "The [Royal Government of Bhutan||government|BTN] paid; royal [Bhutan|||BTN] did not.",
    "[Finland's export credit agency||organisation|FIN] backs it; [Finland|||FIN]'s export credit agency backs met.",
    "The [Japanese trading house||company|JPN] signed; a [Japanese|||JPN|demonym] house did not.",
    "The [Saxon state chancellery||government|DEU] paid; state chancellery staff did not.",
    "The Dutch disease spread; the [Dutch|||NLD|demonym] cheese did not.",
    "Mr Israel came; [Israel|||ISR] came.",
    "The Chad Basin dries; [Chad|||TCD] does not.",
    "[Panama|||PAN] sent Panama hats to [Peru|||PER], and New England rum.",
]
FORMS = [
    "The [city of Ungheni||government|MDA|place] wrote; a city of light did not.",
    "The [province of Salta||government|ARG|place] paid; salta did not.",
    "The [Canton of Zurich||government|CHE|place] is not [Canton|||CHN|place].",
    "The [province of Mendoza||government|ARG|place] and [Gansu province||government|CHN|place]; provinces of old.",
    "The [municipality of Palca Grande||government||place] and a municipality.",
    "The state of affairs in the [state of Hesse||government|DEU|place].",
]
SUBJECTS = [
    "[Zambia|||ZMB] will borrow. The [finance ministry||government|ZMB] said in [Lusaka|||ZMB|place] it had signed.",
    "[Zambia|||ZMB] and [Peru|||PER] borrow. The [finance ministry||government] said in [Lusaka|||ZMB|place] it had.",
    "[Zambia|||ZMB] met [Zambia|||ZMB] in [Lima|||PER|place]; the [finance ministry||government] had signed.",
    "[Zambia|||ZMB] will borrow, says the [finance ministry||government]; finance and a ministry do not.",
]
NATIONS = [
    "The [Scottish government|Scottish Government|government|GBR] and the "
    "[British government|Government of United Kingdom||GBR] met.",
    "The [Northern Irish Executive|Northern Ireland Executive|government|GBR] met the "
    "[Irish government|Government of Ireland||IRL].",
    "The [Government of Wales|Welsh Government|government|GBR] paid, but whales did not.",
    "The [London Stock Exchange||company|GBR] opened; stock in [London|||GBR|place] did.",
    "The [Nairobi Securities Exchange||company|KEN] opened; securities of [Nairobi|||KEN|place] did.",
]
HEADS = [
    "The [Red Cross of Chad||organisation|TCD] and the [Finnish Red Cross||organisation|FIN] cross a river.",
    "The [French Treasury||government|FRA] and treasury.",
    "[Port of Dakar||organisation|SEN] and port of call.",
]


@pytest.mark.parametrize("marked", [*OWNED, *PLACED, *OFFICIAL, *MAKERS, *FORMS, *SUBJECTS, *NATIONS, *HEADS])
def test_finds_what_is_marked_and_nothing_else(marked: str) -> None:
    check_marked(marked)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Marrow Valley University (Kenya) signed.", "KEN"),
        ("Marrow Valley University (Nairobi, Kenya) signed.", "KEN"),
        ("Marrow Valley University, Nairobi, signed.", "KEN"),
        ("Marrow Valley University in Nairobi signed.", "KEN"),
        ("Marrow Valley University, based in Nairobi, signed.", "KEN"),
        ("Marrow Valley University, China and Kenya signed.", None),
        ("Marrow Valley University signed in Nairobi.", None),
        ("Marrow Valley University and Kenyan staff signed.", None),
        ("The International Marrow University in Nairobi signed.", None),
        ("Marrow Valley Oyj signed.", "FIN"),
        ("Marrow Valley Ltd signed.", None),
    ],
)
def test_a_body_lies_where_the_text_says(text: str, country: str | None) -> None:
    assert find_parties(text)[0].country == country


def test_the_nations_company_is_the_one_told_before() -> None:
    text = "Vestvann Oyj signed in May. Under the accord the Finnish company trains 300 people."
    assert [(m.text, m.name) for m in find_parties(text)][1] == ("Finnish company", "Vestvann Oyj")
    assert find_parties("Under the accord the Finnish company trains people.")[0].name == "Finnish company"


def test_a_body_named_whole_lends_its_country_to_the_short_form() -> None:
    text = "The Ministry of Finance of Peru wrote. The Ministry of Finance waits."
    assert [m.country for m in find_parties(text)] == ["PER", "PER"]
    both = f"{text} So does the Ministry of Finance of Chile."
    assert [m.country for m in find_parties(both)] == ["PER", None, "CHL"]


CAPITALS = [
    ("The pump came from Konecranes in May.", ["Konecranes"]),
    ("Grupo Energético Quindío paid for it.", ["Grupo Energético Quindío"]),
    ("It was KazTransGas that paid.", ["KazTransGas"]),
    ("They met Dr. Ana Rojas and Mr Teale.", []),
    ("Rain fell. Pumps came late.", []),
    ("It cost SR 318 million in March, as VAT rose.", []),
    ("They signed a Joint Declaration at the Mekong Summit.", []),
    ("Vestby paid. We thank Vestby for it.", ["Vestby", "Vestby"]),
]


@pytest.mark.parametrize(("text", "names"), CAPITALS)
def test_names_in_capitals_are_found_where_asked_for(text: str, names: list[str]) -> None:
    assert [m.text for m in find_parties(text, capitals=True) if m.source == "capitals"] == names
    assert not [m for m in find_parties(text) if m.source == "capitals"]
