"""Recorded bars of any length as minutes: each bar's open, range, close and amounts are kept.

Within a bar the price goes to one extreme, to the other, to the close.  A missing bar stays
flat, for a market has no holes; amounts are base units.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from tests.emulator.contracts import find_coin
from tests.emulator.minutes import MINUTE_MS, CoinMinutes, Floats
from tests.emulator.random_market import funding_by_chance

_FLAT_SHARE = 0.2
"""Share of a bar's volume that is spread evenly; the rest follows the moves."""


def recorded_market(folder: Path, coins: Sequence[str]) -> dict[str, CoinMinutes]:
    """Return minutes of each coin for the time that all files cover: ``BTCUSDT.parquet``, …."""
    frames = {coin: _read(folder / f"{coin}USDT.parquet") for coin in coins}
    first = max(frame.index[0] for frame in frames.values())
    last = min(frame.index[-1] for frame in frames.values())
    return {coin: _minutes(coin, frame.loc[first:last]) for coin, frame in frames.items()}


def _read(path: Path) -> pd.DataFrame:
    """Return a file's bars by their times in milliseconds, flat where they are missing."""
    frame = pd.read_parquet(path)
    times = frame.pop("ts").astype("datetime64[ms, UTC]").astype("int64")
    frame = frame.set_index(pd.Index(times)).sort_index()
    step = int(np.median(np.diff(frame.index.to_numpy())))
    whole = frame.reindex(np.arange(frame.index[0], frame.index[-1] + step, step))
    whole["close"] = whole["close"].ffill()
    for name in ("open", "high", "low"):
        whole[name] = whole[name].fillna(whole["close"])
    amounts = [name for name in ("volume", "liq_long", "liq_short") if name in whole]
    whole[amounts] = whole[amounts].fillna(0.0)
    return whole


def _minutes(coin: str, bars: pd.DataFrame) -> CoinMinutes:
    start = int(bars.index[0])
    n = int(bars.index[1] - bars.index[0]) // MINUTE_MS
    path = _paths(bars, n)  # (bars, n + 1): each bar's price at its minutes' borders
    moves = np.diff(path, axis=1)
    opened, close = path[:, :-1].ravel(), path[:, 1:].ravel()
    return CoinMinutes(
        start,
        opened,
        np.maximum(opened, close) if n > 1 else bars["high"].to_numpy(),
        np.minimum(opened, close) if n > 1 else bars["low"].to_numpy(),
        close,
        _spread(bars["volume"].to_numpy(), np.abs(moves), _FLAT_SHARE),
        np.repeat(_taker_share(bars), n),
        _open_interest(coin, bars, n),
        _spread(_column(bars, "liq_long"), np.maximum(-moves, 0), 0.0),
        _spread(_column(bars, "liq_short"), np.maximum(moves, 0), 0.0),
        _funding(bars, start, len(close)),
    )


def _paths(bars: pd.DataFrame, n: int) -> Floats:
    opened, high, low, close = (bars[name].to_numpy() for name in ("open", "high", "low", "close"))
    if n < 3:
        return np.stack([opened, *[close] * n], axis=1)
    is_up = close >= opened
    knots = [opened, np.where(is_up, low, high), np.where(is_up, high, low), close]
    times = [0, n // 3, 2 * n // 3, n]
    return np.stack(
        [np.interp(np.arange(n + 1), times, prices) for prices in np.stack(knots, axis=1)]
    )


def _spread(totals: Floats, weights: Floats, flat: float) -> Floats:
    """Spread each bar's total over its minutes by weight, a share of it evenly."""
    n = weights.shape[1]
    sums = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, sums, out=np.full_like(weights, 1 / n), where=sums > 0)
    return np.asarray((totals[:, None] * (flat / n + (1 - flat) * shares)).ravel())


def _column(bars: pd.DataFrame, name: str) -> Floats:
    return np.asarray(bars[name] if name in bars else np.zeros(len(bars)), dtype=np.float64)


def _taker_share(bars: pd.DataFrame) -> Floats:
    if "taker_buy_volume" not in bars:
        return np.full(len(bars), 0.5)
    volume = bars["volume"].to_numpy()
    share = bars["taker_buy_volume"].to_numpy() / np.maximum(volume, 1e-12)
    return np.asarray(np.nan_to_num(share, nan=0.5))


def _open_interest(coin: str, bars: pd.DataFrame, n: int) -> Floats:
    """Return it at each minute's close: files give it at the open, some at the close as well."""
    name = next((c for c in ("oi_open", "open_interest") if c in bars), None)
    if name is None:
        return np.full(len(bars) * n, find_coin(coin).open_interest)
    at_open = bars[name].ffill().bfill().to_numpy()
    times = np.arange(len(at_open)) * n
    return np.asarray(np.interp(np.arange(1, len(bars) * n + 1), times, at_open))


def _funding(bars: pd.DataFrame, start_ms: int, n: int) -> dict[int, float]:
    if "funding_rate" not in bars:
        return funding_by_chance(start_ms, n, np.random.default_rng(0))
    rates = bars["funding_rate"].dropna()
    return dict(zip(rates.index.astype(int).tolist(), rates.tolist(), strict=True))
