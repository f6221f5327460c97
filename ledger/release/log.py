"""The curators' log of an output folder, as a release takes it in."""

from collections.abc import Sequence

from filelock import Timeout

from ledger.decisions import DamagedLogError, DecisionLog
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.lines import line_of
from schemas import Decision, digest_of


def read_decisions(ledger: Output) -> list[Decision]:
    """Read the curators' log of an output folder.

    Raises:
        LedgerError: the log is damaged, or another program keeps it.
    """
    try:
        return DecisionLog(ledger.decisions).read()
    except DamagedLogError as error:
        raise LedgerError(str(error)) from error
    except Timeout as error:
        raise LedgerError(f"another program is writing to {ledger.decisions}") from error


def digest_of_decisions(decisions: Sequence[Decision]) -> str:
    """Return the digest of a log's content, however its lines are written."""
    return digest_of(*(line_of(one) for one in decisions))
