"""What mkdocs.yml adds to the pages of docs/: the repository's own READMEs, and the command line's page.

Links are written as they hold in the repository. On the site they lead to the page made of the same file; a link to a
file that is no page becomes plain text.
"""

import posixpath
import re
import runpy
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
_PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md", "corpus/README.md")
_COMMANDS = "reference/commands.md"
_LINK = re.compile(r"\[([^\]]*)\]\(([^()#:\s]+)(#[^()\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in docs/."""
    for name in (*_PAGES, *readmes()):
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    files.append(File.generated(config, _COMMANDS, content=commands_page()))
    return files


def commands_page() -> str:
    """Write the page of the command line; Python may have been told not to import from the current folder."""
    return str(runpy.run_path(str(ROOT / "docs" / "commands.py"))["commands"]())


def readmes() -> list[str]:
    """List the READMEs of the extractors, by their paths in the repository."""
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("extractors/**/README.md"))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let the links of a page lead to pages of the site."""
    source = page.file.src_uri
    folder = posixpath.dirname(source if page.file.generated_by else f"docs/{source}")

    def led(link: re.Match[str]) -> str:
        label, path, anchor = link[1], link[2], link[3] or ""
        place = posixpath.normpath(posixpath.join(folder, path))
        for target in (place.removeprefix("docs/"), f"{place}/README.md"):
            if files.get_file_from_path(target):
                return f"[{label}]({posixpath.relpath(target, posixpath.dirname(source) or '.')}{anchor})"
        return label if (ROOT / place).exists() else link[0]

    return _LINK.sub(led, markdown)
