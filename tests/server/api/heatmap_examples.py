"""Heatmaps for the tests of their formats: one by hand, and any of random cells."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.grid import PriceGrid
from liqbands.instrument import Instrument
from liqbands.parameters import Parameters
from liqbands.results import Heatmap
from liqbands_server.api.heatmap_payload import HeatmapPayload
from liqbands_server.service.heatmaps import HeatmapAnswer, HeatmapQuestion
from liqbands_server.service.listings import Listing
from liqbands_server.service.provenance import Provenance, VenueAge
from liqbands_server.service.resolutions import find_timeframe
from liqbands_server.store.instruments import StoredInstrument

HOUR = 3_600_000
START = 1_760_054_400_000
BYBIT = Instrument("bybit", "BTC/USDT:USDT")

BY_HAND = np.array([[0, 4, 0, 1], [2, 0, 3, 1], [2, 1, 0, 16]], dtype=np.float32)
"""Three columns of four rows, whose maximum is a power of two."""


def payload_of(notional: NDArray[np.float32], *, simulated: bool = False) -> HeatmapPayload:
    """Return cells as an answer; the mark lies in the middle row."""
    n_bars, n_bands = notional.shape
    times = START + HOUR * np.arange(n_bars)
    shown = Heatmap(
        instrument=BYBIT,
        grid=PriceGrid(5e-4),
        first_bin=23_000,
        bins_per_row=2,
        open_time_ms=times,
        timeframe_ms=HOUR,
        notional=notional,
        mark=np.full(n_bars, np.exp((23_000 + n_bands) * 5e-4)),
        split_row=np.full(n_bars, n_bands // 2),
        split_long=notional[:, n_bands // 2] * np.float32(0.5),
        is_forming=np.arange(n_bars) == n_bars - 1,
        seed_share=np.linspace(0.5, 0.01, n_bars),
        unit="quote",
        quantity="standing",
    )
    return HeatmapPayload(
        _question(n_bars), HeatmapAnswer(shown, _provenance(simulated), {"bybit": 1.0})
    )


def stale(payload: HeatmapPayload) -> HeatmapPayload:
    """Return the same with data that are ten days old."""
    provenance = payload.answer.provenance
    late = replace(provenance.venues[0], age_ms=240 * HOUR, stale=True)
    answer = replace(payload.answer, provenance=replace(provenance, venues=(late,)))
    return replace(payload, answer=answer)


def bars_of_columns(payload: HeatmapPayload) -> Candles:
    """Return one bar for each column."""
    mark = payload.heatmap.mark
    return Candles.from_arrays(
        payload.heatmap.open_time_ms,
        open=mark, high=mark * 1.001, low=mark * 0.999, close=mark, volume=np.full(len(mark), 2.0),
        timeframe_ms=HOUR,
    )  # fmt: skip


def _question(n_bars: int) -> HeatmapQuestion:
    stored = StoredInstrument(1, "BYBIT:BTCUSDT.P", BYBIT, False, ())
    end = START + n_bars * HOUR
    return HeatmapQuestion(
        Listing(stored.ticker, "Bitcoin", (stored,)), find_timeframe("1h"), START, end, end,
        parameters=Parameters(),
    )  # fmt: skip


def _provenance(simulated: bool) -> Provenance:
    age = VenueAge("bybit", "BYBIT:BTCUSDT.P", START + 3 * HOUR, 0, False)
    return Provenance(START + 3 * HOUR, (age,), simulated, 1.0, "settings", "0123")
