"""``format=coinglass``: the shape in which CoinGlass answers for its own liquidation heatmaps."""

from typing import Any

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray, Instrument
from liqbands.results import Heatmap, IntArray
from liqbands_server.api.documents import json_answer
from liqbands_server.api.heatmap_payload import HeatmapPayload, about
from liqbands_server.web.caching import Answer


def encode_coinglass(payload: HeatmapPayload, candles: Candles) -> Answer:
    """Return a heatmap as CoinGlass would.

    Parameters
    ----------
    payload : HeatmapPayload
        The heatmap.
    candles : Candles
        The bars that its columns stand for.

    Returns
    -------
    Answer
        In JSON.  What CoinGlass has no field for stands under ``liqbands``.
    """
    heatmap = payload.heatmap
    document = {
        "code": "0",
        "msg": "success",
        "data": {
            "y_axis": heatmap.centers.tolist(),
            "liquidation_leverage_data": _triples(heatmap, candles.open_time_ms),
            "price_candlesticks": _candlesticks(candles, payload.question.listing.instrument),
            "update_time": payload.answer.provenance.as_of_ms,
        },
        "liqbands": about(payload),
    }
    return json_answer(document)


def _triples(heatmap: Heatmap, bar_open_ms: IntArray) -> list[list[Any]]:
    """Return number of the bar, number of the row and notional of each cell that is not empty.

    A column counts as the bar of the same time; one that has no bar has no place in this shape.
    """
    bar = np.searchsorted(bar_open_ms, heatmap.open_time_ms)
    has_bar = np.isin(heatmap.open_time_ms, bar_open_ms)
    columns, rows = np.nonzero((heatmap.notional > 0) & has_bar[:, None])
    values = heatmap.notional[columns, rows]
    return [
        list(triple)
        for triple in zip(bar[columns].tolist(), rows.tolist(), values.tolist(), strict=True)
    ]


def _candlesticks(candles: Candles, instrument: Instrument) -> list[list[Any]]:
    prices = (candles.open, candles.high, candles.low, candles.close)
    columns = (*prices, _turnover(candles, instrument))
    texts = [[_text(value) for value in column.tolist()] for column in columns]
    return [
        [time_ms // 1000, *bar]
        for time_ms, *bar in zip(candles.open_time_ms.tolist(), *texts, strict=True)
    ]


def _turnover(candles: Candles, instrument: Instrument) -> FloatArray:
    """Return what was traded in quote currency, valued at the close where it is not known."""
    estimate = candles.volume * instrument.notional_per_contract(candles.close)
    turnover = np.where(np.isfinite(candles.quote_volume), candles.quote_volume, estimate)
    return np.nan_to_num(turnover, nan=0.0)


def _text(value: float) -> str:
    return np.format_float_positional(value, trim="-")
