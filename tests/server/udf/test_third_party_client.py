"""A client that we did not write draws our bars, and what it cannot stand never happens."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.server.udf.market import NOW_MS, SIM, TWICE, StoredMarket
from tests.server.udf.oracle import Row, assert_same, base_rows, joined
from tests.server.udf.third_party import ThirdPartyClient, fetch_client
from tests.server.udf.web_server import running_server

from liqbands.instrument import Instrument
from liqbands_server.files.candle_files import read_candles
from liqbands_server.store.candles import write_candles
from liqbands_server.store.instruments import add_instrument

NOW = NOW_MS // 1000
REAL = "BINANCE:ETHUSDT.P"
LENGTHS = {"1": 60, "5": 300, "60": 3600, "240": 14_400, "1D": 86_400}


@pytest.fixture(scope="module")
def third_party() -> ThirdPartyClient:
    """Return the client, or skip."""
    return fetch_client()


@pytest.fixture(scope="module")
def server(own_market: StoredMarket) -> Iterator[str]:
    """Return the address of a server with a group mount, and a mount without at /plain/tv."""
    with running_server(
        store=own_market.store.name, udf_mounts="/,/plain/tv", udf_group_mounts="/tv"
    ) as address:
        yield address


@pytest.fixture(scope="module")
def real_market(own_market: StoredMarket, market_folder: Path) -> None:
    """Put a recorded market into the store."""
    candles = read_candles(market_folder / "binance_5m_2025-12" / "ETHUSDT.parquet")
    with own_market.store.writing() as connection:
        stored = add_instrument(connection, Instrument("binance", "ETH/USDT:USDT"))
        write_candles(connection, stored, candles[-1_500:], NOW_MS)


def period(start: int, end: int, countback: int | None = None) -> dict[str, Any]:
    asked = {"from": start, "to": end, "firstDataRequest": True}
    return asked if countback is None else asked | {"countBack": countback}


def rows_of(answer: dict[str, Any]) -> list[Row]:
    names = ("open", "high", "low", "close", "volume")
    return [
        (bar["time"] // 1000, *(bar[name] for name in names)) for bar in answer["result"]["bars"]
    ]


def test_every_bar_it_returns_is_the_stores(
    third_party: ThirdPartyClient, server: str, own_market: StoredMarket
) -> None:
    steps: list[list[object]] = [["getBars", SIM, name, period(0, NOW)] for name in LENGTHS]
    answers = third_party.run(server, ["onReady"], *steps)["answers"][1:]
    for seconds, answer in zip(LENGTHS.values(), answers, strict=True):
        assert_same(rows_of(answer), joined(base_rows(own_market.store, SIM), seconds))


@pytest.mark.usefixtures("real_market")
def test_recorded_bars_arrive_unchanged(
    third_party: ThirdPartyClient, server: str, own_market: StoredMarket
) -> None:
    rows = base_rows(own_market.store, REAL)
    step: list[object] = ["getBars", REAL, "5", period(0, rows[-1][0] + 1, 2_000)]
    (answer,) = third_party.run(server, step)["answers"]
    assert_same(rows_of(answer), rows)


def test_it_resolves_every_symbol_it_finds(third_party: ThirdPartyClient, server: str) -> None:
    _, *found = third_party.run(
        server, ["onReady"], ["searchSymbols", "simusdt"], ["searchSymbols", "btcusdt"]
    )["answers"]
    tickers = [hit["ticker"] for answer in found for hit in answer["result"]]
    assert {"SIMUSDT.P", "SIMUSDT.P#B07", *TWICE} <= set(tickers)
    steps: list[list[object]] = [["resolveSymbol", ticker] for ticker in tickers]
    answers = third_party.run(server, ["onReady"], *steps)["answers"][1:]
    assert all(answer["result"]["minmov"] == 1 for answer in answers)
    assert all(answer["result"]["has_intraday"] is True for answer in answers)


def test_countback_reaches_before_from_and_never_cuts(
    third_party: ThirdPartyClient, server: str
) -> None:
    wide, poll = third_party.run(
        server,
        ["getBars", SIM, "1", period(NOW - 600, NOW, 2)],
        ["getBars", SIM, "1D", period(NOW - 600, NOW, 300)],
    )["answers"]
    assert len(wide["result"]["bars"]) == 10
    assert len(poll["result"]["bars"]) == 4


def test_the_end_of_history_is_told(third_party: ThirdPartyClient, server: str) -> None:
    before, after = third_party.run(
        server,
        ["getBars", SIM, "1", period(-5_000, 86_400, 300)],
        ["getBars", SIM, "1", period(NOW + 900, NOW + 999)],
    )["answers"]
    assert before["result"] == {"bars": [], "meta": {"noData": True}}
    last_ms = NOW // 60 * 60_000
    assert after["result"] == {"bars": [], "meta": {"noData": True, "nextTime": last_ms}}


# The failure matrix, row by row: what the client does, against what we really answer.


def test_row_1_a_wrong_address_leaves_it_its_default_configuration(
    third_party: ThirdPartyClient, server: str
) -> None:
    told = third_party.run(f"{server}/udf", ["onReady"])
    (answer,) = told["answers"]
    assert {"1", "60", "1D"} <= set(answer["result"]["supported_resolutions"])
    assert told["unhandled"] == []


def test_row_2_a_refused_configuration_is_no_json(server: str) -> None:
    for prefix in ("", "/udf", "/tv"):
        for ask in (requests.post, requests.delete):
            refused = ask(f"{server}{prefix}/config", timeout=9)
            assert refused.status_code == 405
            assert refused.headers["Content-Type"].startswith("text/plain")


def test_row_3_a_group_client_needs_a_group_mount(
    third_party: ThirdPartyClient, server: str
) -> None:
    plain = third_party.run(f"{server}/plain", ["onReady"], ["resolveSymbol", SIM])
    assert "inconsistent configuration" in str(plain)
    good = third_party.run(server, ["onReady"], ["resolveSymbol", SIM])
    assert good["answers"][1]["result"]["ticker"] == SIM
    assert good["unhandled"] == []


def test_rows_4_and_5_an_unknown_symbol_leaves_the_others_alive(
    third_party: ThirdPartyClient, server: str
) -> None:
    _, unknown, known = third_party.run(
        server, ["onReady"], ["resolveSymbol", "NO:SUCH"], ["resolveSymbol", "SIMUSDT.P"]
    )["answers"]
    assert unknown["error"] == "invalid symbol"
    assert known["result"]["ticker"] == SIM


@pytest.mark.parametrize(
    ("symbol", "resolution", "end", "message"),
    [
        ("NO:SUCH", "60", NOW, "unknown symbol"),
        (SIM, "7", NOW, "resolution must be one of"),
        (SIM, "60", NOW * 1000, "to must be unix seconds, not milliseconds"),
        (SIM, "60", -5, "from must not be later than to"),
    ],
)
def test_rows_6_to_8_every_error_reaches_it_as_our_message(
    third_party: ThirdPartyClient, server: str, symbol: str, resolution: str, end: int, message: str
) -> None:
    start = 0 if end > 0 else NOW
    step: list[object] = ["getBars", symbol, resolution, period(start, end)]
    (answer,) = third_party.run(server, step)["answers"]
    assert message in answer["error"]


def test_rows_9_and_10_no_bar_has_a_hole(third_party: ThirdPartyClient, server: str) -> None:
    tickers = (SIM, "OTC:EURUSD", "ALL:BTCUSD.P")
    steps: list[list[object]] = [["getBars", one, "60", period(0, NOW, 500)] for one in tickers]
    for answer in third_party.run(server, *steps)["answers"]:
        bars = answer["result"]["bars"]
        assert len(bars) > 70
        prices = [bar[name] for bar in bars for name in ("open", "high", "low", "close")]
        assert all(math.isfinite(price) for price in prices)


def test_row_11_next_time_arrives_in_milliseconds(
    third_party: ThirdPartyClient, server: str
) -> None:
    step: list[object] = ["getBars", SIM, "1D", period(NOW + 9_000, NOW + 9_999)]
    (answer,) = third_party.run(server, step)["answers"]
    assert answer["result"]["meta"] == {"noData": True, "nextTime": NOW // 86_400 * 86_400_000}
