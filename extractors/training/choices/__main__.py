"""Train the choices from the shell: ``python -m extractors.training.choices DOCS GOLD FOLDER``."""

import json
import sys
from pathlib import Path

from extractors.training.choices.train import train_choices


def _lines(path: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    documents, gold, folder = sys.argv[1:4]
    trained = train_choices(_lines(documents), _lines(gold))
    trained.save(Path(folder))
    sys.stdout.write(json.dumps(trained.scores, indent=1) + "\n")
