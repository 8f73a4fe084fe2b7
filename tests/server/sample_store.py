"""A store with two days of a simulated market under three names, one of them as simulated."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from flask import Flask

from liqbands.candles import Candles
from liqbands.instrument import Instrument
from liqbands.market_data import Liquidations
from liqbands.score.longer_bars import longer_bars
from liqbands.sim import START_MS, Exchange, find_world
from liqbands.timeframes import DAY_MS, MINUTE_MS
from liqbands_server.service.band_keeper import keep_bands
from liqbands_server.settings import Settings
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import StoredInstrument, add_instrument, finish_first_load
from liqbands_server.store.liquidations import write_liquidations
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store
from liqbands_server.web.app import create_app

SIMULATED = "SIMULATED:SIMUSDT.P"
BYBIT = "BYBIT:SIMUSDT.P"
BINANCE = "BINANCE:SIMUSDT.P"
TOGETHER = "ALL:SIMUSD.P"

BAR_MS = 5 * MINUTE_MS
END_MS = START_MS + 2 * DAY_MS
NOW_MS = END_MS + 20_000
SEED = 7


@dataclass(frozen=True, eq=False)
class Market:
    """What was put into a store.

    Parameters
    ----------
    candles : Candles
        Bars of five minutes; two hours more of them than the store holds.
    liquidations : Liquidations
        Events of the same time.
    """

    candles: Candles
    liquidations: Liquidations

    @property
    def stored(self) -> Candles:
        """Return the bars that the store holds."""
        return self.candles[: 2 * DAY_MS // BAR_MS]


@cache
def sample_market() -> Market:
    """Play the market, once in a process."""
    world = replace(find_world("live"), step_ms=10_000)
    exchange = Exchange(world, SEED, START_MS - DAY_MS)
    exchange.advance_to(START_MS)
    exchange.take_candles(0)
    exchange.take_closings(0)
    exchange.advance_to(END_MS + 2 * 60 * MINUTE_MS)
    minutes = exchange.take_candles(0)
    assert minutes is not None
    events = exchange.take_closings(0).liquidations()
    return Market(longer_bars(minutes, BAR_MS), events)


def instrument(venue: str) -> Instrument:
    """Return the market's instrument on a venue."""
    return Instrument(venue, "SIM/USDT:USDT", tick_size=0.1)


def fill_store(path: Path) -> None:
    """Write the market under three names."""
    market = sample_market()
    store = open_store(str(path))
    with store.writing() as connection:
        for venue in ("simulated", "bybit", "binance"):
            mine = add_instrument(connection, instrument(venue), simulated=venue == "simulated")
            write_candles(connection, mine, market.stored, 0)
            finish_first_load(connection, mine.id, BAR_MS)
            stored = market.liquidations.time_ms < END_MS
            write_liquidations(connection, mine.id, events_at(stored), END_MS)
    keep_bands(store, stored_instrument(store, "bybit").id, now_ms=END_MS)
    store.close()


def events_at(rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Liquidations:
    """Return some of the market's events."""
    events = sample_market().liquidations
    return Liquidations(
        events.time_ms[rows], events.side[rows], events.price[rows], events.contracts[rows]
    )


def add_bars(store: Store, venue: str, bars: Candles, learnt_ms: int) -> None:
    """Write bars that are learnt later."""
    member = stored_instrument(store, venue)
    with store.writing() as connection:
        write_candles(connection, member, bars, learnt_ms)


def stored_instrument(store: Store, venue: str) -> StoredInstrument:
    """Return the market's instrument on a venue, as it is stored."""
    with store.writing() as connection:
        return add_instrument(connection, instrument(venue), simulated=venue == "simulated")


def corrected(bars: Candles) -> Candles:
    """Return bars with another open interest."""
    return replace(bars, open_interest=bars.open_interest * 1.5)


def make_app(path: Path, now_ms: int = NOW_MS) -> Flask:
    """Return the application on a store, with a clock that stands."""
    return create_app(Settings(store=str(path)), now_ms=lambda: now_ms)
