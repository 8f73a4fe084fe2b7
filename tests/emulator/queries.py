"""What REST queries of all venues have in common: numbers, bar lengths, levels of a book."""

from collections.abc import Iterable
from typing import Final

from tests.emulator.answers import Query
from tests.emulator.market import Market

MINUTES: Final = {
    "1m": 1, "3m": 3, "5m": 5, "15m": 15, "30m": 30, "1h": 60, "2h": 120, "4h": 240, "6h": 360,
    "12h": 720, "1d": 1440, "1H": 60, "2H": 120, "4H": 240, "6H": 360, "12H": 720, "1D": 1440,
    "6Hutc": 360, "12Hutc": 720, "1Dutc": 1440, "1": 1, "3": 3, "5": 5, "15": 15, "30": 30,
    "60": 60, "120": 120, "240": 240, "360": 360, "720": 720, "D": 1440, "5min": 5, "15min": 15,
    "30min": 30,
}  # fmt: skip
"""Length of a bar by its name at any of the venues."""

N_LEVELS: Final = 1_000
_FIRST_LOTS: Final = 400


def number(query: Query, name: str, otherwise: int) -> int:
    """Return a whole number of a query."""
    return int(query.get(name) or otherwise)


def grid(first_ms: int, last_ms: int, step_ms: int) -> range:
    """Return the multiples of a step in [first, last]."""
    return range(-(-first_ms // step_ms) * step_ms, last_ms + 1, step_ms)


def book_levels(
    market: Market, now_ms: int, limit: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return bids and asks as (ticks, lots), best first: the deeper the thicker."""
    last = market.last_ticks(now_ms)
    step = max(1, last // 20_000)
    n = min(limit, N_LEVELS)
    bids = [(last - 1 - k * step, _lots(k)) for k in range(n) if last - 1 - k * step > 0]
    return bids, [(last + 1 + k * step, _lots(k)) for k in range(n)]


def _lots(level: int) -> int:
    return _FIRST_LOTS + level * 37 % 5_000


def wire_levels(market: Market, levels: Iterable[tuple[int, int]]) -> list[list[str]]:
    """Return levels as strings."""
    return [[market.contract.price(t), market.contract.size(q)] for t, q in levels]
