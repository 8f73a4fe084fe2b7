"""One contract of one venue as time goes by: what happened since the last look, and its history."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from tests.emulator.contracts import Contract
from tests.emulator.longer_bars import combined, combined_marks, joined
from tests.emulator.minutes import LOTS_PER_TRADE, MINUTE_MS, Bar, Integers, Minutes
from tests.emulator.tape import (
    MARK_STEP_MS,
    OPEN_INTEREST_MOVES_MS,
    Liquidation,
    MinuteTape,
    Trade,
    make_tape,
    mark_points,
)

_KEPT_TAPES = 5
_KEPT_TRADES = 10_000


@dataclass(slots=True)
class Beat:
    """What happened to a market in a stretch of time within one minute."""

    trades: list[Trade]
    marks: list[tuple[int, int]]
    liquidations: list[Liquidation]
    bar: Bar | None
    """The minute as it stands, or as it closed."""


class Market:
    """A contract with its minutes.

    `played` holds every liquidation whose moment has come, with what became of its frame;
    `sent` the last trades that somebody was told.
    """

    def __init__(
        self, contract: Contract, minutes: Minutes, seed: tuple[int, ...], n_trades: int
    ) -> None:
        self.contract = contract
        self.minutes = minutes
        self.played: list[Liquidation] = []
        self.new_name: str | None = None
        self.sent: deque[Trade] = deque(maxlen=_KEPT_TRADES)
        self._seed = seed
        self._n_trades = n_trades
        self._tapes: dict[int, MinuteTape] = {}
        self._until_ms = 0

    def start_at(self, time_ms: int) -> None:
        """Begin to play at a moment; what was before is history."""
        self._until_ms = time_ms

    def tape(self, index: int) -> MinuteTape:
        """Return what happens in a minute."""
        if index not in self._tapes:
            self._tapes[index] = make_tape(self.minutes, index, self._seed, self._n_trades)
            for old in [i for i in self._tapes if i < index - _KEPT_TAPES]:
                del self._tapes[old]
        return self._tapes[index]

    def advance_to(self, time_ms: int) -> list[Beat]:
        """Return what happened since the last call, minute by minute."""
        beats = []
        while self._until_ms < min(time_ms, self.minutes.end_ms):
            index = self.minutes.index(self._until_ms)
            end = min(time_ms, self.minutes.open_ms(index + 1))
            beats.append(self._beat(index, self._until_ms, end))
            self._until_ms = end
        return beats

    def _beat(self, index: int, start_ms: int, end_ms: int) -> Beat:
        tape = self.tape(index)
        first, last = np.searchsorted(tape.time_ms, [start_ms, end_ms]).tolist()
        events = [one for one in tape.liquidations if start_ms <= one.time_ms < end_ms]
        self.played.extend(events)
        is_over = end_ms == tape.open_ms + MINUTE_MS
        return Beat(
            tape.trades(first, last),
            [(at, ticks) for at, ticks in _timed_marks(tape) if start_ms <= at < end_ms],
            events,
            self.minutes.bar(index) if is_over else tape.bar_until(end_ms - 1),
        )

    def bars(self, since_ms: int, until_ms: int, now_ms: int, minutes: int = 1) -> list[Bar]:
        """Return bars that open in [since, until), the one that still forms included."""
        closed, forming = self._begins(since_ms, until_ms, now_ms, minutes)
        bars = combined(self.minutes, closed, minutes)
        for begin in forming:
            index = self.minutes.index(now_ms)
            parts = (
                combined(self.minutes, np.array([begin]), index - begin) if index > begin else []
            )
            last = self.tape(index).bar_until(now_ms)
            parts += [last] if last else []
            bars += [joined(parts, self.minutes.open_ms(begin))] if parts else []
        return bars

    def mark_bars(self, since_ms: int, until_ms: int, now_ms: int, minutes: int = 1) -> list[Bar]:
        """Return bars of the mark price."""
        closed, forming = self._begins(since_ms, until_ms, now_ms, minutes)
        bars = combined_marks(self.minutes, closed, minutes)
        for begin in forming:
            open_ms = self.minutes.open_ms(begin)
            points = self._marks(open_ms, now_ms + 1).tolist()
            bars.append(Bar(open_ms, points[0], max(points), min(points), points[-1], 0, 0, False))
        return bars

    def _begins(
        self, since_ms: int, until_ms: int, now_ms: int, length: int
    ) -> tuple[Integers, list[int]]:
        """Return with which minutes the closed bars begin, and the one that forms."""
        step, start = length * MINUTE_MS, self.minutes.start_ms
        first = max(-(-since_ms // step) * step, -(-start // step) * step)
        end = min(until_ms, now_ms + 1, self.minutes.end_ms)
        begins = self.minutes.index(first) + np.arange(max(0, -(-(end - first) // step))) * length
        is_closed = begins + length <= self.minutes.index(now_ms)
        return begins[is_closed], begins[~is_closed].tolist()

    def _marks(self, since_ms: int, until_ms: int) -> Integers:
        first, last = self.minutes.index(since_ms), self.minutes.index(until_ms - 1) + 1
        points = mark_points(self.minutes, first, last).ravel()
        n = -(-(until_ms - self.minutes.open_ms(first)) // MARK_STEP_MS)
        return points[:n]

    def mark_ticks(self, now_ms: int) -> int:
        """Return the mark price."""
        return int(self._marks(now_ms // MINUTE_MS * MINUTE_MS, now_ms + 1)[-1])

    def last_ticks(self, now_ms: int) -> int:
        """Return the price of the last trade."""
        index = self.minutes.index(now_ms)
        forming = self.tape(index).bar_until(now_ms)
        return forming.close if forming else int(self.minutes.prices[0, index])

    def open_interest(self, time_ms: int) -> int:
        """Return the lots open on each side at a time."""
        index = self.minutes.index(time_ms)
        levels = self.minutes.open_interest
        before = int(levels[max(index - 1, 0)])
        after = int(levels[min(index, len(levels) - 1)])
        begin, end = OPEN_INTEREST_MOVES_MS
        part = (time_ms - self.minutes.open_ms(index) - begin) / (end - begin)
        return before + round((after - before) * min(max(part, 0.0), 1.0))

    def recent_trades(self, now_ms: int, limit: int) -> list[Trade]:
        """Return the last trades."""
        index = self.minutes.index(now_ms)
        rows: list[Trade] = []
        for tape in (self.tape(index - 1), self.tape(index)):
            rows += tape.trades(0, int(np.searchsorted(tape.time_ms, now_ms, side="right")))
        return rows[-limit:]

    def add_burst(self, events: list[Liquidation], trade_ms: list[int]) -> None:
        """Let more happen than was going to."""
        for index in sorted({self.minutes.index(t) for t in trade_ms}):
            self._add_trades(index, [t for t in trade_ms if self.minutes.index(t) == index])
        for index in sorted({self.minutes.index(one.time_ms) for one in events}):
            mine = [one for one in events if self.minutes.index(one.time_ms) == index]
            self.tape(index).add_liquidations(mine)

    def _add_trades(self, index: int, trade_ms: list[int]) -> None:
        tape, n = self.tape(index), len(trade_ms)
        lots, is_buy = np.full(n, LOTS_PER_TRADE), np.arange(n) % 2 == 0
        tape.add_trades(np.array(sorted(trade_ms)), lots, is_buy)
        self.minutes.volume[index] += int(lots.sum())
        self.minutes.taker_buy[index] += int(lots[is_buy].sum())

    def correct(self, open_ms: int, close_by: int, volume_by: int) -> Bar:
        """Change a closed bar by so many ticks and lots; return it as it is now."""
        index = self.minutes.index(open_ms)
        prices = self.minutes.prices[:, index]
        prices[3] += close_by
        prices[1], prices[2] = max(prices[1], prices[3]), min(prices[2], prices[3])
        self.minutes.volume[index] += volume_by
        return self.minutes.bar(index)


def _timed_marks(tape: MinuteTape) -> list[tuple[int, int]]:
    times = range(tape.open_ms, tape.open_ms + MINUTE_MS, MARK_STEP_MS)
    return list(zip(times, tape.marks.tolist(), strict=True))
