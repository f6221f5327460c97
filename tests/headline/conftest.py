import pytest

from extractors.headline import Headline, Scene, headline_of, make_scene
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.text.sentences import split


def lay_out(text: str) -> Scene:
    return make_scene(text, split(text), find_parties(text), find_amounts(text), find_years(text))


@pytest.fixture
def scene():
    return lay_out


@pytest.fixture(scope="session")
def read():
    def of(text: str) -> Headline | None:
        return headline_of(lay_out(text))

    return of
