"""What happens within one minute: trades, mark prices, liquidations that add up to its bar."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tests.emulator.minutes import MINUTE_MS, Bar, Floats, Integers, Minutes

MARK_STEP_MS: Final = 5_000
N_MARKS: Final = MINUTE_MS // MARK_STEP_MS
_KNOTS_MS: Final = np.array([0, 20_000, 40_000, MINUTE_MS])
OPEN_INTEREST_MOVES_MS: Final = (5_000, 35_000)
"""In this part of a minute open interest moves; before and after it rests at a close's value."""
_BEYOND: Final = 0.004
_MOST_EVENTS: Final = 8


@dataclass(slots=True)
class Sent:
    """What became of an event: when it left first, by our clock, and to how many sockets."""

    left_ms: float | None = field(default=None, init=False)
    sockets: int = field(default=0, init=False)

    def note(self, left_ms: float) -> None:
        """Take note that it has left to one more."""
        self.left_ms = self.left_ms or left_ms
        self.sockets += 1


@dataclass(slots=True)
class Liquidation(Sent):
    """One liquidation; `side` is the position's, +1 for long."""

    time_ms: int
    side: int
    ticks: int
    bankruptcy_ticks: int
    lots: int


@dataclass(slots=True)
class Trade(Sent):
    """One trade, and how many lots its minute holds after it."""

    number: int
    time_ms: int
    ticks: int
    lots: int
    is_buy: bool
    volume_after: int


@dataclass(eq=False)
class MinuteTape:
    """A minute's trades in order of time, its mark prices each five seconds, its liquidations."""

    open_ms: int
    first_id: int
    time_ms: Integers
    ticks: Integers
    lots: Integers
    is_buy: NDArray[np.bool_]
    marks: Integers
    liquidations: list[Liquidation] = field(default_factory=list)

    def bar_until(self, time_ms: int) -> Bar | None:
        """Return the bar as it is after the trades up to a time, None before the first."""
        n = int(np.searchsorted(self.time_ms, time_ms, side="right"))
        if n == 0:
            return None
        ticks, lots = self.ticks[:n], self.lots[:n]
        return Bar(
            self.open_ms,
            int(ticks[0]),
            int(ticks.max()),
            int(ticks.min()),
            int(ticks[-1]),
            int(lots.sum()),
            int(lots[self.is_buy[:n]].sum()),
            False,
        )

    def trades(self, first: int, last: int) -> list[Trade]:
        """Return the trades from one number in the minute to before another."""
        after = np.cumsum(self.lots)[first:last]
        columns = (self.time_ms, self.ticks, self.lots, self.is_buy)
        numbers = range(self.first_id + first, self.first_id + last)
        rows = zip(numbers, *(c[first:last].tolist() for c in columns), after.tolist(), strict=True)
        return [Trade(*row) for row in rows]

    def add_trades(self, time_ms: Integers, lots: Integers, is_buy: NDArray[np.bool_]) -> None:
        """Put trades in at the price of the trade before each."""
        before = np.maximum(np.searchsorted(self.time_ms, time_ms, side="right") - 1, 0)
        order = np.argsort(np.concatenate([self.time_ms, time_ms]), kind="stable")
        self.ticks = np.concatenate([self.ticks, self.ticks[before]])[order]
        self.lots = np.concatenate([self.lots, lots])[order]
        self.is_buy = np.concatenate([self.is_buy, is_buy])[order]
        self.time_ms = np.concatenate([self.time_ms, time_ms])[order]

    def add_liquidations(self, events: list[Liquidation]) -> None:
        """Put liquidations in."""
        self.liquidations = sorted([*self.liquidations, *events], key=lambda one: one.time_ms)


def make_tape(minutes: Minutes, index: int, seed: tuple[int, ...], n_trades: int) -> MinuteTape:
    """Return the minute of a number; the same arguments give the same tape."""
    chance = np.random.default_rng([*seed, index])
    bar = minutes.bar(index)
    offsets = np.sort(chance.integers(0, MINUTE_MS, n_trades))
    is_buy, lots = _split_volume(bar, n_trades, chance)
    tape = MinuteTape(
        bar.open_ms,
        index * 1_000_000,
        bar.open_ms + offsets,
        _trade_prices(bar, offsets, chance),
        lots,
        is_buy,
        mark_points(minutes, index, index + 1)[0],
    )
    longs = _events(bar, 1, int(minutes.long_liquidated[index]), chance)
    shorts = _events(bar, -1, int(minutes.short_liquidated[index]), chance)
    tape.add_liquidations(_apart(longs + shorts))
    return tape


