"""How likely right a candidate record must be; the reader's card has what each choice costs in found and precision."""

THRESHOLD = 0.3  # to be a record of the ledger: found and precision weigh alike there
POSSIBLE = 0.1  # to be offered to curators
