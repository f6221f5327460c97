"""The pages of the documentation, taken apart: blocks of code with their language, and code within sentences."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[1]
HISTORY = "CHANGELOG.md"  # it also names what is gone
_FENCE = re.compile(
    r"(?:^ *<!-- not run: (?P<reason>[^>]+) -->\n)?^(?P<indent> *)```(?P<language>\w*)\n(?P<code>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language and code, and why it is not run, if it is not."""

    page: str
    number: int
    language: str
    code: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


@cache
def tracked() -> tuple[str, ...]:
    """The paths of the repository, relative to its root."""
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:  # an unpacked source distribution
        return tuple(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
    return tuple(name for name in found.stdout.splitlines() if (ROOT / name).is_file())


@cache
def pages() -> dict[str, str]:
    """The text of each page by its path."""
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in tracked() if name.endswith(".md")}


@cache
def blocks(language: str | None = None) -> tuple[Block, ...]:
    """The fenced blocks of all pages, or those in one language."""
    found = [
        Block(page, number, one["language"], dedent(one["code"]), one["reason"])
        for page, text in pages().items()
        for number, one in enumerate(_FENCE.finditer(text), 1)
    ]
    return tuple(one for one in found if language in (None, one.language))


@cache
def spans() -> tuple[tuple[str, str], ...]:
    """The code within sentences, each with its page."""
    return tuple(
        (page, " ".join(one[2].split()))
        for page, text in pages().items()
        if page != HISTORY
        for one in _SPAN.finditer(_FENCE.sub("", text))
    )


@cache
def typed() -> tuple[tuple[str, str], ...]:
    """What a reader may type or look for: code within sentences, and the lines of shell blocks, each with its page."""
    shell = [(one.page, one.code.replace("\\\n", " ")) for one in blocks("sh")]
    return (*spans(), *((page, line) for page, code in shell for line in code.splitlines() if line.strip()))
