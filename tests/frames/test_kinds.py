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
    ],
)
def test_the_kind_is_what_the_act_gives(text: str, kind: str) -> None:
    assert [record.kind for record in records(text)] == [kind]


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
