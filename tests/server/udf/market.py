"""The market that the UDF tests ask about: a simulated one, and the same coin on two venues."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import Instrument, MarketKind
from liqbands.timeframes import DAY_MS, HOUR_MS, MINUTE_MS
from liqbands_server.live.simulated_market import SimulatedMarket, listing
from liqbands_server.service.band_keeper import keep_bands
from liqbands_server.store.candles import write_candles
from liqbands_server.store.forming import write_forming
from liqbands_server.store.instruments import add_instrument, finish_first_load
from liqbands_server.store.liquidations import write_liquidations
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store

START_MS = 1_735_516_800_000  # Monday 2024-12-30, so that weeks and months turn inside
DAYS = 3
NOW_MS = START_MS + DAYS * DAY_MS + 30_500
"""Half a minute into a minute that has not closed."""

SIM = "SIMULATED:SIMUSDT.P"
TWICE = ("BINANCE:BTCUSDT.P", "BYBIT:BTCUSDT.P")
FOREX = "OTC:EURUSD"
HOURS = 400


@dataclass(frozen=True, eq=False)
class StoredMarket:
    """A store, and what was put into it.

    Parameters
    ----------
    store : Store
        Holds everything.
    closed, forming : Candles
        One-minute bars of the simulated market.
    """

    store: Store
    closed: Candles
    forming: Candles


def build_market(path: Path) -> StoredMarket:
    """Return a store with three instruments, one of them live."""
    store = open_store(str(path))
    market = SimulatedMarket(seed=3, start_ms=START_MS)  # a market that sweeps bands
    played = market.advance_to(NOW_MS)
    forming = market.forming()
    assert played is not None
    assert forming is not None
    with store.writing() as connection:
        stored = add_instrument(connection, listing(), simulated=True)
        write_candles(connection, stored, played.candles, NOW_MS)
        finish_first_load(connection, stored.id, MINUTE_MS)
        write_liquidations(connection, stored.id, played.liquidations, NOW_MS)
        write_forming(connection, stored.id, forming, NOW_MS)
        for number, venue in enumerate(("binance", "bybit")):
            instrument = Instrument(venue, "BTC/USDT:USDT", tick_size=0.1)
            write_candles(connection, add_instrument(connection, instrument), _walk(number), NOW_MS)
        euro = Instrument(
            "otc", "EURUSD", market=MarketKind.FOREX, session="1700-1700:23456",
            time_zone="America/New_York",
        )  # fmt: skip
        write_candles(connection, add_instrument(connection, euro), _walk(2, 1.08), NOW_MS)
    keep_bands(store, stored.id, now_ms=NOW_MS)
    return StoredMarket(store, played.candles, forming)


def copy_market(market: StoredMarket, path: Path) -> StoredMarket:
    """Return the same market in a store of its own, to be written to."""
    with sqlite3.connect(market.store.name) as source, sqlite3.connect(path) as target:
        source.backup(target)
    source.close()
    target.close()
    return StoredMarket(open_store(str(path)), market.closed, market.forming)


def _walk(seed: int, price: float = 95_000.0) -> Candles:
    """Return hourly bars of a random walk, without volume for the euro."""
    random = np.random.default_rng(seed)
    close = price * np.exp(np.cumsum(random.normal(0, 0.001, HOURS)))
    opened = np.append(price, close[:-1])
    columns = {
        "open": opened,
        "high": np.maximum(opened, close) * 1.0005,
        "low": np.minimum(opened, close) * 0.9995,
        "close": close,
    }
    if price > 2:
        columns["volume"] = random.uniform(1, 9, HOURS)
    return Candles.from_arrays(START_MS + np.arange(HOURS) * HOUR_MS, **columns)
