"""The base class of all errors."""


class CoopledgerError(Exception):
    """An error that a person can act on; its message is one line.

    It is the base class of every error that callers may catch::

        CoopledgerError
        ├── UnreadableError           extractors   a document cannot be read
        ├── ColumnsError              extractors   a corpus lacks a column that documents need
        ├── LedgerError               ledger       something in a ledger needs correcting; nothing was published
        │   ├── GateFailed            ledger       a gate refused the release
        │   ├── UnknownGateError      ledger       there is no gate with that name
        │   ├── DamagedLogError       ledger       a line of the curators' log is damaged; no decision was written
        │   └── UnknownDecisionError  ledger       there is no decision with that id to undo
        ├── ConcurrentDecisionError   review       another curator decided about the record meanwhile
        ├── EditError                 review       a form holds a value that a record cannot have
        ├── MissingExtraError         schemas      a library that an extra installs is missing
        ├── InputError                flows        the input cannot be used as it is
        └── UsageError                flows        a command or a parameter makes no sense
    """
