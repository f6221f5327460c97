"""From the reader's acts to records: who is paired with whom, what is stated twice, how likely each record is right.

THRESHOLD and POSSIBLE say how likely right a candidate must be; the reader's card has what each choice costs.
"""

THRESHOLD = 0.3  # to be a record of the ledger: found and precision weigh alike there
POSSIBLE = 0.1  # to be offered to curators