def mark_points(minutes: Minutes, first: int, last: int) -> Integers:
    """Return the mark prices of minutes in [first, last), shape (n, 12), in ticks."""
    opened, high, low, close = minutes.marked[:, first:last].astype(float)
    is_up = close >= opened
    knots = np.stack([opened, np.where(is_up, low, high), np.where(is_up, high, low), close])
    steps = np.arange(N_MARKS) * MARK_STEP_MS / 20_000
    lower = np.minimum(steps.astype(int), 2)
    part = steps - lower
    points = knots[lower] * (1 - part)[:, None] + knots[lower + 1] * part[:, None]
    return _whole(points.T)


def path_ticks(bar: Bar, offset_ms: Integers) -> Integers:
    """Return where the price is after times in the minute."""
    first, second = (bar.low, bar.high) if bar.close >= bar.open else (bar.high, bar.low)
    knots = np.array([bar.open, first, second, bar.close], dtype=float)
    return _whole(np.interp(offset_ms, _KNOTS_MS, knots))


def _trade_prices(bar: Bar, offsets: Integers, chance: np.random.Generator) -> Integers:
    n = len(offsets)
    spread = max(1, (bar.high - bar.low) // 10)
    noise = chance.integers(-spread, spread + 1, n)
    ticks: Integers = np.clip(path_ticks(bar, offsets) + noise, bar.low, bar.high)
    first, second = (bar.low, bar.high) if bar.close >= bar.open else (bar.high, bar.low)
    a = min(max(int(np.searchsorted(offsets, 20_000)), 1), n - 3)
    b = min(max(int(np.searchsorted(offsets, 40_000)), a + 1), n - 2)
    ticks[[0, a, b, n - 1]] = bar.open, first, second, bar.close
    return ticks


def _split_volume(
    bar: Bar, n_trades: int, chance: np.random.Generator
) -> tuple[NDArray[np.bool_], Integers]:
    n_buys = min(max(round(n_trades * bar.taker_buy / bar.volume), 1), n_trades - 1)
    is_buy = chance.permutation(np.arange(n_trades) < n_buys)
    lots = np.ones(n_trades, dtype=np.int64)
    for chosen, total in ((is_buy, bar.taker_buy), (~is_buy, bar.volume - bar.taker_buy)):
        count = int(chosen.sum())
        shares = chance.dirichlet(np.ones(count))
        lots[chosen] += chance.multinomial(max(total - count, 0), shares)
    return is_buy, lots


def _events(bar: Bar, side: int, lots: int, chance: np.random.Generator) -> list[Liquidation]:
    if lots <= 0:
        return []
    n = min(int(chance.integers(1, _MOST_EVENTS + 1)), lots)
    sizes = 1 + chance.multinomial(lots - n, chance.dirichlet(np.ones(n)))
    is_first = (side == 1) == (bar.close >= bar.open)  # longs fall at the low, shorts at the high
    centre = 20_000 if is_first else 40_000
    offsets = np.sort(chance.integers(centre - 12_000, centre + 12_000, n))
    ticks = path_ticks(bar, offsets)
    return [
        Liquidation(
            bar.open_ms + int(offset),
            side,
            int(price),
            max(1, round(int(price) * (1 - side * _BEYOND))),
            int(size),
        )
        for offset, price, size in zip(offsets, ticks, sizes, strict=True)
    ]


def _whole(values: Floats) -> Integers:
    return np.rint(values).astype(np.int64)


def _apart(events: list[Liquidation]) -> list[Liquidation]:
    """Give every event a millisecond of its own, so that no two frames of a venue are alike."""
    events.sort(key=lambda one: one.time_ms)
    for before, event in pairwise(events):
        event.time_ms = max(event.time_ms, before.time_ms + 1)
    return events
