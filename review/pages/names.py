"""Names that the ledger has, for completing what is typed."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from review.web import Someone

router = APIRouter()
_MOST = 12


@router.get("/names")
def names(who: Someone, q: str = "") -> Response:
    """List parties' names that hold what was typed, those that begin with it first, then the most frequent."""
    typed = " ".join(q.casefold().split())[:100]
    known = who.desk.store.view().shelf.names
    found = [
        (not name.casefold().startswith(typed), -count, name) for name, count in known.items() if _holds(name, typed)
    ]
    return JSONResponse([name for _, _, name in sorted(found)[:_MOST]] if typed else [])


def _holds(name: str, typed: str) -> bool:
    return typed in name.casefold()
