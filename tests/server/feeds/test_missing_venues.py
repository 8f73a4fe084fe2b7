"""Markets that a venue stops listing, and a venue that is away for an hour of its own time."""

from collections.abc import Iterator

import pytest
from tests.server.feeds.comparison import last_open
from tests.server.feeds.running_feed import wait_for
from tests.server.feeds.scene import Scene, played

from liqbands.timeframes import HOUR_MS, MINUTE_MS


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return a feed of one venue, whose hour is nine seconds."""
    folder = tmp_path_factory.mktemp("missing")
    with played(folder, venues=("okx",), speed=400, seed=6, trades_per_minute=4) as scene:
        wait_for(lambda: scene.has_caught_up("okx"), "okx is followed")
        yield scene


@pytest.mark.parametrize("fault", ["delisted", "renamed"])
def test_a_market_that_goes_is_told_of_and_its_neighbour_goes_on(scene: Scene, fault: str) -> None:
    scene.emulator.order("faults", venue="okx", fault=fault, symbol="ETH", to="ETHW")
    wait_for(lambda: _is_told_of(scene), "ETH is gone")
    newest = last_open(scene.store, "okx", "BTC")
    wait_for(lambda: last_open(scene.store, "okx", "BTC") > newest + MINUTE_MS, "BTC goes on")
    scene.emulator.order("clear", venue="okx")
    wait_for(lambda: scene.has_caught_up("okx"), "ETH is back")


def test_an_hour_of_maintenance_leaves_no_gap(scene: Scene) -> None:
    began = scene.emulator.now_ms()
    scene.emulator.order("faults", venue="okx", fault="maintenance")
    wait_for(lambda: scene.emulator.now_ms() > began + HOUR_MS, "an hour has passed")
    assert scene.newest("okx") < began
    scene.emulator.order("clear", venue="okx")
    wait_for(lambda: scene.newest("okx") > began + HOUR_MS, "okx has caught up")
    scene.wait_until_right("okx", "BTC")


def _is_told_of(scene: Scene) -> bool:
    row = scene.candles("okx", "ETH")
    return row is not None and row.state == "failed" and "list" in row.message
