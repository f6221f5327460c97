"""The pages, a module each."""

from review.pages import decide, door, edit, files, queue, record

ROUTERS = (files.router, door.router, queue.router, record.router, decide.router, edit.router)
