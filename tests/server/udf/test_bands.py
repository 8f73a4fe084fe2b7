"""Band symbols: slots and the strongest bands as bars, so that any chart draws them."""

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from tests.server.udf.conftest import Get
from tests.server.udf.market import FOREX, NOW_MS, SIM, StoredMarket

from liqbands_server.service.band_columns import unpack_columns
from liqbands_server.store.band_rows import read_band_rows
from liqbands_server.store.instruments import find_instrument

NOW = NOW_MS // 1000
SLOTS = [f"{SIM}#B{slot:02d}" for slot in range(20)]
QUARTER = 900
LIVING = 1


def history(get: Get, symbol: str, resolution: str = "15", **others: object) -> dict[str, Any]:
    asked = {"from_": 0, "to": NOW, "resolution": resolution} | others
    found: dict[str, Any] = get("history", symbol=symbol, **asked)
    return found


@pytest.fixture(scope="module")
def stored_columns(market: StoredMarket) -> tuple[list[int], Any]:
    """Return the ticks at which bands were stored, in seconds, and the slots at each."""
    with market.store.reading() as connection:
        stored = find_instrument(connection, SIM)
        rows = read_band_rows(connection, stored.id, 20, 0, 2**62)
    columns = unpack_columns([row.slots for row in rows], 20)
    return [row.time_ms // 1000 for row in rows], columns["slots"]


@pytest.mark.parametrize("slot", range(20))
def test_a_slot_goes_from_edge_to_edge_of_the_stored_band(
    get: Get, stored_columns: tuple[list[int], Any], slot: int
) -> None:
    told = history(get, SLOTS[slot])
    if told["s"] == "no_data":
        assert not (stored_columns[1]["state"][:, slot] == LIVING).any()
        return
    stored = {time - QUARTER: row for time, row in zip(*stored_columns, strict=True)}
    shown = [stored[time][slot] for time in told["t"] if time in stored]
    n_known = sum(time in stored for time in told["t"])
    assert n_known >= len(told["t"]) - 1  # the bar that is forming shows the newest column
    assert all(band["state"] == LIVING for band in shown)
    assert told["l"][:n_known] == [band["low"] for band in shown]
    assert told["h"][:n_known] == [band["high"] for band in shown]
    assert told["v"][:n_known] == [float(band["notional"]) for band in shown]


def test_many_slots_are_filled_and_bars_are_bars(get: Get) -> None:
    filled = [told for slot in SLOTS if (told := history(get, slot))["s"] == "ok"]
    assert len(filled) >= 10
    for told in filled:
        opened, high, low = (np.array(told[name]) for name in "ohl")
        assert told["o"] == told["c"]
        np.testing.assert_allclose(opened, (high + low) / 2)
        assert (low < high).all()
        assert min(told["v"]) > 0


def test_the_strongest_band_of_each_side_is_a_line(get: Get) -> None:
    close = history(get, SIM)
    prices = dict(zip(close["t"], close["c"], strict=True))
    for line, sign in (("UP", 1), ("DOWN", -1)):
        told = history(get, f"{SIM}#{line}")
        assert told["o"] == told["h"] == told["l"] == told["c"]
        assert min(told["v"]) > 0
        away = [sign * (at - prices[t]) for t, at in zip(told["t"], told["c"], strict=True)]
        assert np.mean(np.array(away) > 0) > 0.9


@pytest.mark.parametrize("line", ["B00", "UP"])
@pytest.mark.parametrize("resolution", ["1", "60", "1D"])
def test_a_window_shows_the_same_bars_as_all_history(get: Get, line: str, resolution: str) -> None:
    full = history(get, f"{SIM}#{line}", resolution)
    start = full["t"][len(full["t"]) // 2]
    part = history(get, f"{SIM}#{line}", resolution, from_=start)
    assert part["t"] == full["t"][len(full["t"]) // 2 :]
    assert part["h"] == full["h"][len(full["t"]) // 2 :]


def test_countback_looks_behind_empty_bars(get: Get) -> None:
    told = {slot: history(get, slot, "1") for slot in SLOTS}
    slot, bars = next(
        (slot, bars) for slot, bars in told.items()
        if bars["s"] == "ok" and max(np.diff(bars["t"])) > 60
    )  # fmt: skip
    after_hole = bars["t"][int(np.argmax(np.diff(bars["t"]))) + 1]
    few = history(get, slot, "1", from_=after_hole, to=after_hole + 1, countback=3)
    at = bars["t"].index(after_hole)
    assert few["t"] == bars["t"][at - 2 : at + 1]


def test_a_slot_that_was_never_filled_has_no_data(get: Get) -> None:
    assert history(get, f"{FOREX}#B00", "60") == {"s": "no_data"}


@pytest.mark.parametrize("line", ["B00", "UP", "DOWN"])
def test_a_band_symbol_is_drawn_like_its_market(get: Get, line: str) -> None:
    market, band = get("symbols", symbol=SIM), get("symbols", symbol=f"{SIM}#{line}")
    same = ("session", "timezone", "pricescale", "supported_resolutions", "intraday_multipliers")
    assert [band[name] for name in same] == [market[name] for name in same]
    assert (band["ticker"], band["name"]) == (f"{SIM}#{line}", f"SIMUSDT.P#{line}")
    assert band["visible_plots_set"] == ("ohlcv" if line == "B00" else "c")


def test_bands_stay_out_of_an_ordinary_search(get: Get) -> None:
    for query in ("", "SIM", "BAND"):
        assert not any("#" in hit["ticker"] for hit in get("search", query=query))
    assert len(get("search", query="SIM#", limit=100)) == 22


def test_bands_have_quotes_too(get: Get) -> None:
    (quote,) = get("quotes", symbols=f"{SIM}#UP")["d"]
    assert quote["v"]["lp"] == history(get, f"{SIM}#UP")["c"][-1]


def test_several_venues_together_have_no_band_symbols(client: FlaskClient) -> None:
    response = client.get("/udf/symbols", query_string={"symbol": "ALL:BTCUSD.P#B00"})
    assert response.status_code == 404
    assert "single venues" in response.get_json()["errmsg"]
