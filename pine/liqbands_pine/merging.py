"""Fewer levels: neighbours are put together first, then the weakest are dropped."""

import heapq
from collections.abc import Sequence
from decimal import Decimal

from liqbands.instrument import Side
from liqbands_pine.levels import Level


def fewer_levels(levels: Sequence[Level], most: int) -> tuple[tuple[Level, ...], int]:
    """Return at most so many levels, strongest first, and how many were left out.

    Parameters
    ----------
    levels : sequence of Level
        In any order.
    most : int
        Bound, at least 0.

    Returns
    -------
    tuple of tuple of Level and int
        Merging loses no notional; a level that is left out does.

    Examples
    --------
    >>> def level(low, high, notional, strength):
    ...     return Level(Side.LONG, Decimal(low), Decimal(high), notional, strength)
    >>> three = [level(90, 91, 5, 50), level(91, 92, 7, 60), level(95, 96, 9, 40)]
    >>> [(one.low, one.high, one.notional) for one in fewer_levels(three, 2)[0]]
    [(Decimal('90'), Decimal('92'), 12), (Decimal('95'), Decimal('96'), 9)]
    >>> fewer_levels(three, 1)[1]
    1
    """
    kept = list(levels)
    if len(kept) > most:
        kept = [
            merged
            for side in Side
            for merged in _merge([level for level in kept if level.side is side], len(kept) - most)
        ]
    kept.sort(key=_weakness)
    return tuple(kept[:most]), max(0, len(kept) - most)


def merged_level(one: Level, other: Level) -> Level:
    """Return one level that spans two.

    Parameters
    ----------
    one, other : Level
        Of the same side.

    Returns
    -------
    Level
        With the sum of their notional, the larger strength, and the leverage, age and
        uncertainty of the larger one.

    Examples
    --------
    >>> pair = [Level(Side.SHORT, Decimal(a), Decimal(a + 1), a, a) for a in (4, 5)]
    >>> merged_level(*pair).notional, merged_level(*pair).strength
    (9, 5)
    """
    larger = max(one, other, key=lambda level: level.notional)
    return Level(
        side=one.side,
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        notional=one.notional + other.notional,
        strength=max(one.strength, other.strength),
        leverage=larger.leverage,
        age_minutes=larger.age_minutes,
        uncertainty_percent=larger.uncertainty_percent,
    )


def _weakness(level: Level) -> tuple[int, int, Decimal, int]:
    return (-level.strength, -level.notional, level.low, level.side)


def _merge(levels: list[Level], n_merges: int) -> list[Level]:
    """Merge touching neighbours of one side, the weakest pair first, as often as wanted."""
    row = sorted(levels, key=lambda level: (level.low, level.high))
    after = list(range(1, len(row) + 1))
    alive = [True] * len(row)
    pairs = [
        (_pair_strength(row[i], row[i + 1]), i, i + 1)
        for i in range(len(row) - 1)
        if row[i + 1].low <= row[i].high
    ]
    heapq.heapify(pairs)
    while pairs and n_merges > 0:
        strength, i, j = heapq.heappop(pairs)
        if not (alive[i] and alive[j] and after[i] == j):
            continue
        if strength != _pair_strength(row[i], row[j]):
            heapq.heappush(pairs, (_pair_strength(row[i], row[j]), i, j))
            continue
        row[i] = merged_level(row[i], row[j])
        alive[j] = False
        after[i] = after[j]
        n_merges -= 1
        if after[i] < len(row) and row[after[i]].low <= row[i].high:
            heapq.heappush(pairs, (_pair_strength(row[i], row[after[i]]), i, after[i]))
    return [level for level, lives in zip(row, alive, strict=True) if lives]


def _pair_strength(one: Level, other: Level) -> tuple[int, int]:
    return max(one.strength, other.strength), one.notional + other.notional
