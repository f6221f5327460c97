"""The page of a clash: what somebody else decided about a record since it was shown, before anything is written."""

from fastapi.responses import Response

from review.rendering import render
from review.store import ConcurrentDecisionError
from review.web import Form, User
from schemas import CooperationRecord


def show_clash(
    user: User, form: Form, clash: ConcurrentDecisionError, record: CooperationRecord, *, action: str, back: str
) -> Response:
    """Show what somebody else decided meanwhile about a record; nothing was written.

    The page offers to send the form to ``action`` again, in spite of theirs, or to look at the record, at ``back``.
    """
    sent = [(name, value) for name, values in form.fields.items() for value in values if name not in ("csrf", "seen")]
    return render("clash.html", user, 409, record=record, theirs=clash.theirs, back=back, fields=sent, action=action)
