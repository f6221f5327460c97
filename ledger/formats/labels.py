"""A record as labelled spans, for tools that annotate text."""

from collections.abc import Iterator

from schemas import CooperationRecord, Span

LABELLED = ("actor", "partner", "year", "amount", "sector")


def labelled(record: CooperationRecord) -> Iterator[tuple[str, Span]]:
    """List the record's fields that quote the text, each with its span."""
    for name in LABELLED:
        part = getattr(record, name)
        if part is not None and part.span is not None:
            yield name, part.span
