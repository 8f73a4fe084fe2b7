"""Venues that fail, one after the other, before the eyes of one running feed.

Each fault befalls one of three venues for a while; the health says so, the other venues do not
notice, and when it is over the feed heals by itself.  In the end the store holds what happened.
The tests tell one story, in their order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pytest
from tests.server.feeds.comparison import all_rows
from tests.server.feeds.running_feed import wait_for
from tests.server.feeds.scene import Scene, played

from liqbands.timeframes import MINUTE_MS

_CLOSE: Final = 3
BRIEFLY: Final = "(is over before a word is said, but counted)"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a feed of three venues, one of which is dead from the start."""
    folder = tmp_path_factory.mktemp("faults")
    with played(folder, dead="okx", speed=80, seed=5, trades_per_minute=10) as scene:
        yield scene


@dataclass(frozen=True)
class Case:
    """A fault, whom it befalls, and words by which the health tells of it."""

    fault: str
    venue: str
    words: str
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the name of the test."""
        return "-".join([self.fault, self.venue, *map(str, self.options.values())])


CASES: Final = (
    Case("refuse", "binance", "answer|clos|connect"),
    Case("dead", "okx", "answer|clos|connect"),
    Case("reset_mid_frame", "bybit", BRIEFLY),
    Case("silence", "okx", "silent"),
    Case("429", "bybit", "asks to wait", {"retry_after": 1}),
    Case("429", "okx", "asks to wait"),
    Case("418", "binance", "asks to wait"),
    Case("500", "okx", "does not answer"),
    Case("html", "bybit", "cannot be|does not answer"),
    Case("maintenance", "binance", "does not answer|503|closed"),
    Case("truncated_json", "okx", "cannot be"),
    Case("mistyped_json", "binance", "must be|cannot be"),
    Case("nan", "bybit", "must be|cannot be"),
    Case("strings", "okx", "must be|cannot be"),
    Case("negative_size", "binance", "must"),
    Case("clock_skew", "bybit", "time must be", {"skew_ms": 180_000}),
)


def test_a_venue_dead_from_the_start_is_told_of_and_the_others_are_live(scene: Scene) -> None:
    scene.wait_until_live("binance", "bybit")
    for coin in scene.coins:
        wait_for(partial(_has_failed, scene, "okx", coin), "okx failed")


def test_a_venue_that_comes_to_life_is_followed(scene: Scene) -> None:
    scene.emulator.order("clear", venue="okx")
    scene.wait_until_live("okx")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_fault_is_told_of_and_healed_and_no_other_venue_notices(scene: Scene, case: Case) -> None:
    others = [venue for venue in scene.venues if venue != case.venue]
    n_lost = {venue: scene.n_lost(venue) for venue in scene.venues}
    newest = {venue: scene.newest(venue) for venue in others}
    scene.emulator.order("faults", venue=case.venue, fault=case.fault, for_s=30, **case.options)
    wait_for(lambda: _is_told_of(scene, case, n_lost[case.venue]), f"health tells of {case}")
    wait_for(lambda: all(scene.newest(venue) > newest[venue] for venue in others), "others go on")
    scene.emulator.order("clear", venue=case.venue)
    wait_for(lambda: scene.has_caught_up(case.venue), f"{case.venue} catches up")
    assert [scene.n_lost(venue) - n_lost[venue] for venue in others] == [0, 0]


def test_disorder_goes_unnoticed(scene: Scene) -> None:
    began = scene.newest("okx")
    for venue, fault in (("okx", "duplicates"), ("bybit", "out_of_order")):
        scene.emulator.order("faults", venue=venue, fault=fault, for_s=30)
    scene.emulator.order("faults", venue="binance", fault="changed_candle", for_s=30)
    wait_for(lambda: scene.newest("okx") > began + 2 * MINUTE_MS, "the minutes go on")
    scene.emulator.order("clear", venue="all")


def test_a_bar_that_a_venue_corrects_is_a_correction(scene: Scene) -> None:
    right = scene.emulator.order("correct_bar", venue="bybit", symbol="BTC", bars_ago=2)

    def is_corrected() -> bool:
        rows = all_rows(scene.store, "bybit", "BTC")
        said = rows.values[rows.open_time_ms == int(right["open_time_ms"])]
        return len(said) > 1 and bool(said[-1][_CLOSE] == right["close"])

    wait_for(is_corrected, "the bar is corrected")


def test_events_that_are_alike_count_each_and_those_sent_twice_once(scene: Scene) -> None:
    scene.emulator.order("faults", venue="bybit", fault="duplicates", for_s=5, share=1.0)
    alike = {"venue": "bybit", "symbol": "ETH", "liquidations": 200, "identical": True}
    burst = scene.emulator.order("burst", **alike)
    wait_for(lambda: scene.newest("bybit") > burst["last_ms"], "the burst is over")
    scene.wait_until_right("bybit", "ETH")


def test_in_the_end_the_store_holds_what_happened(scene: Scene) -> None:
    scene.emulator.order("clear", venue="all")
    scene.wait_until_live()
    markets = [(venue, coin) for venue in scene.venues for coin in scene.coins]
    for market in markets:
        scene.wait_until_right(*market)
    assert scene.feed.stop() < 3
    assert [scene.wrong(*market)[:3] for market in markets] == [[]] * len(markets)


def _is_told_of(scene: Scene, case: Case, n_lost: int) -> bool:
    if case.words == BRIEFLY:
        return scene.n_lost(case.venue) > n_lost
    return any(re.search(case.words, row.message) for row in scene.health(case.venue))


def _has_failed(scene: Scene, venue: str, coin: str) -> bool:
    row = scene.candles(venue, coin)
    return row is not None and row.state == "failed" and "does not answer" in row.message
