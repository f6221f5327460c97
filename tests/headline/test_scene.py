import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.headline import make_scene
from extractors.headline.scene import title_end


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("A title\nThe body of it.", 7),
        ("One line only.", 0),
        ("A title\n", 0),
        ("\nbody", 0),
        ("x" * 400 + "\nbody", 0),
    ],
)
def test_the_title_is_a_short_first_line_before_more(text, end):
    assert title_end(text) == end


def test_mentions_stand_in_their_sentences_as_what_they_are(scene):
    found = scene("Kenya and its bridge\nIn 2009 Japan gave Kenya $5 million. It was opened in 2011.")
    assert found.titled
    assert found.title == "Kenya and its bridge"
    assert found.words[0] == ("xparty", "and", "its", "bridge")
    assert found.words[1] == ("in", "xyear", "xparty", "gave", "xparty", "xmoney")
    assert [found.places[year].sentence for year in found.years] == [1, 2]


def test_a_count_does_not_hide_the_party_in_it(scene):
    found = scene("Japan trained 20 Zambian engineers in 2010.")
    assert "ZMB" in [party.country for party in found.parties]
    assert [amount.kind for amount in found.amounts] == ["count"]


def test_an_empty_text_has_an_empty_scene():
    assert make_scene("", [], [], [], []).bounds == ()


@given(st.text(alphabet="ab 2009.\n$", max_size=60))
def test_every_mention_has_a_place_within_its_sentence(text):
    from tests.headline.conftest import lay_out

    found = lay_out(text)
    for mention, place in found.places.items():
        assert place.word < len(found.words[place.sentence])
        assert found.text[mention.start : mention.end] == mention.text


def test_sentences_of_a_pipeline_give_the_same_scene_as_those_by_rule(scene):
    text = "Kenya and its bridge\nIn 2009 Japan gave Kenya $5 million. It was opened in 2011."
    by_rule = scene(text)
    with_blanks = [(0, 21), (21, 58), (58, len(text))]
    mentions = (by_rule.parties, by_rule.amounts, by_rule.years)
    assert make_scene(text, with_blanks, *mentions) == by_rule
