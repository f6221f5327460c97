"""Long random histories: texts edited, renamed, gone and back, programs changed, curators at work."""

import random

import pytest

from ledger.causes import Causes
from ledger.decisions import DecisionIndex, DecisionLog, as_decided, documents_to_reextract, standing
from ledger.reconcile import reconcile, reconcile_decisions
from schemas import Extraction, FieldDecision
from tests.support.changes import apply
from tests.support.edit_scripts import draft, edit
from tests.support.toys import read

RELEASES = 8


class History:
    """One document's life."""

    def __init__(self, seed, folder):
        self.rng = random.Random(seed)
        self.lines, self.name, self.log = draft(self.rng), "d.txt", DecisionLog(folder / "decisions.jsonl")
        self.program, self.held, self.merged = {}, None, ()

    def live(self, release):
        self._decide(release)
        rng, gone = self.rng, self.rng.random() < 0.1
        quiet = self.held is not None and rng.random() < 0.3
        for _ in range(0 if quiet else rng.randint(0, 4)):
            self.name = edit(rng, self.lines, self.name)
        if not quiet and rng.random() < 0.4:
            self.program = {"amounts": rng.choice([1, 2]), "skip": rng.choice([(), ("lent",)]), "code": str(release)}
        new = None if gone and not quiet else self._read()
        before = self.held.records if self.held else ()
        again = self.name in documents_to_reextract(self.merged, self.log.read())
        if quiet and not again:
            reconciled = reconcile_decisions(self.held, self._about(), merged=self.merged)
        else:
            reconciled = self._settle(new)
        assert apply(reconciled.changes, before) == list(reconciled.records)
        self.merged = reconciled.merged
        self.held = Extraction(document=new.document, records=reconciled.records) if new else None
        self._check(reconciled)

    def _read(self):
        return read(self.name, " ".join(line.text for line in self.lines), **self.program)

    def _about(self):
        ids = [one.record_id for one in (*(self.held.records if self.held else ()), *self.merged)]
        return DecisionIndex(self.log.read(), documents=dict.fromkeys(ids, self.name)).of(self.name)

    def _settle(self, new):
        program = dict(self.program)
        causes = Causes(frozenset({"code"}), reextract=lambda old: read(old.id, old.text, **program))
        return reconcile(self.held, new, self._about(), causes=causes)

    def _check(self, reconciled):
        ids = [record.record_id for record in reconciled.records]
        assert len(set(ids)) == len(ids)
        for record in reconciled.records:
            assert record.misquotes(self.held.document.text) == []
        told = {one.record_id for one in reconciled.merged}
        assert set(standing(self._about())) <= told
        if self.held:
            again = reconcile_decisions(self.held, self._about(), merged=self.merged)
            assert (again.changes, again.records) == ((), reconciled.records)
            assert self._settle(self._read()).changes == ()

    def _decide(self, release):
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            if self.held and self.held.records:
                self._decide_on(self.rng.choice(self.held.records), str(release))

    def _decide_on(self, record, release):
        who = {"reviewer": "Ada", "time": "t"}
        decisions = self.log.read()
        shown = as_decided(record, standing(decisions).get(record.record_id), self.held.document.text)
        verdict = self.rng.choice(["accept", "reject", "edit", "undo"])
        if verdict == "undo" and decisions:
            self.log.undo(self.rng.choice(decisions).id, **who)
        elif verdict != "undo" and shown is not None:
            seen = shown.model_dump(mode="json")
            given = {"year": {"start": self.rng.randint(1990, 2020)}, "partner": None}
            name = self.rng.choice(sorted(given))
            fields = [FieldDecision(name=name, seen=seen[name], given=given[name])] if verdict == "edit" else []
            self.log.append(verdict=verdict, record=shown, fields=fields, release=release, **who)


@pytest.mark.parametrize("seed", range(25))
def test_a_document_lives_through_anything(seed, tmp_path):
    history = History(seed, tmp_path)
    for release in range(RELEASES):
        history.live(release)
