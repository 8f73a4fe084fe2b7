"""What the wire must show, worked out from the store's rows in the plainest way."""

from typing import Any

import numpy as np

from liqbands_server.store.candles import read_candles
from liqbands_server.store.forming import read_forming
from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.store import Store
from liqbands_server.store.tables import VALUES

Row = tuple[int, float, float, float, float, float]
"""Seconds, open, high, low, close, volume."""

OHLCV = [VALUES.index(name) for name in ("open", "high", "low", "close", "volume")]


def base_rows(store: Store, ticker: str, *, with_forming: bool = True) -> list[Row]:
    """Return an instrument's bars as they lie in the store."""
    with store.reading() as connection:
        stored = find_instrument(connection, ticker)
        rows = read_candles(connection, stored.id, stored.base.timeframe_ms, 0, 2**62)
        forming = read_forming(connection).get(stored.id) if with_forming else None
    seconds = (rows.open_time_ms // 1000).tolist()
    values = np.nan_to_num(rows.values[:, OHLCV]).tolist()
    found: list[Row] = [(time, *row) for time, row in zip(seconds, values, strict=True)]
    if forming:
        bar = forming.bar
        last = (bar.open, bar.high, bar.low, bar.close, bar.volume)
        found.append((bar.open_time_ms // 1000, *last))
    return found


def joined(rows: list[Row], seconds: int) -> list[Row]:
    """Return longer bars, in a market that never closes."""
    bars: dict[int, Row] = {}
    for time, opened, high, low, close, volume in rows:
        begin = time // seconds * seconds
        known = bars.get(begin, (begin, opened, high, low, close, 0.0))
        bars[begin] = (
            begin, known[1], max(known[2], high), min(known[3], low), close, known[5] + volume,
        )  # fmt: skip
    return list(bars.values())


def rows_of(answer: dict[str, Any]) -> list[Row]:
    """Return an answer of /history as rows."""
    assert answer["s"] == "ok"
    columns = [answer[name] for name in "tohlc"]
    volume = answer.get("v", [0.0] * len(answer["t"]))
    return list(zip(*columns, volume, strict=True))


def assert_same(found: list[Row], expected: list[Row]) -> None:
    """Compare bars: prices to the bit, volumes up to the order of adding."""
    assert [row[:5] for row in found] == [row[:5] for row in expected]
    np.testing.assert_allclose([row[5] for row in found], [row[5] for row in expected], rtol=1e-9)
