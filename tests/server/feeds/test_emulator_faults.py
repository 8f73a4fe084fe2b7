"""What the emulator breaks on command, and that the truth knows what came through."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from tests.emulator.hearing import heard, parsed
from tests.emulator.running import Emulator, emulating

SECONDS = 0.4
TRADES = 30
KLINES = "fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=3"
FORCE_ORDERS = ["btcusdt@forceOrder", "btcusdt@trade"]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    """Return an emulator in which a second is a minute."""
    options = {"history_days": 2, "days": 2, "trades_per_minute": TRADES}
    with emulating(speed=60, symbols="BTC,ETH", **options) as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Emulator) -> Iterator[Emulator]:
    """Return it with nothing broken."""
    yield running
    running.order("clear")


def _get(emulator: Emulator, path: str = KLINES) -> requests.Response:
    return requests.get(f"{emulator.gateway}/{path}", timeout=5)


def _hear(emulator: Emulator, venue: str, topics: list[str], seconds: float = SECONDS) -> list[str]:
    return asyncio.run(heard(emulator.gateway, venue, topics, seconds))


def _break(emulator: Emulator, fault: str, **options: Any) -> None:
    emulator.order("faults", venue="binance", fault=fault, **options)


@pytest.mark.parametrize(("fault", "status"), [("429", 429), ("418", 418), ("500", 500)])
def test_a_refusal_has_its_status_and_no_retry_after(
    emulator: Emulator, fault: str, status: int
) -> None:
    _break(emulator, fault)
    answer = _get(emulator)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, None)


def test_retry_after_is_as_ordered(emulator: Emulator) -> None:
    _break(emulator, "429", retry_after=7)
    assert _get(emulator).headers["Retry-After"] == "7"


def test_a_fault_ends_by_itself(emulator: Emulator) -> None:
    _break(emulator, "maintenance", for_s=1.0)
    assert _get(emulator).status_code == 503
    time.sleep(1.05)
    assert _get(emulator).status_code == 200


def test_the_other_venues_are_undisturbed(emulator: Emulator) -> None:
    _break(emulator, "dead")
    with pytest.raises(requests.ConnectionError):
        _get(emulator)
    assert _get(emulator, "api.bybit.com/v5/market/time").status_code == 200


def test_a_shut_door_refuses_connections_and_opens_again(emulator: Emulator) -> None:
    emulator.order("faults", venue="all", fault="refuse", for_s=1.0)
    with pytest.raises(requests.ConnectionError, match="refused"):
        _get(emulator)
    time.sleep(1.1)
    assert _get(emulator).status_code == 200


@pytest.mark.parametrize(
    ("fault", "is_so"),
    [
        ("html", lambda text: text.startswith("<html>")),
        ("truncated_json", lambda text: text.startswith("[[") and not text.endswith("]]")),
        ("nan", lambda text: json.loads(text)[0][1] == "NaN"),
        ("strings", lambda text: json.loads(text)[0][1] == "many"),
        ("negative_size", lambda text: float(json.loads(text)[0][5]) < 0),
        ("mistyped_json", lambda text: isinstance(json.loads(text)[0][1], dict)),
    ],
)
def test_an_answer_is_nonsense(
    emulator: Emulator, fault: str, is_so: Callable[[str], bool]
) -> None:
    _break(emulator, fault)
    assert is_so(_get(emulator).text)


def test_nonsense_goes_beside_the_frames_and_replaces_none(emulator: Emulator) -> None:
    _break(emulator, "nan", share=1)
    trades = [m for m in parsed(_hear(emulator, "binance", FORCE_ORDERS)) if m.get("e") == "trade"]
    sound = [_number(m) for m in trades if m["p"] != "NaN"]
    assert len(trades) == 2 * len(sound) > 0
    assert sound == list(range(sound[0], sound[0] + len(sound)))


def _number(trade: dict[str, Any]) -> int:
    """Return its number among all, from the minute and its number there."""
    return int(trade["t"]) // 1_000_000 * TRADES + int(trade["t"]) % 1_000_000


def test_silence_keeps_the_connection_and_says_nothing(emulator: Emulator) -> None:
    _break(emulator, "silence")
    started = time.monotonic()
    assert _hear(emulator, "binance", FORCE_ORDERS) == []
    assert time.monotonic() - started >= SECONDS


def test_who_was_met_with_silence_has_to_connect_again(emulator: Emulator) -> None:
    _break(emulator, "silence", for_s=2 * SECONDS)
    assert _hear(emulator, "binance", FORCE_ORDERS, 3 * SECONDS) == []
    assert _hear(emulator, "binance", FORCE_ORDERS) != []


def test_a_connection_breaks_in_the_middle_of_a_frame(emulator: Emulator) -> None:
    _break(emulator, "reset_mid_frame")
    started = time.monotonic()
    texts = _hear(emulator, "binance", FORCE_ORDERS, 5.0)
    assert len(texts) <= 1  # the acknowledgement
    assert time.monotonic() - started < 4
    assert emulator.ask("counts")["binance"]["faults"] == []


def test_duplicates_are_alike_to_the_letter(emulator: Emulator) -> None:
    _break(emulator, "duplicates", share=1)
    texts = _hear(emulator, "binance", FORCE_ORDERS)[1:]
    assert len(texts) == 2 * len(set(texts)) > 0


def test_what_comes_out_of_order_still_comes(emulator: Emulator) -> None:
    _break(emulator, "out_of_order", share=0.5, for_s=2 * SECONDS)
    trades = parsed(_hear(emulator, "binance", ["btcusdt@trade"], 3 * SECONDS))[1:]
    ids = [_number(trade) for trade in trades]
    assert ids != sorted(ids)
    assert sorted(ids) == list(range(min(ids), max(ids) + 1))


def test_a_changed_candle_closes_otherwise_than_it_is(emulator: Emulator) -> None:
    _break(emulator, "changed_candle")
    frames = parsed(_hear(emulator, "binance", ["btcusdt@kline_1m"], 1.4))[1:]
    told = {frame["k"]["t"]: frame["k"]["v"] for frame in frames if frame["k"]["x"]}
    rest = {row[0]: row[5] for row in _get(emulator, KLINES.replace("limit=3", "limit=9")).json()}
    assert told
    assert all(rest[time] != volume for time, volume in told.items())


def test_a_skewed_clock_tells_another_time_and_the_same_bars(emulator: Emulator) -> None:
    bar = _get(emulator).json()[0]
    emulator.order("clock_skew", venue="binance", skew_ms=600_000)
    said = _get(emulator, "fapi.binance.com/fapi/v1/time").json()["serverTime"]
    assert 590_000 < said - emulator.now_ms() < 610_000
    assert bar in _get(emulator, KLINES.replace("limit=3", "limit=9")).json()


def test_a_delisted_symbol_is_gone_and_silent(emulator: Emulator) -> None:
    _break(emulator, "delisted", symbol="BTC")
    listing = _get(emulator, "fapi.binance.com/fapi/v1/exchangeInfo").json()["symbols"]
    assert [row["symbol"] for row in listing] == ["ETHUSDT"]
    assert _get(emulator).json()["code"] == -1121
    assert len(_hear(emulator, "binance", FORCE_ORDERS)) == 1


def test_a_renamed_symbol_trades_under_its_new_name(emulator: Emulator) -> None:
    _break(emulator, "renamed", symbol="BTC", to="XBT")
    assert _get(emulator).status_code == 400
    assert _get(emulator, KLINES.replace("BTC", "XBT")).status_code == 200


@pytest.mark.parametrize(
    ("venue", "topic"),
    [
        ("binance", "btcusdt@forceOrder"),
        ("bybit", "allLiquidation.BTCUSDT"),
        ("okx", "liquidation-orders:SWAP"),
    ],
)
def test_the_truth_knows_how_many_sockets_each_liquidation_left_to(
    emulator: Emulator, venue: str, topic: str
) -> None:
    ordered = emulator.order("burst", venue=venue, symbol="BTC", liquidations=200, per_s=1000)
    said = _hear(emulator, venue, [topic], 0.8)[1:]
    limits = {"since": ordered["first_ms"], "until": ordered["last_ms"] + 1}
    truth = emulator.truth(venue, "BTC", **limits)["liquidations"]
    times = [time for text in said for time in _times(venue, json.loads(text), limits)]
    delivered = [event["time_ms"] for event in truth if event["sockets"] == 1]
    assert len(truth) >= 200
    assert sorted(times) == delivered


def _times(venue: str, frame: Any, limits: dict[str, int]) -> list[int]:
    if venue == "binance":
        times = [frame["o"]["T"]]
    elif venue == "bybit":
        times = [row["T"] for row in frame["data"]]
    else:
        rows = [row for row in frame["data"] if row["instId"] == "BTC-USDT-SWAP"]
        times = [int(detail["ts"]) for row in rows for detail in row["details"]]
    return [time for time in times if limits["since"] <= time < limits["until"]]


def test_a_corrected_bar_is_what_rest_says_from_then_on(emulator: Emulator) -> None:
    bar = emulator.order("correct_bar", venue="binance", symbol="BTC", bars_ago=2, volume_by=50)
    rows = {row[0]: row for row in _get(emulator, KLINES.replace("limit=3", "limit=9")).json()}
    assert float(rows[bar["open_time_ms"]][5]) == bar["volume"]
    assert float(rows[bar["open_time_ms"]][4]) == bar["close"]


def test_an_unknown_fault_is_refused_by_name(emulator: Emulator) -> None:
    url = f"{emulator.gateway}/control/faults"
    answer = requests.post(url, json={"venue": "okx", "fault": "rain"}, timeout=5)
    assert answer.status_code == 400
    assert "'rain'" in answer.json()["error"]
