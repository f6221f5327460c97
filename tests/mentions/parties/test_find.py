import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.mentions.parties import find_parties

from .markup import check_marked

COUNTRIES = [
    "A force in [Congo (K)|Democratic Republic of the Congo||COD], a clinic at the Costa-Western Zone.",
    "[Zambia|Zambia|country|ZMB|name] and [Kenyans|Kenya|country|KEN|demonym] met [French|France||FRA|demonym] envoys.",
    "Tell us what the [US|United States|country|USA] and the [U.K.|United Kingdom||GBR] want from us.",
    "[Zaire|Democratic Republic of the Congo||COD], [Burma|Myanmar||MMR], [Swaziland|Eswatini||SWZ] joined late.",
    "Talks in [Côte d’Ivoire|Côte d'Ivoire||CIV], formerly [Ivory Coast|Côte d'Ivoire||CIV] or [Cote d'Ivoire|||CIV].",
    "[Nigeria|||NGA] and [Niger|||NER] differ; so do [Guinea|||GIN] and [Guinea-Bissau|||GNB].",
    "The [Islamic Republic of Mauritania|Mauritania|country|MRT] and the [People’s Republic of "
    "China|China||CHN] agreed.",
    "[Beijing|Beijing|government|CHN|place] and [Moscow|||RUS|place] agreed.",
    "Michael Jordan flew to [Jordan|||JOR].",
    "The [Dominican|Dominica||DMA] port lies in [Roseau|||DMA], [Dominica|||DMA].",
    "They paid US$5 million and 3 million Kenyan shillings.",
    "A polished turkey, some china and a chad.",
]
COMPOUNDS = [
    "- [China-India Innovation Steering Committee||organisation]\n- [Peru-Chile Science Forum||organisation]",
    "[Sino-Russian|China-Russia|group||demonym] and [Franco-Senegalese||group] projects.",
    "[Korea-Japan-China|South Korea-Japan-China|group] talks and the [EU–AU||group] summit.",
    "A [China|China|country|CHN]-funded dam and a [Sino|China||CHN]-foreign venture.",
]
GOVERNMENTS = [
    "The [Chinese government|Government of China|government|CHN] and the [government of Ghana|Government "
    "of Ghana||GHA] met.",
    "[Peru’s government|Government of Peru|government|PER] paid; [Lao authorities|Government of Laos||LAO] did not.",
    "The [Chinese side|China|country|CHN|description] thanked the [Hubei Provincial Government||government|CHN].",
    "The [Chinese embassy|Chinese Embassy/Consulate|government|CHN] in [Luanda|||AGO|place] and the "
    "[Embassy of Brazil|Brazilian Embassy/Consulate||BRA] closed.",
    "[Zambia's foreign ministry|Zambia Ministry of Foreign Affairs|government|ZMB] wrote to the "
    "[embassy of Peru||government|PER].",
    "The [Chinese Embassy|Chinese Embassy/Consulate||CHN] of [Peru|||PER] gave desks.",
    "[Japan Embassy|Japanese Embassy/Consulate||JPN] of [Fiji|||FJI] paid.",
    "A note of the [Indian Consulate|Indian Embassy/Consulate||IND] of [Hanoi|||VNM|place] came.",
    "The [Embassy of Turkey|Turkish Embassy/Consulate||TUR] closed.",
    "[Chile||country|CHL], through [its embassy|Chilean Embassy/Consulate||CHL] in [Hanoi|||VNM], gave books.",
]
BODIES = [
    "The [Lusaka City Council||government|ZMB], the [Oaxaca Municipal Council||government], the "
    "[Kenyan Army||government|KEN] and the [Andean Arts Council||organisation] met.",
    "The [Mauritian Ministry of Civil Service||organisation|MUS] sent two.",
    "A clinic in the [West Bank|Palestine|country|PSE] town, and the [West|Western world|group] agreed.",
    "The [Kenyan Ministry for foreign trade and economic cooperation|Kenya Ministry for Foreign Trade and Economic "
    "Cooperation|government|KEN] paid.",
    "[Ghana's ministry of food and agriculture|Ghana Ministry of Food and Agriculture|government|GHA] of late.",
    "The [ministry of defence of Kenya|Kenya Ministry of Defence|government|KEN] and a ministry of truth met.",
    "The [Peruvian ministry of health|Peru Ministry of Health|government|PER] wrote of [Chile|||CHL].",
    "[China's Exim Bank|Export-Import Bank of China|organisation|CHN] lent [Mauritius|||MUS] money.",
    "[India's EXIM Bank|Export-Import Bank of India|organisation|IND] and the [World Bank|World "
    "Bank|organisation|] lent too.",
    "[Kenya's Ministry of Health and Sanitation|Kenya Ministry of Health and Sanitation|government|KEN] signed.",
    "The [Ministry of Education, Culture, Science and Technology of Argentina|||ARG] and [Finland|||FIN] signed.",
    "[Israeli Foreign Ministry|Israel Ministry of Foreign Affairs|government|ISR] staff came.",
    "[Blue Lagoon Water Works Co., Ltd.||company] and [Zambia Cold Storage Corporation||company|ZMB] signed.",
    "The [Technical University of Kenya||university|KEN] and [Oxford University|University of "
    "Oxford|university|GBR] joined.",
    "The [Chinese Academy of Sciences|Chinese Academy of Sciences|organisation|CHN] works in [Peru|||PER].",
    "[Brazil's Embrapa|Embrapa|organisation|BRA] trains [Ghanaian|||GHA|demonym] agronomists.",
    "The [National Research Foundation of South Africa|National Research Foundation||ZAF] pays.",
    "[Technische Universität München||university|DEU] and [Finland's Vaisala Oyj|Vaisala Oyj|company|FIN] met.",
    "[Egypt's New and Renewable Energy Authority (NREA)||organisation|EGY] signed; Dr. Israel Mwale did not.",
    "Total lending rose, but [Total SA|Total|company|FRA] sold its share.",
    "WHO IS IT? The [WHO|World Health Organization] knows.",
    "The [US-China Clean Energy Research Center||organisation|] opened.",
]
PERSONS = [
    "[President Paul Kagame|Paul Kagame|person|RWA|person] and [Peruvian Trade Minister Ana Rojas|Ana "
    "Rojas||PER] spoke.",
    "[Chinese Ambassador||person|CHN] to [Mauritania||country|MRT] [Zhang Xun|Zhang Xun|person|CHN|person] signed.",
    "[Minister of Science and Technology of China, Wan Gang|Wan Gang|person|CHN] spoke; [Wan|Wan Gang] left.",
    "The President of the [African Development Bank||organisation] agreed.",
]
GROUPS = [
    "over [150 countries and regions|150 countries and regions|group] and nearly [70 nations||group]",
    "[Central Asian states||group], [developing countries||group] and [Africa|Africa|group]",
    "[ASEAN countries|ASEAN countries|group] founded [ASEAN|ASEAN|organisation]",
]
SHORT_FORMS = [
    "[Peruvian Ministry|Peru Ministry of Health|government|PER] helps\nThe [Peruvian Ministry of Health||] paid.",
    "[Laotian Ministry|Laos Ministry||LAO] gains\nThe [Laos Ministry of Health||government] and the [Laos Ministry of "
    "Finance||government] met.",
    "The [Inter-American Development Bank (IDB)||organisation] lends; [IDB|Inter-American Development Bank] waits.",
    "The [Lusaka Water Company (LWC)|Lusaka Water Company|company|ZMB] pays; [LWC|Lusaka Water "
    "Company|company|ZMB] builds.",
    "The [Development Bank of Jamaica||organisation|JAM] lends; [the Bank|Development Bank of "
    "Jamaica|||description] waits.",
    "[The two sides|the two sides|group||description] praised [the company|the company|company||description].",
]
LINES = [
    "A lab at the [University of Cape Verde||university]\nOn May 13, 2012, both sides signed an accord on the research "
    "of coastal waters, and [Portugal|||PRT] paid.",
    "The [Institute of Tropical Health||organisation]\nDescription: a plan for clinics, agreed by all the ministries "
    "that took part in the talks of the spring.",
    "The scheme was agreed last spring by envoys of the [University of\nPretoria|University of Pretoria|university] "
    "and others\nafter long talks in the capital.",
]
HEADLINES = [
    "[CDB|China Development Bank (CDB)] Lends EUR30M to [Nordic Development Bank||organisation]",
    "A deal of USD50M [Jamaica Convention Center||organisation|JAM]",
    "The [Andean Water Fund||organisation] of US$50 million stays.",
    "[India|||IND] Donates Office Furniture to [Fiji|||FJI]",
    "[Japan|||JPN] Constructs Hospital in [Laos|||LAO]",
    "[Germany|||DEU] Opens [Solar Energy Centre||organisation]",
    "[Norway|||NOR] Inaugurates [Peruvian Energy Centre||organisation|PER]",
    "The [G20 Energy Centre||organisation] met.",
]
TABLE = [*LINES, *HEADLINES, *COUNTRIES, *COMPOUNDS, *GOVERNMENTS, *BODIES, *PERSONS, *GROUPS, *SHORT_FORMS]


