"""The tutorial's pictures are made of the page itself, and all that it shows are made."""

import re
from pathlib import Path

from docs.pictures import HERE, main
from tests.review.browsing import IN_CHROMIUM

pytestmark = IN_CHROMIUM
TUTORIAL = HERE.parent / "tutorial.md"


def test_the_story_of_the_tutorial_can_be_told(tmp_path: Path) -> None:
    main(tmp_path)
    named = set(re.findall(r"\(pictures/([a-z]+\.png)\)", TUTORIAL.read_text(encoding="utf-8")))
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in HERE.iterdir()} == named
