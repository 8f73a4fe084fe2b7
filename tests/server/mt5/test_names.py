"""The table of names: what brokers call a market, and which of ours is meant."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from tests.server.conftest import close_app
from tests.server.sample_store import make_app

from liqbands.candles import Candles
from liqbands.errors import UnknownSymbolError
from liqbands.instrument import Instrument
from liqbands_mt5.layout import MOST_SYMBOL
from liqbands_mt5.symbols import find_feed, read_index
from liqbands_server.importing.candle_import import How, import_candles
from liqbands_server.importing.own_markets import own_instrument
from liqbands_server.mt5.names import aliases_of, find_listing
from liqbands_server.store.instruments import add_instrument
from liqbands_server.store.opening import open_store
from liqbands_server.web.context import context_of

MARKETS = (
    Instrument("binance", "BTC/USDT:USDT"),
    Instrument("bybit", "BTC/USDT:USDT"),
    Instrument("bybit", "ETH/USDT:USDT"),
    Instrument("hyperliquid", "FARTCOIN/USDC:USDC"),
    Instrument("otc", "EURUSD", market=own_instrument("EURUSD").market),
    *(own_instrument(name) for name in ("EURUSD", "BTCUSD", "XAUUSD", "US500", "AAPL")),
)
FIRST_MS = 1_750_000_020_000
ONE = [1.0] * 3
BARS = Candles.from_arrays(
    [FIRST_MS, FIRST_MS + 60_000, FIRST_MS + 120_000],
    open=ONE, high=ONE, low=ONE, close=ONE, volume=ONE, open_interest=ONE,
)  # fmt: skip


@pytest.fixture(scope="module")
def names_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application on a store with markets of every kind."""
    path: Path = tmp_path_factory.mktemp("names") / "names.db"
    store = open_store(str(path))
    with store.writing() as connection:
        simulated = Instrument("simulated", "BTC/USDT:USDT")
        add_instrument(connection, simulated, simulated=True)
    for instrument in MARKETS:
        import_candles(store, BARS, instrument, how=How(bands=False))
    store.close()
    app = make_app(path, 1_760_000_000_000)
    close_app(app)
    return app


MEANT = {
    "BTCUSD": "ALL:BTCUSD.P", "BTCUSD.r": "ALL:BTCUSD.P", "#Bitcoin": "ALL:BTCUSD.P",
    "XBTUSD": "ALL:BTCUSD.P", "BTCUSDT": "BINANCE:BTCUSDT.P", "btcusdm": "ALL:BTCUSD.P",
    "ETHUSD-ECN": "BYBIT:ETHUSDT.P", "ETHUSDX": "BYBIT:ETHUSDT.P", "ETHUSDT": "BYBIT:ETHUSDT.P",
    "EURUSD": "MT5:EURUSD", "EURUSDpro": "MT5:EURUSD", "EURUSDECN": "MT5:EURUSD",
    "GOLD": "MT5:XAUUSD", "GOLD.x": "MT5:XAUUSD", "XAUUSDm": "MT5:XAUUSD",
    "SPX500": "MT5:US500", "US500.cash": "MT5:US500", "AAPL": "MT5:AAPL",
    "OTC:EURUSD": "OTC:EURUSD", "mt5:btcusd": "MT5:BTCUSD",
    "FARTCOINUSD": "HYPERLIQUID:FARTCOINUSDC.P",
}  # fmt: skip


@pytest.mark.parametrize("name", MEANT)
def test_a_broker_s_symbol_means_a_market(names_app: Flask, name: str) -> None:
    markets = context_of(names_app).markets
    assert find_listing(markets, aliases_of(markets.listings), name)[0].ticker == MEANT[name]


@pytest.mark.parametrize("name", ["NOBODY", "USD", "#", "M", "BTCUSDMM"])
def test_a_name_that_means_nothing_is_unknown(names_app: Flask, name: str) -> None:
    markets = context_of(names_app).markets
    with pytest.raises(UnknownSymbolError):
        find_listing(markets, aliases_of(markets.listings), name)


def test_the_table_leads_every_name_to_something_that_can_be_asked_for(names_app: Flask) -> None:
    client = names_app.test_client()
    response = client.get("/mt5/v1/index")
    assert response.content_type == "text/csv; charset=us-ascii"
    table = read_index(response.text)
    assert len({alias.name for alias in table}) == len(table)
    for alias in table:
        assert len(alias.feed) <= MOST_SYMBOL
        question = {"symbol": alias.feed, "timeframe": "1h"}
        assert client.get("/mt5/v1/frame", query_string=question).status_code == 200


def test_the_server_means_what_the_table_says(names_app: Flask) -> None:
    markets = context_of(names_app).markets
    table = aliases_of(markets.listings)
    for name in MEANT:
        feed = find_feed(table, name)
        by_table, file_name = find_listing(markets, table, feed)
        assert by_table.ticker == MEANT[name], name
        assert find_feed(table, file_name) == feed or file_name == feed, name


def test_simulated_markets_stand_behind_real_ones(names_app: Flask) -> None:
    listings = context_of(names_app).markets.listings
    real = next(one for one in listings if one.ticker == "BYBIT:ETHUSDT.P")
    played = replace(
        real, ticker="SIMULATED:ETHUSDT.P", members=(replace(real.reference, simulated=True),)
    )
    for order in ((played, real), (real, played)):
        feeds = {alias.name: alias.feed for alias in aliases_of(order)}
        assert feeds["ETHUSD"] == "BYBIT:ETHUSDT.P"
        assert feeds["SIMULATED:ETHUSDT.P"] == "SIMULATED:ETHUSDT.P"
