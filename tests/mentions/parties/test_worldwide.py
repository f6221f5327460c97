"""Names of bodies from everywhere: heads that stand first, appositions, states and towns, shared names."""

import pytest

from .markup import check_marked

HEAD_FIRST = [
    "[Universiti Malaysia Sabah||university|MYS] met the [Instituto Nacional de Salud Animal||organisation] staff.",
    "[Institut Pasteur de Dakar||organisation|SEN] and [Universitas Negeri Malang||university] agreed.",
    "The [Banque de l'Habitat du Sénégal||organisation|SEN] lends; a centro lends nothing.",
]
APPOSITIONS = [
    "[Norwegian|Norway||NOR|demonym] fertiliser firm [Grannvik||company|NOR] and a carmaker came.",
    "The drone maker [Quellwerk||company] spoke.",
    "Their carmaker The Times praised left on a Monday, as did a miner. He said so.",
    "The [Chilean|Chile||CHL|demonym] lithium producer [Sal & Sol||company|CHL] signed.",
    "[Ghana|||GHA]'s national carrier, [Ghana Airlink||company|GHA], ordered aircraft.",
    "[Peru|||PER]'s space agency, [QINTU||organisation|PER], and [Chile|||CHL] met.",
    "The core of [Kenya|||KEN]'s largest operator, [Telcora||company|KEN].",
    "The carrier, Monday's last, was late, and [Ghana's bank||organisation|GHA], and others, too.",
    "The [Abu Dhabi fund ADQ|ADQ|organisation|ARE] paid; a fund did not.",
    "The [Lyon drugmaker Velmora|Velmora|company|FRA] and a market grew.",
    "The [Shenzhen carmaker BYD|BYD|company|CHN] came to [Lagos|||NGA]; its fund, Monday said, was empty.",
]
PLACES = [
    "[Cambridge|||USA|place], [Massachusetts|||USA|place] is not [Cambridge|||GBR|place].",
    "The [State of Ceará||government|BRA|place] and the [Free State of Bavaria||government|DEU|place] agreed.",
    "The [State of Israel|Israel|country|ISR] agreed.",
    "Some firms came to the [St Lucia campus||university|]; [St Lucia|Saint Lucia|country|LCA] did not.",
]
ELSEWHERE = [
    "From [Victoria|||AUS|place], [Australia|||AUS], to [Victoria|||SYC|place], [Seychelles|||SYC].",
    "In [Gold Coast|Gold Coast|government|AUS|place], [Australia|||AUS], and [Tripoli|Tripoli||LBN] ([Lebanon|||LBN]).",
    "In [Newcastle|||GBR], [UK|||GBR], and [Perth|||GBR], [Scotland|||GBR], and [Lagos|||PRT], [Portugal|||PRT].",
    "From [Georgetown|||MYS], [Malaysia|||MYS], and [Merida|||ESP], [Spain|||ESP], to [Athens|||USA], [Georgia|||USA].",
    "The [University of Georgia||university|USA], [USA|], and [Georgia|||USA] met.",
    "[Lincoln University||university|GBR] ([UK|||GBR]) and [Richmond University||university|GBR], [London|||GBR].",
    "The [University of Salamanca||university|ESP], [York University||university|CAN] and "
    "[Kingston University||university|GBR] met.",
]
NOT_ELSEWHERE = [
    "In [Beijing|||CHN], [Kenya|||KEN] signed it. In [Tripoli|||LBY], [Lebanon|||LBN]'s minister spoke.",
    "Talks in [Lagos|||NGA], [Portugal|||PRT] and [Kenya|||KEN] failed, as in [Accra|||GHA], [Kenya|||KEN], and "
    "[Uganda|||UGA].",
    "[Armenia|||ARM], [Georgia|||GEO], [USA|||USA] and [Iran|||IRN]; [Peru|||PER], [Chile|||CHL].",
    "At the [University of Zambia||university|ZMB], [China|||CHN] opened a hall.",
]
SHARED = [
    "[Sri Lanka's National Science Foundation|National Science Foundation|organisation|LKA] pays.",
    "The [National Science Foundation|National Science Foundation|organisation|USA] pays the [U.S.|||USA] back.",
]
FORMS = [
    "The Board of Directors of the [African Development Bank|||] met; so did the Joint Commission.",
    "[Kenya|Kenya||KEN] – [Strathmore University||university|KEN]",
    "[UK|United Kingdom||GBR] ([Jodrell Bank||organisation])",
    "[King Abdullah Economic City|||SAU] grows.",
    "The [National Institute of Amazonian Research||organisation] counts trees.",
    "The [Center for Research in Energy and Materials||organisation] opened in March.",
    "[One Belt, One Road|Belt and Road Initiative||CHN] and a belt.",
    "The [21st Century Maritime Silk Road||organisation|CHN]. The 21st century and one road.",
    "[The two Governments|the two governments|group||description] agreed.",
    "The [Institute of Plant Genetics and Genetic Engineering||organisation] opened in May.",
    "A visit to the [Centre for Genomics and Bioinformatics||organisation] and the sea.",
    "The [Centre for Baltic and Nordic Studies||organisation] wrote.",
    "The [Institute of Biology||organisation] and [Siemens||company|DEU] signed.",
    "The [Institute of Biology||organisation] and Novachem signed; Acme too.",
    "The [Geological Survey of Finland||organisation|FIN] and the [Nigerian Air Force||organisation|NGA] met.",
    "The [Coalition for Clean Air||organisation] is no force; the union and a survey are none.",
]


@pytest.mark.parametrize("marked", [*HEAD_FIRST, *APPOSITIONS, *PLACES, *ELSEWHERE, *NOT_ELSEWHERE, *SHARED, *FORMS])
def test_finds_what_is_marked_and_nothing_else(marked: str) -> None:
    check_marked(marked)
