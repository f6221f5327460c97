"""From the reader's acts to records: pairs of actor and partner, repeats merged, each with its confidences.

THRESHOLD and POSSIBLE are least confidences of a record; the reader's model card has precision and recall at others.
"""

THRESHOLD = 0.3  # for a record of the ledger: precision and recall are about equal there
POSSIBLE = 0.1  # for a possible record, which is offered to curators
