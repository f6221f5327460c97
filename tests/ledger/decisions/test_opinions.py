"""Two curators on one record: both stay in the log, where they differ is told, a third look settles it."""

import pytest

from ledger.decisions import agreement, by_curator, disputed
from schemas import Decision, FieldDecision
from tests.support.toys import read

(RECORD,) = read("d", "In 2014 Ruritania lent Borduria 30 million dollars for a port.").records


def said(number, reviewer, verdict, undoes=None, **given):
    record = RECORD.model_dump(mode="json")
    fields = tuple(FieldDecision(name=name, seen=record[name], given=value) for name, value in given.items())
    return Decision(
        id=f"dec-{number}", record_id=RECORD.record_id, document_id="d", release="r", verdict=verdict, fields=fields,
        reviewer=reviewer, time="t", record=RECORD, undoes=undoes,
    )  # fmt: skip


ADA, BEA = said(1, "Ada", "accept"), said(2, "Bea", "reject")
GRANT = said(2, "Bea", "edit", kind="grant")
CASES = [
    ([ADA], ()),
    ([ADA, said(2, "Bea", "accept")], ()),
    ([ADA, BEA], ("record",)),
    ([ADA, said(2, "Bea", "edit", kind="grant")], ("kind",)),
    ([said(1, "Ada", "edit", status="pledged"), said(2, "Bea", "edit", kind="grant")], ()),
    ([ADA, BEA, said(3, "Cy", "accept")], ()),
    ([ADA, BEA, said(3, "Ada", "reject")], ()),
    ([ADA, BEA, said(3, "Bea", "reject", undoes="dec-2")], ()),
    ([ADA, said(2, "Ada", "reject")], ()),
    ([ADA, GRANT, said(3, "Cy", "accept", status="committed")], ("kind",)),
    ([ADA, GRANT, said(3, "Cy", "edit", status="pledged")], ("kind", "status")),
    ([ADA, GRANT, said(3, "Cy", "edit", kind="investment")], ()),
    ([ADA, GRANT, said(3, "Cy", "accept")], ()),
    ([ADA, GRANT, said(3, "Cy", "reject")], ()),
    ([ADA, BEA, said(3, "Cy", "accept", kind="loan")], ("record",)),
    ([ADA, BEA, said(3, "Cy", "edit", kind="grant")], ("record", "kind")),
    ([ADA, BEA, said(3, "Cy", "reject"), said(4, "Cy", "accept")], ()),
    ([ADA, said(2, "Cy", "accept"), said(3, "Bea", "edit", kind="grant")], ("kind",)),
    ([ADA, said(2, "Cy", "accept"), said(3, "Bea", "reject")], ("record",)),
    ([ADA, GRANT, said(3, "Cy", "accept"), said(4, "Bea", "edit", kind="grant")], ("kind",)),
    ([ADA, GRANT, said(3, "Cy", "accept"), said(4, "Ada", "accept")], ()),
    ([ADA, GRANT, said(3, "Cy", "accept"), said(4, "Cy", "edit", kind="investment")], ()),
    ([ADA, GRANT, said(3, "Cy", "accept"), said(4, "Cy", "accept", undoes="dec-3")], ("kind",)),
    ([ADA, GRANT, said(3, "Cy", "accept"), said(4, "Dan", "reject")], ("record",)),
    ([ADA, GRANT, said(3, "Cy", "accept", status="committed"), said(4, "Ada", "edit", kind="grant")], ()),
    ([ADA, GRANT, said(3, "Bea", "reject"), said(4, "Cy", "edit", kind="investment"), said(5, "Bea", "reject")],
     ("record", "kind")),
]  # fmt: skip


@pytest.mark.parametrize(("log", "fields"), CASES)
def test_where_two_differ(log, fields):
    assert disputed(log) == fields


def test_each_has_an_opinion_of_their_own():
    found = by_curator([ADA, said(2, "Bea", "edit", kind="grant"), said(3, "Ada", "edit", status="pledged")])
    assert list(found) == ["Bea", "Ada"]
    assert found["Bea"].pins["kind"].given == "grant" and found["Ada"].pins["kind"].given == "loan"


def test_agreement_beyond_chance():
    same = [[said(1, "Ada", "accept"), said(2, "Bea", "accept")]] * 2 + [[said(1, "Ada", "reject"), BEA]] * 2
    found = agreement([*same, [ADA, said(2, "Bea", "edit", kind="grant")], [ADA]])
    assert (found["record"].share, found["record"].kappa) == (1.0, 1.0)
    assert found["kind"].same == 2 and found["kind"].share == pytest.approx(2 / 3) and found["kind"].kappa == 0
    assert found["year"].pairs == [] or found["year"].share == 1.0
    assert found["evidence"].kappa is None


def test_kappa_of_a_known_table():
    table = {("accept", "accept"): 20, ("accept", "reject"): 5, ("reject", "accept"): 10, ("reject", "reject"): 15}
    log = [[said(1, "Ada", a), said(2, "Bea", b)] for (a, b), number in table.items() for _ in range(number)]
    assert agreement(log)["record"].kappa == pytest.approx(0.4)


def test_kappa_is_the_same_whoever_of_the_two_was_quicker():
    table = {("accept", "accept"): 20, ("accept", "reject"): 5, ("reject", "accept"): 10, ("reject", "reject"): 15}
    log = [[said(1, "Bea", b), said(2, "Ada", a)] for (a, b), number in table.items() for _ in range(number // 2)]
    log += [
        [said(1, "Ada", a), said(2, "Bea", b)] for (a, b), number in table.items() for _ in range(number // 2, number)
    ]
    assert agreement(log)["record"].kappa == pytest.approx(0.4)
