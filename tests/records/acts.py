"""Acts made by hand: what the reader might say of a text, for tests."""

from collections.abc import Mapping

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.reader.acts import FIELDS, KINDS, ROLES, SECTORS, STATUSES, Act, Filler, Role


def party(
    text: str, name: str, *, country: str | None = None, type: str = "organisation", nth: int = 0
) -> PartyMention:
    at = place(text, name, nth)
    return PartyMention(at, at + len(name), name, name=name, type=type, country=country)  # type: ignore[arg-type]


def year(text: str, quote: str) -> YearMention:
    at = place(text, quote)
    return YearMention(at, at + len(quote), quote, first=int(quote[-4:]), last=int(quote[-4:]))


def money(text: str, quote: str, value: float) -> AmountMention:
    at = place(text, quote)
    return AmountMention(at, at + len(quote), quote, kind="money", value=value, unit="USD", number=str(value))


def place(text: str, quote: str, nth: int = 0) -> int:
    at = -1
    for _ in range(nth + 1):
        at = text.index(quote, at + 1)
    return at


def act(
    text: str,
    anchor: str,
    fillers: Mapping[Role, list[tuple[Mention | None, float]]],
    *,
    likely: float = 0.9,
    kind: str = "loan",
    nth: int = 0,
) -> Act:
    at = place(text, anchor, nth)
    return Act(
        at,
        at + len(anchor),
        likely,
        {role: tuple(Filler(*one) for one in fillers.get(role, [])) for role in ROLES},
        one_hot(KINDS, kind),
        one_hot(STATUSES, "committed"),
        one_hot(SECTORS, "140"),
        dict.fromkeys(FIELDS, 0.01) | {"water": 0.9},
    )


def one_hot(labels: tuple[str, ...], chosen: str) -> dict[str, float]:
    return {label: 0.8 if label == chosen else 0.2 / (len(labels) - 1) for label in labels}
