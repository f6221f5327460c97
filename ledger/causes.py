"""Why a release differs from its parent: which digests changed, and how to run with one of them frozen."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from schemas import Cause, Change, Digests, Document, Extraction

ReExtract = Callable[[Document], Extraction]


@dataclass(frozen=True, slots=True)
class Causes:
    """What changed in the program since the parent release, and what can be run to tell causes apart.

    ``program`` holds those of code, model and tables whose digests differ (a changed configuration counts as code).
    ``reextract`` runs today's program on a document as the parent release holds it (the source is frozen).
    ``frozen`` maps a program cause to a run of today's program with that one part as it was in the parent.
    """

    program: frozenset[Cause] = frozenset()
    reextract: ReExtract | None = None
    frozen: Mapping[Cause, ReExtract] = field(default_factory=dict)


def causes_between(
    parent: Digests | None,
    now: Digests,
    *,
    reextract: ReExtract | None = None,
    frozen: Mapping[Cause, ReExtract] | None = None,
) -> Causes:
    """Compare the digests of a release with its parent's (None: a first release; all its changes are the source's)."""
    if parent is None:
        return Causes(reextract=reextract, frozen=frozen or {})
    pairs: list[tuple[Cause, str, str]] = [
        ("code", parent.code, now.code),
        ("code", parent.config, now.config),
        ("model", parent.model, now.model),
        ("tables", parent.tables, now.tables),
    ]
    return Causes(frozenset(cause for cause, old, new in pairs if old != new), reextract, frozen or {})


_TOLD: Mapping[Cause, str] = {
    "model": "the new model",
    "code": "the new code",
    "tables": "the new tables",
    "source": "the source",
    "decision": "curators' decisions",
}


def summaries(changes: Iterable[Change]) -> list[str]:
    """Say for each cause how many changes come from it, as in "n of m changes come from the new model"."""
    counts = Counter(change.cause for change in changes)
    total = counts.total()
    return [
        f"{counts[cause]} of {total} changes {'comes' if counts[cause] == 1 else 'come'} from {told}"
        for cause, told in _TOLD.items()
        if counts[cause]
    ]
