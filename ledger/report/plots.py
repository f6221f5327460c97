"""Where the marks of a plot lie; the templates draw them as inline SVG."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from operator import itemgetter

from ledger.report.formatting import number

WIDTH = 960
_LEFT, _RIGHT = 48, 16  # room for the numbers, and for half of the last year
_TICK = 48  # the least distance of two years written below
_MOST_BARS = 14
_MOST_PARTIES = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, how much, its share of the longest (0 to 1), and how much in words."""

    label: str
    value: float
    share: float
    said: str


@dataclass(frozen=True, slots=True)
class YearBar:
    """An upright bar of a plot over years, in the units of its drawing."""

    year: int
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Years:
    """Records by year: bars, and the lines to read them by."""

    columns: tuple[YearBar, ...]
    ticks: tuple[tuple[int, float], ...]
    grid: tuple[tuple[int, float], ...]
    height: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Who with whom: actors down, partners across; of each square how many records, and the most that one has."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]
    most: int
    shown: int
    total: int

    @property
    def lift(self) -> float:
        """The height (in rem) that the slanted names of the columns need."""
        return 1.6 + 0.36 * min(max(len(name) for name in self.columns), 24)


def bars(values: Mapping[str, float], *, show: Callable[[float], str] = number, most: int = _MOST_BARS) -> list[Bar]:
    """Lay out lying bars, longest first; what is beyond ``most`` is summed in a last one."""
    ranked = sorted(sorted((name, value) for name, value in values.items() if value), key=itemgetter(1), reverse=True)
    kept, rest = ranked[:most], ranked[most:]
    if rest:
        kept.append((f"{len(rest)} others", sum(value for _, value in rest)))
    longest = max((value for _, value in kept), default=1)
    return [Bar(name, value, value / longest, show(value)) for name, value in kept]


def years_plot(counts: Mapping[int, int], *, height: int = 240) -> Years | None:
    """Lay out upright bars, one a year, gaps kept; None without years."""
    if not counts:
        return None
    first, last = min(counts), max(counts)
    slot = (WIDTH - _LEFT - _RIGHT) / (last - first + 1)
    top = _round_up(max(counts.values()))
    gap = min(4.0, slot * 0.2)
    columns = []
    for year, value in sorted(counts.items()):
        x, tall = _LEFT + (year - first) * slot, value / top * height
        columns.append(YearBar(year, value, x + gap / 2, height - tall, slot - gap, tall))
    step = max(1, ceil(_TICK / slot))
    ticks = [
        (year, _LEFT + (year - first + 0.5) * slot) for year in range(first, last + 1) if (last - year) % step == 0
    ]
    lines = sorted({round(top * part / 4) for part in range(5)})
    grid = [(value, height - value / top * height) for value in lines]
    return Years(tuple(columns), tuple(ticks), tuple(grid), height)


def _round_up(value: int) -> int:
    """Return a number at or above ``value`` whose quarters are whole and easy to read."""
    step: int = 10 ** max(0, floor(log10(value)) - 1)
    return next(part * step for part in (4, 8, 12, 16, 20, 28, 40, 60, 80, 100) if part * step >= value)


def matrix(pairs: Mapping[tuple[str, str], int], *, most: int = _MOST_PARTIES) -> Matrix | None:
    """Lay out who with whom for the parties with most records; None without a pair."""
    named = {pair: count for pair, count in pairs.items() if pair[1]}
    if not named:
        return None
    rows, columns = _leading(named, 0, most), _leading(named, 1, most)
    rows = [row for row in rows if any((row, column) in named for column in columns)]
    cells = tuple(tuple(named.get((row, column), 0) for column in columns) for row in rows)
    seen = [count for row in cells for count in row]
    return Matrix(tuple(rows), tuple(columns), cells, max(seen, default=1), sum(seen), sum(named.values()))


def _leading(pairs: Mapping[tuple[str, str], int], side: int, most: int) -> list[str]:
    totals: Counter[str] = Counter()
    for pair, count in pairs.items():
        totals[pair[side]] += count
    return sorted(sorted(totals), key=totals.__getitem__, reverse=True)[:most]


def stacked(values: Sequence[tuple[str, float]]) -> list[tuple[str, float, float, float]]:
    """Lay out one bar in parts: name, value, where it starts and how long it is (shares of the whole)."""
    total = sum(value for _, value in values) or 1
    parts, start = [], 0.0
    for name, value in values:
        parts.append((name, value, start, value / total))
        start += value / total
    return parts
