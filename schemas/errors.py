"""The root of all errors."""


class CoopledgerError(Exception):
    """Anything that went wrong and that a person can act on; what it says is one line.

    Every error that a caller can catch is one::

        CoopledgerError
        ├── UnreadableError           extractors   a document cannot be read
        ├── ColumnsError              extractors   a corpus has no column for what a document needs
        ├── LedgerError               ledger       something to mend in a ledger; nothing was published
        │   ├── GateFailed            ledger       a gate refused the release
        │   ├── UnknownGateError      ledger       there is no gate of that name
        │   ├── DamagedLogError       ledger       a line of the curators' log does not fit; no decision was written
        │   └── UnknownDecisionError  ledger       there is no such decision to undo
        ├── ConcurrentDecisionError   review       somebody else decided about the record meanwhile
        ├── EditError                 review       a form gives a value that no record can have
        ├── MissingExtraError         schemas      a library is not installed that an extra brings
        ├── InputError                flows        the input cannot be used as it is
        └── UsageError                flows        a command or a parameter makes no sense
    """
