"""The layout of plots, which the templates draw as inline SVG or HTML."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from operator import itemgetter

from ledger.report.formatting import number

WIDTH = 960
_LEFT, _RIGHT = 48, 16  # margins for the numbers, and for half of the last year's label
_MIN_TICK_GAP = 48  # the least distance between two years' labels
_MAX_BARS = 14
_MAX_PARTIES = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar: its label, value, share of the longest bar (0 to 1), and the value as text."""

    label: str
    value: float
    share: float
    said: str


@dataclass(frozen=True, slots=True)
class YearBar:
    """A vertical bar of a plot over years; ``x`` to ``height`` are in SVG units."""

    year: int
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Years:
    """A plot of records by year: bars, year labels (year, x), and grid lines (value, y)."""

    columns: tuple[YearBar, ...]
    ticks: tuple[tuple[int, float], ...]
    grid: tuple[tuple[int, float], ...]
    height: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Record counts by actor (rows) and partner (columns).

    ``most`` is the largest cell; ``shown`` of ``total`` records with a partner are in the matrix.
    """

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


def bars(values: Mapping[str, float], *, show: Callable[[float], str] = number, most: int = _MAX_BARS) -> list[Bar]:
    """Lay out horizontal bars, longest first; those beyond ``most`` are summed in a last one."""
    ranked = sorted(sorted((name, value) for name, value in values.items() if value), key=itemgetter(1), reverse=True)
    kept, rest = ranked[:most], ranked[most:]
    if rest:
        kept.append((f"{len(rest)} others", sum(value for _, value in rest)))
    longest = max((value for _, value in kept), default=1)
    return [Bar(name, value, value / longest, show(value)) for name, value in kept]


def years_plot(counts: Mapping[int, int], *, height: int = 240) -> Years | None:
    """Lay out a vertical bar for each year, leaving gaps for missing years; None without years."""
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
    step = max(1, ceil(_MIN_TICK_GAP / slot))
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


def matrix(pairs: Mapping[tuple[str, str], int], *, most: int = _MAX_PARTIES) -> Matrix | None:
    """Lay out a matrix of actors and partners, those with most records; None if no pair has a partner."""
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
    """Lay out a stacked bar: for each part its name, value, start and length (both as shares of the whole)."""
    total = sum(value for _, value in values) or 1
    parts, start = [], 0.0
    for name, value in values:
        parts.append((name, value, start, value / total))
        start += value / total
    return parts
