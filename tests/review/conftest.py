from pathlib import Path
from typing import Any

import pytest

from tests.review.curator import Curator, app_of
from tests.support.editions import FIRST, SECOND, first_edition, released, second_edition


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A ledger of one release."""
    released(tmp_path / "output", first_edition(), FIRST)
    return tmp_path / "output"


@pytest.fixture
def two(output: Path) -> Path:
    """A ledger of two releases: the sum lent and the sum pledged changed, Togo's part is gone."""
    released(output, second_edition(), SECOND)
    return output


@pytest.fixture
def app(output: Path) -> Any:
    return app_of(output)


@pytest.fixture
def ada(app: Any) -> Curator:
    return Curator(app)
