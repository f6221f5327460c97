"""Whose name a mention gets: what the text says an acronym means, which country's body is meant, where a name ends."""

import pytest

from extractors.mentions.parties.shortforms import is_short, long_form

from .markup import check_marked

DEFINED = [
    "The [State Salt Fund (SSF)|State Salt Fund|organisation] met. [SSF|State Salt Fund] paid; an SSFX did not.",
    "[KSrelief|King Salman Humanitarian Aid and Relief Center|organisation] came: the [King Salman Humanitarian Aid "
    "and Relief Center (KSrelief)|King Salman Humanitarian Aid and Relief Center] gave rice.",
    "Paid by [PAS|Polish Academy of Sciences||POL] ([Polish Academy of Sciences|Polish Academy of Sciences||POL]).",
    "The [State Salt Fund|State Salt Fund] (hereafter “[SSF|State Salt Fund]”) met.",
    "The [State Salt Fund|State Salt Fund] ([SSF|State Salt Fund], in Ruritania since 1990) met.",
    "The State Salt (SSF) was white, and a free trade agreement (FTA) and the Programming Interface (API) were signed.",
    "The [Natural Salt Fund (NSF)|Natural Salt Fund||] met, and [NSF|Natural Salt Fund||] left.",
    "The [Industrial Development Corporation (IDC) of Zambia|Industrial Development Corporation of Zambia||ZMB] paid; "
    "[IDC|Industrial Development Corporation of Zambia||ZMB] did.",
]
INITIALS = [
    "[Nordic Centre for Land Restoration Training|||] – partners\n[NCLRT|Nordic Centre for Land Restoration Training] "
    "moved.",
    "[University of the Aegean Hills||university]\n[UAH|University of the Aegean Hills|university] Skip",
    "[University of the Aegean Hills||university] pays 30 UAH; UAH 40 and UAX too.",
    "The [Salt Trade Fund||] and the [Sugar Trade Fund||] met; STF left.",
]
SHARED = [
    "The [National Research Foundation|National Research Foundation||] met.",
    "The [National Research Foundation|National Research Foundation||ZAF] met in [South Africa|||ZAF].",
    "The [National Science and Technology Council (NSTC)|National Science and Technology Council||] of it met in "
    "[Zambia|||ZMB]; the [NSTC|National Science and Technology Council||] signed.",
    "[NSF|National Science Foundation||USA] paid.",
    "The [Department of Energy|Department of Energy|government|VUT] in [Vanuatu|||VUT]'s hills.",
    "The [U.S. Department of Energy|US Department of Energy|government|USA] paid.",
    "The [Institut Pasteur de Dakar||organisation|SEN] and the [Institut Pasteur|Institut Pasteur||FRA] met.",
    "The [Export-Import Bank|Export-Import Bank of the Republic of China||TWN] in [Taipei|||TWN], not [China|||CHN].",
    "[Taiwan's Export-Import Bank|Export-Import Bank of the Republic of China||TWN] lent.",
]
BRACKETS = [
    "Mary Wanjiru ([University of Nairobi||university|KEN]) and Tom Brown ([Central Bank of Kenya||organisation|KEN]).",
    "John Smith ([Ministry of Health|Ministry of Health|government|]) spoke.",
    "Funded by the [EU|European Union] ([University of Nairobi||university|KEN]).",
    "[USAID|US Agency for International Development||USA] ([Bureau for Africa|||USA]) paid.",
    "[KEMRI|Kenya Medical Research Institute] ([Ministry of Health|Kenya Ministry of Health]) paid.",
    "The [Government of Peru|] ([Ministry of Health|Peru Ministry of Health||PER]) and [Samoa|] ([Ministry of Women|"
    "Samoa Ministry of Women||WSM]) paid.",
    "In [Vilnius|] ([Mykolas Romeris University||university|LTU]).",
    "In [Texas|] ([Department of Agriculture|Department of Agriculture]).",
    "The [CAS|Chinese Academy of Sciences] ([Caribbean Academy|Caribbean Academy]) met.",
    "The [Blue Salt (Lagos) Company||company|NGA] met.",
]
PURPOSES = [
    "A grant to the [Central Bank of Kenya||organisation|KEN] for the [Nairobi|||KEN] Expressway came.",
    "The [Development Bank of Ethiopia||organisation|ETH] for the [Addis Ababa|||ETH] Metro paid.",
    "The [University of Ghana||university|GHA] for the Legon Campus, the [Ministry of Energy||government] on the "
    "Karuma Dam.",
    "[Sri Lanka's Ministry of Finance|Sri Lanka Ministry of Finance] for the Hatton road signed.",
    "The [Ministry of Education||government|] for the [Dakar School|||SEN] paid.",
    "The [Institute of Kenya|||KEN] for the Great Lake paid.",
    "The [Centre for Research on Epidemiology||] and the [Fund for the Development of Education||] met.",
    "The [State Committee of Turkmenistan on Statistics|||TKM] met.",
    "The [Academy of Sciences for the Developing World||] met.",
    "The [Ministry of State for Finance||government] and the [University of Applied Sciences for Management||] met.",
]
ACRONYMS = [
    "[Kenya|||KEN]'s NEMA paid. The [OECD|]'s PISA and a TEMA programme ended. NEMA paid.",
    "The [National Environment Management Authority (NEMA) of Kenya|||KEN] met; [NEMA|National Environment Management "
    "Authority of Kenya||KEN] paid.",
    "[LAGOS|||NGA], 12 May 2020\n[NAIROBI|||KEN]\nVISIT TO [LAGOS|||NGA] ENDS\nPost: 8010 [GRAZ|||AUT], [LIMA|||PER] "
    "City.\n([TEMA|||GHA]) – He came.",
    "[Ghana's CSIR|CSIR|organisation|GHA], [Ghana's EPA|EPA|government|GHA] and the [EPA|EPA|government|GHA] met.",
    "The [EPA|Environmental Protection Agency||USA] met.",
    "[India's CSIR|Council of Scientific and Industrial Research||IND] and [South Africa's CSIR|||ZAF] met.",
    "[Kenya|||KEN]'s [USAID|||USA] office and [Ghana|||GHA]'s [MTN|||ZAF] paid.",
]
THINGS = [
    "The [Inner Mongolian government|Inner Mongolia Government||CHN] and the [Inner Mongolian Academy of Sciences|"
    "Inner Mongolian Academy of Sciences||CHN] met in [Inner Mongolia|||CHN].",
    "Off the Gulf of Mexico, the Gulf of Thailand, the Sea of Japan, the Bight of Benin and the Irish Sea.",
    "From the Mozambique Channel to the Taiwan Strait and the Japan Trench; not [Mozambique|||MOZ].",
    "Ebola Zaire, the Zaire ebolavirus and the Sudan virus; [Zaire|||COD] and [Sudan|||SDN] did not.",
    "Israel Adesanya, India Jones, Jordan Smith, Georgia Brown, Ireland Baldwin and Chad Smith spoke.",
    "[Israel|||ISR], Smith said, and [India|||IND] Cements and [Jordan|||JOR] Phosphate spoke.",
]
MENU = (
    "[Dhahran Institute of Advanced Matter||] is here for you\nHome\nSkip to content\n\n"
    "About the [Lake Naivasha University of Technology||university]\nSkip to main content\nNews and staff"
)
LINES = [
    MENU,
    "[St. Anna Polar Institute||]\n[St. Anna Polar Institute||]\nWhere the ice is",
    "[Madagascar|||MDG]\n[Department of Fisheries||government]\nA note",
    "The scheme was agreed upon last spring in the hall\nwhere talks were held by the envoys of an old town\n"
    "which came from far and were to be found the day\nafter, when all went on to see the [Yerevan State\nUniversity|"
    "Yerevan State University||ARM] in the hills.",
]
BRANCHES = [
    "Oil of [Shell Gabon|Shell Gabon|company|GAB] and [Deutsche Bank Spain|Deutsche Bank Spain|company|ESP] came.",
    "Oil of [Shell|Shell|company|GBR], [Gabon|||GAB] and [Deutsche Bank|Deutsche Bank|company|DEU]\n[Spain|||ESP]",
    "With [Statkraft|Statkraft|company|NOR] [Peru|||PER], [Chile|||CHL] and [Brazil|||BRA] left.",
    "[Statkraft|Statkraft|company|NOR]  [Peru|||PER]\nOf [Shell|Shell|company|GBR]\t[Gabon|||GAB]",
    "In [Korea|||KOR] the young [Techno Peace Corps|Techno Peace Corps|organisation] came, not the "
    "[Peace Corps|Peace Corps|organisation].",
    "The [Hellenic Pasteur Institute||organisation|GRC] and the [Hellenic Navy||government|GRC] met.",
]
CALLED = [
    "[IAEA|International Atomic Energy Agency] spoke; [the Agency|International Atomic Energy Agency|||description] "
    "paid.",
    "[IAEA|International Atomic Energy Agency] spoke; [the agency|the agency|||description] paid.",
    "The [Salt Agency|Salt Agency] and [IAEA|] met; [the Agency|Salt Agency|||description] paid.",
]
STATES = [
    "A gift of the [Hungarian People's Republic|Hungary|country|HUN] and the [People's Republic|China||CHN].",
    "The [Ukrainian SSR|Ukraine||UKR], the [Czechoslovak Socialist Republic|Czechia||CZE] and an SSR.",
    "[Pakistan|||PAK], [United Kingdom|||GBR] and [Germany|||DEU], [United States|||USA].",
    "The [Lao People's Democratic Republic|Laos||LAO] and the [Hungarian|Hungary||HUN] people's republic of letters.",
]
TOWNS = [
    "[Heidelberg|||DEU|place] and [Segovia|||ESP|place] met.",
    "[Segovia|||COL|place] lies in [Colombia|||COL].",
    "The market at [Buin|||PNG|place] in [Papua New Guinea|||PNG].",
    "The [Fundación Ñande Rekove||organisation|] met in Meta and Golfe.",
    "The [University of Córdoba||university|ESP] in [Spain|||ESP], once in [Argentina|||ARG]. [Spain|||ESP] paid.",
]


