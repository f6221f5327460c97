import pytest

from extractors.entities.amounts import find_amounts
from extractors.entities.parties import find_parties
from extractors.entities.sectors.classify import shipped as sectors
from extractors.entities.years import find_years
from extractors.headline import Headline, Scene, headline_of, make_scene
from extractors.headline.model import shipped
from extractors.text.sentences import split


def lay_out(text: str) -> Scene:
    return make_scene(text, split(text), find_parties(text), find_amounts(text), find_years(text))


@pytest.fixture
def scene():
    return lay_out


@pytest.fixture(scope="session")
def read():
    def of(text: str) -> Headline | None:
        return headline_of(lay_out(text), model=shipped(), sectors=sectors())

    return of