@pytest.mark.parametrize("marked", TABLE)
def test_finds_what_is_marked_and_nothing_else(marked: str) -> None:
    check_marked(marked)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Sino-Russian ties", ("CHN", "RUS")),
        ("China-EU ties", ("CHN",)),
        ("Peru-Chile Friendship Hospital", ("PER", "CHL")),
        ("Tanzania-Zambia Railways Authority", ("TZA", "ZMB")),
        ("Green Valley Friendship Hospital", ()),
        ("Central Asian states", ("KAZ", "KGZ", "TJK", "TKM", "UZB")),
        ("the Baltic states", ("EST", "LVA", "LTU")),
    ],
)
def test_members(text: str, countries: tuple[str, ...]) -> None:
    assert find_parties(text)[0].countries == countries


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Congo, whose capital is Kinshasa", "COD"),
        ("Congo, whose capital is Brazzaville", "COG"),
        ("Congo signed", "COG"),
        ("Korea, that is Pyongyang, tested", "PRK"),
        ("Korea and Japan", "KOR"),
    ],
)
def test_twins_follow_the_document(text: str, country: str) -> None:
    assert find_parties(text)[0].country == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("The Exim Bank lent $5 million.", None),
        ("The Exim Bank lent Peru $5 million.", None),
        ("The Exim Bank lent $5 million. Beijing pays.", "CHN"),
        ("China waits. In Turkey the Eximbank paid.", "TUR"),
        ("Turkey waits. The EXIM Bank of India paid.", "IND"),
        ("It came from the Thai Exim.", "THA"),
    ],
)
def test_an_exim_bank_is_of_the_country_told_beside_it(text: str, country: str | None) -> None:
    (bank,) = [one for one in find_parties(text) if "Export-Import Bank" in one.name]
    assert bank.country == country


PIECES = [
    "China",
    "the US",
    "'s ",
    "Exim Bank",
    " of ",
    "Ministry",
    "Health",
    ", ",
    "and ",
    "(CDB)",
    "\n",
    "😀",
    "Côte",
    "-",
    ". ",
]


@given(st.lists(st.sampled_from([*PIECES, " "]), max_size=30))
def test_offsets_quote_the_text_without_overlap(pieces: list[str]) -> None:
    text = "".join(pieces)
    end = 0
    for mention in find_parties(text):
        assert text[mention.start : mention.end] == mention.text
        assert end <= mention.start < mention.end
        end = mention.end


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert all(text[m.start : m.end] == m.text for m in find_parties(text))