@pytest.mark.parametrize(
    "marked",
    [
        *BRACKETS,
        *PURPOSES,
        *ACRONYMS,
        *THINGS,
        *DEFINED,
        *INITIALS,
        *SHARED,
        *LINES,
        *BRANCHES,
        *CALLED,
        *STATES,
        *TOWNS,
    ],
)
def test_finds_what_is_marked_and_nothing_else(marked: str) -> None:
    for got, wanted in check_marked(marked):
        assert len(wanted) != 3 or wanted[2] == got[2], got  # an empty country is a part that matters here


@pytest.mark.parametrize(
    ("short", "before", "long"),
    [
        ("CEF", "the Center of Excellence in Finance ", "Center of Excellence in Finance "),
        ("CzDA", "by the Czech Development Agency ", "Czech Development Agency "),
        ("R&D", "for research and development ", "research and development "),
        ("HMM", "the hidden Markov model ", "hidden Markov model "),
        ("KSTU", "a bridge over it ", None),
        ("FTA", "the data ", None),
        ("X", "", None),
    ],
)
def test_long_forms(short: str, before: str, long: str | None) -> None:
    at = long_form(short, before)
    assert (None if at is None else before[at:]) == long


def test_short_forms() -> None:
    assert [word for word in ("KSTU", "R&D", "CzDA", "The", "A", "2G", "INTERNATIONALLY") if is_short(word)] == [
        "KSTU",
        "R&D",
        "CzDA",
    ]
