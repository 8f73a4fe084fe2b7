"""`/history`: which bars, in which form, and what there is instead of bars."""

from bisect import bisect_left
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from tests.server.udf.conftest import Get, close_app, settings_of
from tests.server.udf.market import FOREX, HOURS, NOW_MS, SIM, START_MS, TWICE, StoredMarket
from tests.server.udf.oracle import assert_same, base_rows, joined, rows_of

from liqbands_server.udf.history import window
from liqbands_server.udf.parameters import HistoryQuestion
from liqbands_server.web.app import create_app

NOW = NOW_MS // 1000
START = START_MS // 1000
LENGTHS = {"1": 60, "3": 180, "15": 900, "60": 3600, "240": 14_400, "720": 43_200, "1D": 86_400}


@pytest.mark.parametrize("resolution", LENGTHS)
def test_every_bar_is_made_of_the_stores(get: Get, market: StoredMarket, resolution: str) -> None:
    told = get("history", symbol=SIM, resolution=resolution, from_=0, to=NOW)
    assert_same(rows_of(told), joined(base_rows(market.store, SIM), LENGTHS[resolution]))


def test_weeks_begin_on_monday_and_months_on_the_first(get: Get) -> None:
    weeks = get("history", symbol=SIM, resolution="1W", from_=0, to=NOW)
    months = get("history", symbol=SIM, resolution="1M", from_=0, to=NOW)
    assert weeks["t"] == [1_735_516_800]  # 2024-12-30
    assert months["t"] == [1_733_011_200, 1_735_689_600]  # 2024-12-01 and 2025-01-01


@pytest.mark.parametrize(
    ("alias", "resolution"),
    [("D", "1D"), ("W", "1W"), ("M", "1M"), ("1440", "1D"), ("060", "60"), ("01D", "1D")],
)
def test_resolutions_go_by_several_names(get: Get, alias: str, resolution: str) -> None:
    asked = {"symbol": SIM, "from_": 0, "to": NOW}
    same = get("history", resolution=resolution, **asked)
    assert get("history", resolution=alias, **asked) == same


def test_the_euros_days_begin_with_its_session(get: Get) -> None:
    told = get("history", symbol=FOREX, resolution="1D", from_=0, to=NOW + 10**7)
    rows = base_rows_of_forex_days(get)
    assert told["t"] == sorted(rows)
    assert told["c"] == [rows[day] for day in sorted(rows)]
    assert "v" not in told


def base_rows_of_forex_days(get: Get) -> dict[int, float]:
    """Return the last close of each trading day: it ends at 17 o'clock in New York, 22 UTC."""
    hours = get("history", symbol=FOREX, resolution="60", from_=0, to=NOW + 10**7)
    closes: dict[int, float] = {}
    for time, close in zip(hours["t"], hours["c"], strict=True):
        day = (time + 2 * 3600) // 86_400
        weekday = (day + 4) % 7  # 0 = Sunday
        day += {6: 2, 0: 1}.get(weekday, 0)
        closes[day * 86_400] = close
    return closes


def test_an_aggregate_shows_its_first_venue(get: Get) -> None:
    asked = {"resolution": "60", "from_": 0, "to": NOW}
    assert get("history", symbol="ALL:BTCUSD.P", **asked) == get(
        "history", symbol=TWICE[0], **asked
    )


def test_the_forming_bar_is_the_last(get: Get, market: StoredMarket) -> None:
    told = get("history", symbol=SIM, resolution="1", from_=NOW - 600, to=NOW, countback=2)
    assert told["t"][-1] * 1000 == int(market.forming.open_time_ms[0])
    assert told["c"][-1] == market.forming.close[0]
    without = get("history", symbol=SIM, resolution="1", from_=NOW - 600, to=told["t"][-1])
    assert without["t"] == told["t"][:-1]


TIMES = st.integers(-50, 1_050)


@given(
    bars=st.lists(st.integers(0, 1_000), max_size=40, unique=True).map(sorted),
    start=TIMES, end=TIMES, countback=st.integers(0, 60),
)  # fmt: skip
def test_the_window_is_the_protocols(bars: list[int], start: int, end: int, countback: int) -> None:
    start, end = max(start, 0), max(end, 0)
    question = HistoryQuestion("", "", start, end, countback)
    first, last = window(np.array(bars, dtype=np.int64), question)
    chosen = bars[first:last]
    inside = [time for time in bars if start <= time < end]
    before_to = bars[: bisect_left(bars, end)]
    wanted = max(countback, 2) if countback else 0
    assert chosen == before_to[len(before_to) - len(chosen) :]
    assert len(chosen) == max(len(inside), min(wanted, len(before_to)))


@given(n_bars=st.integers(0, 60), most=st.integers(1, 50), countback=st.integers(0, 60))
def test_of_too_many_bars_exactly_the_newest_are_given(
    n_bars: int, most: int, countback: int
) -> None:
    question = HistoryQuestion("", "", 0, 10**6, countback)
    first, last = window(np.arange(n_bars), question, most)
    assert (last, last - first) == (n_bars, min(n_bars, most))


