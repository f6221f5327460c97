"""Whose a body is: the nation before it, as a possessive or an adjective."""

from .scan import COUNTRY_LIKE, Scan


def owner_before(scan: Scan, first: int) -> tuple[str | None, int]:
    """Return the country whose possessive stands before token ``first``, and where the whole begins."""
    tokens = scan.tokens
    if tokens.word(first - 1) == "s" and tokens.word(first - 2) in ("'", "’") and tokens.joined(first):
        hit = scan.before(first - 2)
    elif tokens.word(first - 1) in ("'", "’"):
        hit = scan.before(first - 1)
    else:
        return None, first
    if hit is None or hit.source not in COUNTRY_LIKE or hit.entry.country is None:
        return None, first
    return hit.entry.country, hit.first


def nation_before(scan: Scan, first: int) -> tuple[str | None, int]:
    """Return the nation that an adjective or possessive before ``first`` gives, and where it begins."""
    before = scan.before(first)
    if before is not None and before.source == "demonym" and scan.tokens.joined(first):
        return before.entry.country, before.first
    return owner_before(scan, first)
