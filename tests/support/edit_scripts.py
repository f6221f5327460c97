"""Random edit scripts over a document of acts: which acts were left alone, and did they keep their ids?"""

import random
from dataclasses import dataclass, field

from ledger.causes import Causes
from ledger.identity import renames
from ledger.reconcile import reconcile
from schemas import Extraction
from tests.support.toys import COUNTRIES, EXTRAS, TOPICS, VERBS, read, sentence

EDITS = ("insert", "delete", "retouch", "rename", "split", "merge", "filler", "move")
FILLERS = ("The rains came late that year.", "Nobody knew what it had cost.", "Observers were not admitted.")


@dataclass
class Line:
    """A sentence of the text; ``touched`` once an edit changed it."""

    text: str
    touched: bool = False


@dataclass
class Tally:
    untouched: int = 0
    kept: int = 0
    retouched: int = 0
    retouched_kept: int = 0
    lost: list = field(default_factory=list)

    @property
    def share(self):
        return self.kept / self.untouched if self.untouched else 1.0


def act(rng, *, partners=1):
    names = rng.sample(sorted(COUNTRIES), partners + 1)
    number = rng.choice([0, rng.randint(1, 900)])
    parts = (rng.choice(sorted(VERBS)), " and ".join(names[1:]), number, rng.randint(1990, 2024))
    return Line(sentence(names[0], *parts, rng.choice(TOPICS), rng.choice(EXTRAS)))


def draft(rng):
    lines = [act(rng, partners=rng.choice([1, 1, 1, 2, 3])) for _ in range(rng.randint(2, 9))]
    if rng.random() < 0.2:
        lines.append(Line(rng.choice(lines).text))
    lines += [Line(rng.choice(FILLERS)) for _ in range(rng.randint(0, 4))]
    rng.shuffle(lines)
    return lines


def edit(rng, lines, name):
    """Apply one random edit in place; return the document's name."""
    kind, at = rng.choice(EDITS), rng.randrange(len(lines))
    line = lines[at]
    if kind == "insert":
        lines.insert(at, act(rng))
        lines[at].touched = True
    elif kind == "delete" and len(lines) > 1:
        del lines[at]
    elif kind == "retouch":
        lines[at] = Line(retouched(rng, line.text), touched=True)
    elif kind == "rename":
        return f"{name}~"
    elif kind == "split":
        lines[at : at + 1] = split(line)
    elif kind == "merge" and " and " not in line.text and line.text.startswith("In "):
        lines[at] = Line(line.text.replace(" for ", f" and {rng.choice(sorted(COUNTRIES))} for ", 1), touched=True)
    elif kind == "filler":
        lines.insert(at, Line(rng.choice(FILLERS)))
    elif kind == "move":
        lines.insert(rng.randrange(len(lines)), lines.pop(at))
    return name


def retouched(rng, text):
    words = text.split(" ")
    at = rng.randrange(len(words))
    word = words[at]
    if word.isdigit():
        words[at] = str(int(word) + rng.randint(1, 5))
    elif word.rstrip(".") in COUNTRIES:
        words[at] = word.replace(word.rstrip("."), rng.choice(sorted(COUNTRIES)))
    else:
        words.insert(len(words) - 1, rng.choice(["truly", "by and by", "of all things"]))
    return " ".join(words)


def split(line):
    head, joined, tail = line.text.partition(" and ")
    partner = tail.split(" ")[0]
    if not joined or partner not in COUNTRIES:
        return [line]
    first = head.rsplit(" ", 1)
    return [
        Line(f"{head} {' '.join(tail.split(' ')[1:])}", touched=True),
        Line(f"{first[0]} {partner} {' '.join(tail.split(' ')[1:])}", touched=True),
    ]


def script(seed, *, edits=4, releases=2):
    """Run one random script over several releases; return the Tally."""
    rng, tally = random.Random(seed), Tally()
    lines, name = draft(rng), "report.txt"
    previous = publish(None, name, lines)
    for _ in range(releases):
        before = placed_ids(previous, lines)
        for line in lines:
            line.touched = False
        old_name = name
        for _ in range(edits):
            name = edit(rng, lines, name)
        assert name == old_name or renames({old_name: "d"}, {name: "d"}) == {name: old_name}
        previous = publish(previous, name, lines)
        count(tally, before, placed_ids(previous, lines), lines, seed)
    return tally


def publish(previous, name, lines):
    new = read(name, " ".join(line.text for line in lines))
    reconciled = reconcile(previous, new, [], causes=Causes())
    return Extraction(document=new.document, records=reconciled.records)


def placed_ids(extraction, lines):
    """Map (line, partner) to the record's id, the line by identity."""
    found, start = {}, 0
    for line in lines:
        for record in extraction.records:
            if start <= record.evidence.start < start + len(line.text):
                found[id(line), record.partner.name] = record.record_id
        start += len(line.text) + 1
    return found


def count(tally, before, after, lines, seed):
    left_alone = {id(line) for line in lines if not line.touched}
    for key, record_id in before.items():
        if key[0] in left_alone and key in after:
            tally.untouched += 1
            tally.kept += after[key] == record_id
            if after[key] != record_id:
                tally.lost.append((seed, key[1], record_id))
