"""One small synthetic market, as text: a change of any number shows in the diff."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from tests.engine.markets import BYBIT, EURUSD, HOUR, random_market

from liqbands.heatmaps import heatmap, snapshot
from liqbands.zones import bands


def total(side: NDArray[np.float32]) -> float:
    """Sum in double precision, so that the last digits do not depend on the machine."""
    return float(side.sum(dtype=np.float64))


def test_a_small_perpetual_market_is_unchanged(golden: Callable[[str, str], None]) -> None:
    candles = random_market(1, 48, extras=True, holes=True, liquidations=True)
    shown = heatmap(candles, BYBIT, max_rows=100)
    lines = ["hour       mark       longs      shorts  long peak short peak   seed"]
    for i in range(0, shown.n_bars, 4):
        longs, shorts = shown.long_notional[i], shown.short_notional[i]
        peaks = shown.centers[[longs.argmax(), shorts.argmax()]]
        lines.append(
            f"{i:4d} {shown.mark[i]:10.4f} {total(longs):11.0f} {total(shorts):11.0f} "
            f"{peaks[0]:10.4f} {peaks[1]:10.4f} {shown.seed_share[i]:6.4f}"
        )
    golden("book/perpetual.txt", "\n".join(lines) + "\n")


def test_the_bands_of_a_small_market_are_unchanged(golden: Callable[[str, str], None]) -> None:
    seen = snapshot(random_market(1, 48, extras=True), BYBIT)
    lines = ["side        low       high       peak      notional  strength  age h  since h  state"]
    for band in bands(seen, limit=8):
        since = (seen.time_ms - band.first_seen_ms) / HOUR
        lines.append(
            f"{band.side.label:5s} {band.low:10.4f} {band.high:10.4f} {band.peak_price:10.4f} "
            f"{band.notional:13.0f} {band.strength:9.4f} {band.mean_age_ms / HOUR:6.1f} "
            f"{since:8.1f}  {band.state}"
        )
    golden("book/bands.txt", "\n".join(lines) + "\n")


def test_a_small_forex_market_is_unchanged(golden: Callable[[str, str], None]) -> None:
    candles = random_market(2, 96, volatility=0.001, price=1.1, open_interest=False)
    shown = heatmap(candles, EURUSD, max_rows=40)
    lines = ["hour     mark  shares in rows, 1e-4"]
    for i in range(0, shown.n_bars, 12):
        shares = np.rint(1e4 * shown.notional[i].astype(np.float64)).astype(int)
        lines.append(f"{i:4d} {shown.mark[i]:8.5f}  " + " ".join(str(share) for share in shares))
    golden("book/forex.txt", "\n".join(lines) + "\n")
