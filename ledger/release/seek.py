"""Some documents of a release out of their order, without holding them all."""

import json
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

from ledger.release.layout import DOCUMENTS, MERGED, POSSIBLE, QUARANTINE, RECORDS, UNCLAIMED
from ledger.release.parent import Held, held_from
from schemas import CooperationRecord, Merged, Model, PossibleRecord, Quarantined, StoredDocument, Unclaimed

M = TypeVar("M", bound=Model)
_KEYS = {
    DOCUMENTS: "id",
    RECORDS: "document_id",
    UNCLAIMED: "document_id",
    QUARANTINE: "id",
    MERGED: "document_id",
    POSSIBLE: "document_id",
}


class HeldIndex:
    """Finds what a release holds of the documents named (byte offsets are kept, not contents)."""

    def __init__(self, folder: Path | None, names: set[str]) -> None:
        self._folder, self._names = folder, names
        self._files: dict[str, BinaryIO] = {}
        self._places: dict[str, dict[str, list[int]]] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._folder is not None and self._names:
            for file, key in _KEYS.items():
                if not (self._folder / file).is_file():
                    continue  # an older release lacks newer files
                self._files[file] = self._open.enter_context((self._folder / file).open("rb"))
                self._places[file] = _places(self._files[file], key, self._names)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def get(self, name: str) -> Held:
        """Return what the release holds of one of the documents named.

        Raises:
            KeyError: the release has no such document.
        """
        return held_from(
            self._models(DOCUMENTS, name, StoredDocument)[0],
            self._models(RECORDS, name, CooperationRecord),
            self._models(UNCLAIMED, name, Unclaimed),
            self._models(QUARANTINE, name, Quarantined),
            self._models(MERGED, name, Merged),
            self._models(POSSIBLE, name, PossibleRecord),
        )

    def _models(self, file: str, name: str, model: type[M]) -> tuple[M, ...]:
        places = self._places[file][name] if file == DOCUMENTS else self._places.get(file, {}).get(name, [])
        return tuple(model.model_validate_json(self._line(file, place)) for place in places)

    def _line(self, file: str, place: int) -> bytes:
        self._files[file].seek(place)
        return self._files[file].readline()


def _places(file: BinaryIO, key: str, names: set[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    place = 0
    for line in file:
        name = json.loads(line)[key]
        if name in names:
            places.setdefault(name, []).append(place)
        place += len(line)
    return places
