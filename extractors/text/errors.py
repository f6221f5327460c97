"""Why a document could not be read, in words for the person who must mend it."""

from schemas.errors import CoopledgerError


class UnreadableError(CoopledgerError):
    """A document that cannot be read.

    ``reason`` is one of the codes ``empty binary encrypted oversized no_text undecodable unreadable unsupported
    malformed_line duplicate_id``; ``detail`` is a sentence.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
