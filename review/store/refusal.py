"""The run that gates refused last, as it left its report in the output folder."""

import json
from dataclasses import dataclass

from ledger.release.layout import Output


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the last run published nothing: the gates that refused, in words."""

    reasons: tuple[str, ...]


def refusal(output: Output) -> Refusal | None:
    """Read the report of the last refusal; None if the last run published, or there is no report to be read."""
    try:
        gates = json.loads(output.gate_data.read_bytes())["gates"]
        failed = [one for one in gates if not (one["passed"] or one["accepted"])]
        return Refusal(tuple(f"{one['name']}: {one['detail']}" for one in failed)) if failed else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
