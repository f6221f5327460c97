"""``SHA256SUMS``: the digests of a release's files, as ``sha256sum -c`` reads them."""

from pathlib import Path

from ledger.errors import one_line
from ledger.release.durable import sha256_of, write_text
from ledger.release.layout import SUMS, UNSUMMED

_SEPARATOR = "  "


def files_of(folder: Path) -> list[str]:
    """List the files of a release, relative to it, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def write_sums(folder: Path) -> None:
    """Write the digests of all files but those that name the run's time and host (see ``UNSUMMED``)."""
    names = [name for name in files_of(folder) if name not in UNSUMMED and name != SUMS]
    write_text(folder / SUMS, _written({name: sha256_of(folder / name) for name in names}))


def _written(sums: dict[str, str]) -> str:
    return "".join(f"{digest}{_SEPARATOR}{name}\n" for name, digest in sums.items())


def read_sums(folder: Path) -> dict[str, str]:
    """Map each listed file to its SHA-256; a list that was altered, be it by a blank, maps itself to nothing."""
    with one_line(f"cannot read {folder / SUMS}"):
        text = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    pairs = [line.split(_SEPARATOR, 1) for line in text.split("\n") if _SEPARATOR in line]
    sums = {name: digest for digest, name in pairs}
    return sums if _written(sums) == text else sums | {SUMS: ""}


def broken(folder: Path, sealed: dict[str, str] | None = None) -> list[str]:
    """List the files of a release that are gone, changed or not of it.

    Args:
        folder: the release.
        sealed: digests known from elsewhere (those of the files that SHA256SUMS leaves out).
    """
    if not (folder / SUMS).is_file():
        return [SUMS]
    sums = read_sums(folder) | (sealed or {})
    present = set(files_of(folder))
    wrong = {name for name in sums if name not in present or sha256_of(folder / name) != sums[name]}
    return sorted(wrong | (present - sums.keys() - {SUMS, *UNSUMMED}))
