"""The tutorial's pictures are made of the page itself, and all that it shows are made."""

import re
from pathlib import Path

from playwright.sync_api import Browser

from docs.pictures import HERE, make
from tests.review.browsing import IN_CHROMIUM

pytestmark = IN_CHROMIUM
TUTORIAL = HERE.parent / "tutorial.md"


def test_the_story_of_the_tutorial_can_be_told(tmp_path: Path, browser: Browser) -> None:
    make(tmp_path, browser)
    named = set(re.findall(r"\(pictures/([a-z]+\.png)\)", TUTORIAL.read_text(encoding="utf-8")))
    assert {one.name for one in tmp_path.iterdir()} == {one.name for one in HERE.iterdir()} == named
