"""Files: the look that the page shares with a release's own pages."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter()


@router.get("/look.css")
def look() -> Response:
    """Return the style of ``report.html``: the colours in light and dark, tables, tags, marks."""
    style = (files("ledger.report") / "templates" / "style.css").read_bytes()
    return Response(style, media_type="text/css", headers={"cache-control": "max-age=3600"})
