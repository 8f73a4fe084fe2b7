"""`/marks` and `/timescale_marks`: what was liquidated and swept, at bar times."""

from collections import Counter, defaultdict
from typing import Any

import pytest
from flask.testing import FlaskClient
from tests.server.udf.conftest import Get
from tests.server.udf.market import FOREX, NOW_MS, SIM, START_MS, StoredMarket

from liqbands_server.store.instruments import find_instrument
from liqbands_server.store.liquidations import read_liquidations

NOW = NOW_MS // 1000
START = START_MS // 1000
HOUR = 3600


def ask(get: Get, endpoint: str, resolution: str = "60", **others: object) -> list[dict[str, Any]]:
    asked = {"symbol": SIM, "from_": START, "to": NOW, "resolution": resolution} | others
    found: list[dict[str, Any]] = get(endpoint, **asked)
    return found


@pytest.fixture(scope="module")
def events(market: StoredMarket) -> list[tuple[int, int, float, float]]:
    """Return second, side, price and notional of every reported liquidation."""
    with market.store.reading() as connection:
        stored = find_instrument(connection, SIM)
        found = read_liquidations(connection, stored.id, 0, 2**62, 2**62)
    notional = found.price * found.contracts  # one contract is one coin
    columns = (found.time_ms // 1000, found.side, found.price, notional)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.mark.parametrize("resolution", ["1", "60", "1D"])
def test_every_mark_stands_at_a_bar_and_no_bar_has_more_than_ten(get: Get, resolution: str) -> None:
    bars = get("history", symbol=SIM, resolution=resolution, from_=START, to=NOW)["t"]
    marks = ask(get, "marks", resolution)
    assert marks
    assert {mark["time"] for mark in marks} <= set(bars)
    assert max(Counter(mark["time"] for mark in marks).values()) <= 10
    assert len({mark["id"] for mark in marks}) == len(marks) <= 500


def test_a_mark_has_the_fields_of_the_protocol(get: Get) -> None:
    for mark in ask(get, "marks"):
        assert mark["color"] in ("red", "green")
        assert mark["label"] == {"red": "L", "green": "S"}[mark["color"]]
        assert len(mark["label"]) == 1
        assert isinstance(mark["minSize"], int)
        side = {"L": "Longs", "S": "Shorts"}[mark["label"]]
        assert mark["text"].startswith((f"{side} liquidated $", f"{side} swept $"))
        assert " at " in mark["text"]


def test_the_largest_liquidation_is_marked_with_its_amount(
    get: Get, events: list[tuple[int, int, float, float]]
) -> None:
    second, side, price, notional = max(events, key=lambda event: event[3])
    marks = [mark for mark in ask(get, "marks", "1") if mark["time"] == second // 60 * 60]
    told = next(mark["text"] for mark in marks if "liquidated" in mark["text"])
    word = {1: "Longs", -1: "Shorts"}[side]
    assert told == f"{word} liquidated ${notional / 1e6:.3g}M at {price:,.1f}"


def test_sweeps_are_marked_too(get: Get) -> None:
    swept = [mark for mark in ask(get, "marks", "15") if "swept" in mark["text"]]
    assert swept
    bars = get("history", symbol=SIM, resolution="15", from_=START, to=NOW)
    reach = {t: (low, high) for t, low, high in zip(bars["t"], bars["l"], bars["h"], strict=True)}
    for mark in swept:
        price = float(mark["text"].rsplit(" at ", 1)[1].replace(",", ""))
        low, high = reach[mark["time"]]
        assert low * 0.999 <= price <= high * 1.001  # by the mark price, which differs a little


def test_marks_along_the_time_axis_are_the_heaviest_bars(
    get: Get, events: list[tuple[int, int, float, float]]
) -> None:
    totals: dict[int, float] = defaultdict(float)
    for second, _, _, notional in events:
        totals[second // HOUR * HOUR] += notional
    heaviest = sorted(totals, key=lambda hour: -totals[hour])[:50]
    marks = ask(get, "timescale_marks")
    assert [mark["time"] for mark in marks] == sorted(heaviest)
    for mark in marks:
        assert set(mark) == {"id", "time", "color", "label", "tooltip"}
        assert all(isinstance(line, str) and "liquidated $" in line for line in mark["tooltip"])


@pytest.mark.parametrize("endpoint", ["marks", "timescale_marks"])
def test_only_bars_of_the_range_are_marked(get: Get, endpoint: str) -> None:
    first, last = START + 10 * HOUR, START + 20 * HOUR
    times = {mark["time"] for mark in ask(get, endpoint, from_=first, to=last)}
    assert times
    assert first <= min(times)
    assert max(times) < last


@pytest.mark.parametrize("endpoint", ["marks", "timescale_marks"])
def test_where_nothing_is_reported_nothing_is_marked(get: Get, endpoint: str) -> None:
    assert ask(get, endpoint, symbol=FOREX) == []
    assert ask(get, endpoint, from_=0, to=5) == []
    assert ask(get, endpoint, from_=NOW + 5, to=NOW + 99_999) == []


@pytest.mark.parametrize("endpoint", ["marks", "timescale_marks"])
def test_marks_need_a_range(client: FlaskClient, endpoint: str) -> None:
    response = client.get(f"/udf/{endpoint}?symbol={SIM}&resolution=60&countback=3&to=9")
    assert response.get_json() == {"s": "error", "errmsg": "from is required, unix seconds"}
