"""Commands and questions to the emulator itself."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web
from tests.emulator.listener import Listener
from tests.emulator.market import Market
from tests.emulator.orders import (
    UnknownNameError,
    begin_fault,
    burst,
    clear,
    correct_bar,
    market_of,
    run_at,
)
from tests.emulator.truth import sent_trades, truth_of
from tests.emulator.venue import Venue
from tests.emulator.world import WorldOfVenues

LISTENER: Final = web.AppKey("listener", Listener)
_Order = Callable[[WorldOfVenues, Mapping[str, Any]], dict[str, Any]]


def _clock_skew(world: WorldOfVenues, body: Mapping[str, Any]) -> dict[str, Any]:
    return begin_fault(world, {**body, "fault": "clock_skew"})


_ORDERS: Final[dict[str, _Order]] = {
    "faults": begin_fault,
    "clear": clear,
    "burst": burst,
    "clock_skew": _clock_skew,
    "correct_bar": correct_bar,
    "speed": run_at,
}


def add_control(app: web.Application, world: WorldOfVenues) -> None:
    """Add the routes under /control."""

    async def truth(request: web.Request) -> web.Response:
        market, now = _market(world, request), world.clock.now_ms()
        limits = {"since": world.clock.start_ms, "until": now}
        since, until = (int(request.query.get(name, limits[name])) for name in limits)
        return web.json_response(truth_of(market, since, until, now))

    async def trades(request: web.Request) -> web.Response:
        market = _market(world, request)
        return web.json_response(sent_trades(market))

    async def counts(_: web.Request) -> web.Response:
        return web.json_response({name: _counts(one) for name, one in world.venues.items()})

    async def clock(_: web.Request) -> web.Response:
        body = {"now_ms": world.clock.now_ms(), "start_ms": world.clock.start_ms}
        return web.json_response({**body, "speed": world.clock.speed})

    app.router.add_get("/control/truth/{venue}/{symbol}", truth)
    app.router.add_get("/control/trades/{venue}/{symbol}", trades)
    app.router.add_get("/control/counts", counts)
    app.router.add_get("/control/clock", clock)
    for name, order in _ORDERS.items():
        app.router.add_post(f"/control/{name}", _route(world, order))


def _route(world: WorldOfVenues, order: _Order) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def do(request: web.Request) -> web.Response:
        body = await request.json()
        try:
            answer = order(world, body)
        except (UnknownNameError, KeyError) as error:
            raise _refusal(str(error)) from error
        if (body.get("fault"), body.get("venue")) == ("refuse", "all"):
            await request.app[LISTENER].shut_for(float(body["for_s"]))
        return web.json_response(answer)

    return do


def _counts(venue: Venue) -> dict[str, Any]:
    counts = venue.counts
    return {
        "requests": dict(counts.requests),
        "connections": counts.connections,
        "sockets": len(venue.hub.sockets),
        "most_per_second": counts.most_in(1.0),
        "faults": venue.faults.names(),
    }


def _market(world: WorldOfVenues, request: web.Request) -> Market:
    try:
        _, market = market_of(world, request.match_info)
    except UnknownNameError as error:
        raise _refusal(str(error)) from error
    return market


def _refusal(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": message}))
