"""Score records against gold answers: coders' projects, or lists of facts. Plain functions on plain JSON values.

Records and gold answers are dictionaries as JSON has them, so that any release, of any schema version, can be scored.
"""

from extractors.evaluate.facts import is_fact, score_facts
from extractors.evaluate.projects import is_project, score_projects
from extractors.evaluate.scores import Miss, Scores, calibration_error

__all__ = ["Miss", "Scores", "calibration_error", "is_fact", "is_project", "score_facts", "score_projects"]
