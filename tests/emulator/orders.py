"""Commands to the emulator: break something, let more happen, correct a bar."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.emulator.faults import FAULTS
from tests.emulator.market import Market
from tests.emulator.minutes import MINUTE_MS
from tests.emulator.tape import Liquidation
from tests.emulator.truth import candle_of
from tests.emulator.venue import Venue
from tests.emulator.world import WorldOfVenues

_LEAD_SECONDS: Final = 0.1
"""A burst begins so much later than it was ordered, so that all of it lies ahead."""
_BREAKING: Final = ("refuse", "dead", "maintenance")


class UnknownNameError(LookupError):
    """A command names what there is not."""


def begin_fault(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do ``{"venue": "binance", "fault": "429", "for_s": 3, …}``; venue may be ``"all"``."""
    name = str(body["fault"])
    if name not in FAULTS:
        raise UnknownNameError(f"fault must be one of {', '.join(FAULTS)}, was {name!r}")
    options = {k: v for k, v in body.items() if k not in ("venue", "fault", "for_s")}
    for venue in chosen(world, str(body["venue"])):
        venue.faults.begin(name, body.get("for_s"), options)
        if name in _BREAKING:
            venue.hub.reset()
    return {"fault": name}


def clear(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    """End the faults of a venue, or of all."""
    for venue in chosen(world, str(body.get("venue", "all"))):
        venue.faults.clear()
    return {}


def run_at(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do ``{"speed": 60}``: time goes on so fast from now on, or stands still at 0."""
    world.clock.run_at(float(body["speed"]))
    return {"now_ms": world.clock.now_ms()}


def burst(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do ``{"venue", "symbol", "liquidations": 1000, "trades": 500, "per_s": 1000}``."""
    venue, market = market_of(world, body)
    speed = venue.clock.speed
    start = venue.now_ms() + int(_LEAD_SECONDS * 1000 * speed)
    step = 1000 / float(body.get("per_s", 1000)) * speed
    times = [start + int(k * step) for k in range(int(body.get("liquidations", 0)))]
    trades = [start + int(k * step) for k in range(int(body.get("trades", 0)))]
    market.add_burst(_events(market, times, is_alike=bool(body.get("identical"))), trades)
    return {"first_ms": start, "last_ms": max([start, *times, *trades])}


def _events(market: Market, times: Sequence[int], *, is_alike: bool) -> list[Liquidation]:
    """Return events at times; those that are alike share them in tens and differ in nothing."""
    price = market.last_ticks(times[0]) if times else 0
    return [
        Liquidation(times[k - k % 10], 1, price, price, 5)
        if is_alike
        else Liquidation(time, 1 - k % 2 * 2, price + k % 7, price + k % 7, 1 + k % 11)
        for k, time in enumerate(times)
    ]


def correct_bar(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    """Do ``{"venue", "symbol", "bars_ago": 2, "close_by": 3, "volume_by": 7}``."""
    venue, market = market_of(world, body)
    ago = int(body.get("bars_ago", 1))
    open_ms = int(body.get("open_time_ms", (venue.now_ms() // MINUTE_MS - ago) * MINUTE_MS))
    market.correct(open_ms, int(body.get("close_by", 3)), int(body.get("volume_by", 7)))
    return candle_of(market, open_ms)


def chosen(world: WorldOfVenues, name: str) -> list[Venue]:
    """Return the venue of a name, or all."""
    if name == "all":
        return list(world.venues.values())
    if name not in world.venues:
        raise UnknownNameError(f"venue must be one of {', '.join(world.venues)}, was {name!r}")
    return [world.venues[name]]


def market_of(world: WorldOfVenues, body: Mapping[str, Any]) -> tuple[Venue, Market]:
    """Return the market that ``venue`` and ``symbol`` name."""
    (venue,) = chosen(world, str(body["venue"]))
    market = venue.of_coin(str(body["symbol"]))
    if market is None:
        raise UnknownNameError(f"symbol must be a coin that trades, was {body['symbol']!r}")
    return venue, market