@pytest.mark.parametrize(
    ("start", "end", "countback", "count"),
    [
        (NOW - 600, NOW, 2, 10),  # all of the range, although two would do
        (NOW - 600, NOW, 50, 50),
        (NOW, NOW - 600, 5, 5),  # from is ignored
        (NOW - 600, NOW - 600, 1, 2),  # a chart needs two
        (-99_999, START + 120, 300, 2),
        (0, 99_999_999_999, 3, 4_321),
    ],
)
def test_countback_in_examples(get: Get, start: int, end: int, countback: int, count: int) -> None:
    told = get("history", symbol=SIM, resolution="1", from_=start, to=end, countback=countback)
    assert len(told["t"]) == count
    assert told["t"][-1] < end


def test_from_may_be_missing_beside_countback(get: Get) -> None:
    told = get("history", symbol=SIM, resolution="60", to=NOW, countback=7)
    assert len(told["t"]) == 7


@pytest.mark.parametrize("countback", ["", "0", "0.0"])
def test_an_empty_countback_is_none(get: Get, countback: str) -> None:
    told = get("history", symbol=SIM, resolution="1", from_=NOW + 90, to=NOW + 99,
               countback=countback)  # fmt: skip
    assert told == {"s": "no_data", "nextTime": NOW // 60 * 60_000}


def test_next_time_can_be_in_seconds(market: StoredMarket) -> None:
    app = create_app(settings_of(market, next_time_unit="seconds"), now_ms=lambda: NOW_MS)
    asked = {"symbol": SIM, "resolution": "1", "from": NOW + 90, "to": NOW + 99}
    told = app.test_client().get("/udf/history", query_string=asked).get_json()
    close_app(app)
    assert told == {"s": "no_data", "nextTime": NOW // 60 * 60}


def test_before_all_history_there_is_no_data_and_no_next_time(get: Get) -> None:
    asked = {"symbol": SIM, "resolution": "1", "from_": 0, "to": START}
    assert get("history", **asked) == {"s": "no_data"}
    assert get("history", **asked, countback=500) == {"s": "no_data"}


def test_a_gap_is_no_end_of_history(get: Get) -> None:
    last = START + HOURS * 3600
    beyond = {"symbol": TWICE[0], "resolution": "60", "from_": last + 7_200, "to": last + 9_000}
    assert get("history", **beyond) == {"s": "no_data", "nextTime": (last - 3600) * 1000}
    assert get("history", **beyond, countback=3)["t"] == [last - 3600 * n for n in (3, 2, 1)]


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ("from", "x", "from must be unix seconds"),
        ("to", "\uff11\uff12", "to must be unix seconds"),
        ("to", " 12", "to must be"), ("to", "1_000", "to must be"), ("to", "1e9", "to must be"),
        ("to", "+5", "to must be"), ("to", "1.5", "to must be"), ("to", "NaN", "to must be"),
        ("to", "-Infinity", "to must be"), ("to", "0x10", "to must be"), ("to", "", "to is req"),
        ("to", "٣", "to must be"), ("from", "", "from is required"),
        ("to", str(NOW_MS), "not milliseconds"), ("from", str(-NOW_MS), "not milliseconds"),
        ("to", "100000000001", "not milliseconds"), ("to", "9" * 99, "not milliseconds"),
        ("from", str(NOW + 1), "from must not be later than to"),
        ("countback", "-1", "countback must be"), ("countback", "two", "countback must be"),
        ("countback", "9" * 13, "countback must be"), ("countback", "1.5", "countback must be"),
        ("resolution", "7", "resolution must be one of 1, 3, 5"),
        ("resolution", "", "resolution must be"), ("resolution", "1h", "resolution must be"),
        ("resolution", "\uff11", "resolution must be"), ("resolution", "1S", "resolution must be"),
        ("resolution", "99999", "resolution must be"), ("symbol", "NO:SUCH", "unknown symbol"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(client: FlaskClient, parameter: str, value: str, words: str) -> None:
    asked = {"symbol": SIM, "resolution": "60", "from": "0", "to": str(NOW)} | {parameter: value}
    response = client.get("/udf/history", query_string=asked)
    body = response.get_json()
    assert response.status_code in (400, 404)
    assert body["s"] == "error"
    assert words in body["errmsg"]


@pytest.mark.parametrize("value", [f"{NOW}.0", f"{NOW}.000"])
def test_a_whole_number_may_have_a_fraction_of_zeros(get: Get, value: str) -> None:
    asked = {"symbol": SIM, "resolution": "60", "from_": "-5.0"}
    assert get("history", to=value, **asked) == get("history", to=NOW, **asked)


def test_a_resolution_finer_than_the_bars_there_are_is_refused(client: FlaskClient) -> None:
    asked: dict[str, Any] = {"symbol": FOREX, "resolution": "1", "from": 0, "to": NOW}
    response = client.get("/udf/history", query_string=asked)
    assert response.status_code == 400
    assert "resolution of OTC:EURUSD must be one of 60" in response.get_json()["errmsg"]
