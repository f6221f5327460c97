"""The pages, a module each."""

from review.pages import (
    bodies,
    bulk,
    decide,
    decisions,
    document,
    door,
    edit,
    effect,
    files,
    names,
    queue,
    record,
    releases,
)

ROUTERS = tuple(
    one.router
    for one in (files, door, names, bodies, queue, record, decide, edit, document, bulk, decisions, releases, effect)
)
"""The routes of all pages."""
