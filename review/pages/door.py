"""Coming in: the token, and the name that decisions are logged under."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from review.sessions import cleaned_name
from review.web import Anyone, Posted, Refused, Someone, own_path, page, see

router = APIRouter()


@router.post("/enter")
async def enter(request: Request, who: Anyone, form: Posted) -> Response:
    """Take the token; the session gets a new id, so that one planted before is worth nothing."""
    peer = request.client.host if request.client else ""
    await who.desk.tries.wait(peer)
    if not who.desk.access.holds_token(form["token"]):
        who.desk.tries.wrong(peer)
        return page("enter.html", who, 401, there=own_path(form["there"]), wrong=True, inside=False)
    who.desk.tries.right(peer)
    request.state.fresh_cookie = who.desk.sessions.start(name=who.session.name, admitted=True).id
    return see(own_path(form["there"]))


@router.post("/name")
def name(request: Request, who: Someone, form: Posted) -> Response:
    """Take the name that this browser's decisions are logged under, now and when it comes again."""
    if who.desk.access.user_header is not None:
        raise Refused(403, "the reverse proxy gives the name")
    given = cleaned_name(form["name"])
    if not given:
        raise Refused(400, "a name needs letters")
    who.session.name = given
    request.state.fresh_name = given
    return see(own_path(form["there"]))
