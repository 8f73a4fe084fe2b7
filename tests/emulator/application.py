"""The web application: the venue's host is the first segment of every path."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from aiohttp import web
from tests.emulator.answers import Answer
from tests.emulator.control import add_control
from tests.emulator.conversation import converse
from tests.emulator.payload_venues import PayloadVenues
from tests.emulator.player import Player
from tests.emulator.refusals import mangled, refusal
from tests.emulator.venue import Venue
from tests.emulator.world import WorldOfVenues

_STUCK_SECONDS = 0.05


def make_application(world: WorldOfVenues, payloads: PayloadVenues) -> web.Application:
    """Return the application that serves a world, and the venues that were recorded once."""
    app = web.Application()
    add_control(app, world)
    hosts = {host: venue for venue in world.venues.values() for host in venue.facts.hosts}

    async def route(request: web.Request) -> web.StreamResponse:
        venue = hosts.get(request.match_info["host"])
        return await (_recorded(payloads, request) if venue is None else _serve(venue, request))

    app.router.add_route("*", "/{host}/{path:.*}", route)
    app.cleanup_ctx.append(_players(list(world.venues.values())))
    return app


def _players(
    venues: Sequence[Venue],
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(_app: web.Application) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(Player(venue).play()) for venue in venues]
        for task in tasks:
            task.add_done_callback(_report)
        yield
        for task in tasks:
            task.cancel()

    return run


def _report(task: "asyncio.Task[None]") -> None:
    """Show at once that a player failed; nobody waits for it."""
    if not task.cancelled() and task.exception():
        asyncio.get_running_loop().call_exception_handler(
            {"message": "a player failed", "exception": task.exception()}
        )


async def _serve(venue: Venue, request: web.Request) -> web.StreamResponse:
    path, faults = "/" + request.match_info["path"], venue.faults
    venue.counts.request(path)
    if request.transport and (faults.get("refuse") or faults.get("dead")):
        request.transport.abort()
        return web.Response()
    is_stream = request.headers.get("Upgrade", "").lower() == "websocket"
    no = refusal(venue.name, faults)
    if no is not None:
        return _response(no)
    if is_stream:
        return await converse(venue, request)
    while (silence := faults.get("silence")) and silence.options.get("rest"):
        await asyncio.sleep(_STUCK_SECONDS)
    query = {**request.query, **await _form(request)}
    answer = venue.dialect.rest(venue, path, query, request.headers)
    return _response(mangled(path, answer, faults))


async def _recorded(payloads: PayloadVenues, request: web.Request) -> web.Response:
    host, path = request.match_info["host"], "/" + request.match_info["path"]
    if not payloads.knows(host):
        return web.json_response({"error": f"no such host: {host}"}, status=404)
    body = await request.json() if request.can_read_body else {}
    return _response(payloads.answer(host, path, body))


async def _form(request: web.Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.post()).items()}


def _response(answer: Answer) -> web.Response:
    if not isinstance(answer.body, str):
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)
    return web.Response(
        text=answer.body,
        status=answer.status,
        headers=answer.headers,
        content_type=answer.content_type,
    )
