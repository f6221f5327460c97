"""Whatever a form or an address says, the page answers: no error of the program's own."""

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.review.curator import Curator

VALUES = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "9" * 400, "1e999", "nan", "inf", "null", "[]", "{}", "\x00", "a\nb", "\u202e",
         "x" * 5_000, "<b>", "../..", "2014", "2014-1000", "QQQ", "CHN", "edit", "accept", "reject", "%00",
         "١٢", "true", "1", "30"]
    ),
    st.text(max_size=20),
)  # fmt: skip
FIELDS = ["actor", "partner", "year", "amount", "sector", "evidence", "kind", "status"]
PARTS = [
    "value",
    "none",
    "start",
    "end",
    "text",
    "name",
    "type",
    "country",
    "low",
    "high",
    "unit",
    "bound",
    "per",
    "code",
    "kind",
]
POSTS = ["/decide", "/edit", "/skip", "/undo", "/bulk", "/batch/undo", "/add", "/name", "/possible"]
GETS = ["/", "/editor", "/bulk", "/batch", "/document", "/add", "/compare", "/effect", "/decisions", "/record/x"]
QUERY = [
    "q",
    "why",
    "field",
    "start",
    "end",
    "record",
    "id",
    "document",
    "mention",
    "within",
    "a",
    "b",
    "outcome",
    "page",
    "sort",
]
given_often = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given_often
@given(data=st.data())
def test_any_form_is_answered(ada: Curator, data: Any) -> None:
    field = data.draw(st.sampled_from(FIELDS))
    names = [f"{field}.{part}" for part in PARTS] + ["verdict", "note", "reason", "possible", "batch", "machine"]
    form = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=9))
    known = re.findall(r"/record/([\w-]+)", ada.page("/"))
    form["record"] = known[0] if known and data.draw(st.booleans()) else "rec-none"
    answer = ada.post(data.draw(st.sampled_from(POSTS)), **{"field": field, **form})
    assert answer.status_code < 500, answer.text[:500]


@given_often
@given(path=st.sampled_from(GETS), query=st.dictionaries(st.sampled_from(QUERY), VALUES, max_size=5))
def test_any_address_is_answered(ada: Curator, path: str, query: dict[str, str]) -> None:
    assert ada.send("GET", path, params=query).status_code < 500
