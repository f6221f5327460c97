"""Kinds: what is given before its form. Statuses: the latest that the text tells."""

import pytest

from tests.frames.reading import records


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Norway and Togo signed a memorandum on research cooperation in 2012.", "agreement"),
        ("Peru and Korea signed a memorandum on quantum research.", "agreement"),
        ("Chile renewed its scientific cooperation agreement with Finland.", "agreement"),
        ("Latvia signed an agreement with Oman to build a joint laboratory in Muscat.", "joint_facility"),
        ("Spain signed a loan agreement with Peru worth $20 million.", "loan"),
        ("The Kenya-Italy Joint Commission on Scientific Cooperation held its fifth session in 2016.", "dialogue"),
        ("Bosch bought 80% of Poland's Frankonia for €30 million in 2016.", "acquisition"),
        ("Hyundai bought 10% of Vietnam's Thanh Cong in 2017.", "investment"),
        ("Egypt bought 24 Rafale jets from France in 2015.", "supply"),
        ("Siemens and Togo's power utility set up a joint venture in 2011.", "investment"),
        ("Toyota is building a car factory in Kenya.", "investment"),
        ("Samsung opened a research centre in Warsaw with Poland in 2009.", "joint_facility"),
        ("Portugal donated a radio station to East Timor in 2002.", "grant"),
        ("Finland paid Estonia €7 million for two ferries in 2011.", "supply"),
        ("Oslo University and Makerere launched a joint research project on malaria in 2014.", "joint_research"),
        ("Ghana and Benin cooperate in customs.", "programme"),
        ("In 2012 Norway completed a hospital in Lilongwe, Malawi, a gift of 60 million kroner.", "grant"),
        ("Repsol and Masdar inaugurated a wind farm in Spain in 2016.", "investment"),
        ("Vestas is building a €90 million site in Vietnam.", "investment"),
        ("Norway is building a €90 million school in Vietnam.", "joint_facility"),
        ("Norway has funded 40 Ghanaians to study medicine in Oslo.", "training"),
        ("Siemens has granted Egypt's Elsewedy a licence to make turbines.", "supply"),
        ("Peru and Chile signed a memorandum to develop a lithium supply chain in 2016.", "agreement"),
        ("Norway committed $5 million to Malawi to buy tents and to train nurses.", "grant"),
        ("Norway offered to train 30 Malawian nurses.", "training"),
        ("Turkish Eximbank made available $5 million to Ghana in 2013.", "loan"),
        ("The Oslo Foundation has taken over 15 schools in Ghana.", "acquisition"),
        ("Norway and Chile began the design together in 2001.", "joint_research"),
        ("Kuwait Fund placed a deposit of $1 billion with the Central Bank of Jordan in 2019.", "loan"),
        ("Nordic International Investment put $9 million in Kenya's Twiga in 2019.", "investment"),
        ("Cuba and Angola agreed to send 400 teachers to Luanda.", "technical_assistance"),
        ("Iran and Turkey opened a railway in 2014.", "joint_facility"),
        ("Iran and Turkey launched an exchange of musicians in 2014.", "programme"),
        ("Bosch and Pertamina agreed to study hydrogen stations.", "agreement"),
        ("Norway and Chile are testing a tidal power station in Chile.", "joint_research"),
        ("Sweden put in 9 million kronor for CERN in 1995.", "grant"),
        ("Zijin Mining bought the copper mine at Bor from Serbia for $350 million in 2018.", "acquisition"),
        ("Tata bought the truck factory from Daewoo for $102 million in 2004.", "acquisition"),
        ("Tata bought lathes for the truck factory from Bosch for $12 million in 2004.", "supply"),
        ("Canada provided Ghana with C$30 million in development assistance in 2014.", "grant"),
        ("Belgium gave Benin €15 million in technical assistance in 2019.", "technical_assistance"),
        ("India agreed in 2021 to put off the repayments of the Maldives.", "debt_relief"),
        ("The Kuwait Fund postponed Somalia's loan repayments for three years in 2016.", "debt_relief"),
        (
            "The Swiss National Science Foundation and Brazil's FAPESP funded 30 joint projects in 2014.",
            "joint_research",
        ),
        ("Masdar agreed with Georgia to put $300 million into a gas plant in 2018.", "investment"),
        ("Norway agreed with Malawi to put $3 million into a power plant in 2018.", "grant"),
        ("BP paid Oman $800 million in 2017 to have its concession extended.", "supply"),
        ("Norway and Russia founded the Barents Fisheries Commission in 1976.", "dialogue"),
        ("Kenya and Uganda founded a school for the Lake Council in 1990.", "joint_facility"),
        (
            "A joint institute of optics, agreed upon in 2012 by Peking University and the University of Milan.",
            "joint_facility",
        ),
    ],
)
def test_the_kind_is_what_the_act_gives(text: str, kind: str) -> None:
    assert [record.kind for record in records(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Ghana will submit its plans to Denmark in due course.",
        "Peru and Chile put off their summit in 2012.",
    ],
)
def test_no_act(text: str) -> None:
    assert records(text) == []


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("Egypt bought 24 Rafale jets from France in 2015.", ["completed"]),
        ("Egypt ordered 24 Rafale jets from France in 2015.", ["committed"]),
        ("Oman offered to train 30 Somali pilots.", ["pledged"]),
        ("From 2005 to 2009 Denmark trained 300 Kenyan nurses.", ["completed"]),
        ("Vestas has supplied Ethiopia with 40 turbines since 2019.", ["implementing"]),
        ("Chile ordered six frigates from the Netherlands in 2004, cancelled in 2006.", ["cancelled"]),
        ("Latvia signed an agreement with Oman in 2004; the agreement was terminated in 2009.", ["cancelled"]),
        ("Malta signed up to the European Southern Observatory in 2008.", ["committed"]),
    ],
)
def test_the_status_is_of_the_latest_word(text: str, statuses: list[str]) -> None:
    assert [record.status for record in records(text)] == statuses
