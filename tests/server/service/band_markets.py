"""A day of a simulated market with two violent bars, and short ways to store it."""

from collections.abc import Iterable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands.score.longer_bars import longer_bars
from liqbands.sim import find_world, record
from liqbands.timeframes import MINUTE_MS
from liqbands_server.service.band_columns import Column, unpack_columns
from liqbands_server.service.band_keeper import keep_bands
from liqbands_server.store.band_rows import BandRow, read_band_rows
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import add_instrument, finish_first_load
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

BYBIT = Instrument("bybit", "BTC/USDT:USDT", tick_size=0.1)
BAR_MS = 5 * MINUTE_MS
N_BARS = 253
ID = 1
"""Key of the only instrument of a store."""

_END_OF_TIME = 2**62


@cache
def market() -> Candles:
    """Play a squeeze, and let the price jump down and up by a seventh for a bar each."""
    world = replace(find_world("squeeze"), step_ms=10_000)
    played = longer_bars(record(world, seed=1, days=2).venues[0].candles, BAR_MS)[:N_BARS]
    return _changed(played, {140: ("low", 6 / 7), 220: ("high", 8 / 7)})


def _changed(candles: Candles, jumps: dict[int, tuple[str, float]]) -> Candles:
    columns = columns_of(candles)
    for bar, (name, factor) in jumps.items():
        columns[name][bar] *= factor
        columns[f"mark_{name}"][bar] = columns[name][bar]
    return candles_of(columns)


def columns_of(candles: Candles) -> dict[str, Any]:
    """Return copies of the columns of candles."""
    values = {one.name: getattr(candles, one.name) for one in fields(candles)}
    return {name: v.copy() for name, v in values.items() if isinstance(v, np.ndarray)}


def candles_of(columns: dict[str, Any]) -> Candles:
    """Return candles of five minutes."""
    return Candles(**columns, timeframe_ms=BAR_MS)


def corrected(candles: Candles, bar: int) -> Candles:
    """Return candles one bar of which had less open interest."""
    columns = columns_of(candles)
    columns["open_interest"][bar] *= 0.9
    return candles_of(columns)


def new_store(address: Path | str) -> Store:
    """Return a store that has an instrument and no bars."""
    store = open_store(str(address))
    with store.writing() as connection:
        assert add_instrument(connection, BYBIT).id == ID
    return store


def write(store: Store, candles: Candles, learnt_ms: int = 0) -> None:
    """Store bars; without a time they count as known at their close."""
    with store.writing() as connection:
        if learnt_ms:
            finish_first_load(connection, ID, BAR_MS)
        write_candles(connection, add_instrument(connection, BYBIT), candles, learnt_ms)


def filled_store(path: Path, candles: Candles) -> Store:
    """Return a store with bars and their bands."""
    store = new_store(path)
    write(store, candles)
    with store.writing() as connection:
        finish_first_load(connection, ID, BAR_MS)
    keep_bands(store, ID)
    return store


def rows_of(store: Store, n_slots: int = 32) -> list[BandRow]:
    """Return all rows of a store."""
    with store.reading() as connection:
        return read_band_rows(connection, ID, n_slots, 0, _END_OF_TIME)


def packed(rows: Iterable[BandRow]) -> list[tuple[int, bytes]]:
    """Return what rows say, without when it was learnt."""
    return [(row.time_ms, row.slots) for row in rows]


def columns_in(rows: Iterable[BandRow], n_slots: int = 32) -> Column:
    """Return the columns of rows."""
    return unpack_columns([row.slots for row in rows], n_slots)
