import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.review.browsing import served
from tests.review.curator import Curator, app_of
from tests.support.editions import FIRST, SECOND, first_edition, released, second_edition


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Ledgers of the first edition, and of both, to be copied."""
    root = tmp_path_factory.mktemp("editions")
    released(root / "one", first_edition(), FIRST)
    shutil.copytree(root / "one", root / "two")
    released(root / "two", second_edition(), SECOND)
    return root / "one", root / "two"


@pytest.fixture
def output(tmp_path: Path, editions: tuple[Path, Path]) -> Path:
    """A ledger of one release."""
    return shutil.copytree(editions[0], tmp_path / "output")


@pytest.fixture
def two(output: Path, editions: tuple[Path, Path]) -> Path:
    """A ledger of two releases: the sum lent and the sum pledged changed, Togo's part is gone."""
    shutil.rmtree(output)
    return shutil.copytree(editions[1], output)


@pytest.fixture
def app(output: Path) -> Any:
    return app_of(output)


@pytest.fixture
def ada(app: Any) -> Curator:
    return Curator(app)


@pytest.fixture
def site(output: Path) -> Iterator[str]:
    """The address of the page over a ledger of one release."""
    with served(output, reviewer="Ada") as address:
        yield address
