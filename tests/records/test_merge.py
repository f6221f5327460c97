"""One act told twice is one record."""

from extractors.records.instances import instances, merged
from extractors.text.sentences import split
from tests.hostile.work import lines_run
from tests.records.acts import act, money, party, year

TEXT = (
    "Japan lends Kenya USD 5 million\n"
    "Japan lent Kenya USD 5 million on Monday. The loan was signed in 2004. Japan gave Kenya USD 9 million too."
)


def japan(nth: int):
    return party(TEXT, "Japan", country="JPN", type="country", nth=nth)


def kenya(nth: int):
    return party(TEXT, "Kenya", country="KEN", type="country", nth=nth)


def told(anchor: str, nth: int, **more):
    fillers = {"actor": [(japan(nth), 0.9)], "partner": [(kenya(nth), 0.9)]}
    fillers |= {role: [(value, 0.9)] for role, value in more.items() if role in ("year", "amount")}
    return act(TEXT, anchor, fillers, kind=more.get("kind", "loan"))


def test_headline_lead_and_body_are_one_act_with_what_each_tells() -> None:
    acts = [
        told("lends", 0),
        told("lent", 1, amount=money(TEXT, "USD 5 million", 5e6)),
        told("loan", 1, year=year(TEXT, "2004")),
    ]
    (one,) = merged(instances(acts, split(TEXT)), TEXT.index("\n"))
    assert one.times_stated == 3
    assert one.sum is not None and one.sum.value == 5e6
    assert one.when is not None and one.when.first == 2004


def test_another_sum_is_another_act() -> None:
    acts = [
        told("lent", 1, amount=money(TEXT, "USD 5 million", 5e6)),
        told("gave", 2, amount=money(TEXT, "USD 9 million", 9e6)),
    ]
    assert len(merged(instances(acts, split(TEXT)), TEXT.index("\n"))) == 2


def test_another_kind_further_down_is_another_act() -> None:
    acts = [told("lent", 1), told("gave", 2, kind="grant")]
    assert len(merged(instances(acts, split(TEXT)), TEXT.index("\n"))) == 2


def japan_of(text: str, nth: int):
    return party(text, "Japan", country="JPN", type="country", nth=nth)


def kenya_of(text: str, nth: int):
    return party(text, "Kenya", country="KEN", type="country", nth=nth)


def usd(text: str, nth: int):
    return money(text, f"USD {nth} million", nth)


def test_the_work_grows_as_the_number_of_acts_does() -> None:
    def work(number: int) -> int:
        text = "".join(f"Japan lent Kenya USD {at} million.\n" for at in range(number))
        fillers = [
            {
                "actor": [(japan_of(text, at), 0.9)],
                "partner": [(kenya_of(text, at), 0.9)],
                "amount": [(usd(text, at), 0.9)],
            }
            for at in range(number)
        ]
        found = list(instances([act(text, "lent", one, nth=at) for at, one in enumerate(fillers)], split(text)))
        assert len(merged(found, 0)) == number
        return lines_run(lambda: merged(found, 0))

    assert work(400) < 6 * work(100)
