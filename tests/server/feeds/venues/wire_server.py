"""A venue on this machine that gives prepared answers, asked by ccxt itself."""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from liqbands_server.feeds.gateway import through_gateway
from liqbands_server.feeds.venues.border import Exchange, VenueBorder

Answers = Mapping[str, Any]
Asked = list[tuple[str, dict[str, str]]]
Found = TypeVar("Found")
_SECONDS = 10.0


def ask(
    border: VenueBorder, answers: Answers, question: Callable[[Exchange], Awaitable[Found]]
) -> tuple[Found, Asked]:
    """Return what a border makes of answers by path, and what it asked for."""

    async def asked() -> tuple[Found, Asked]:
        server = WireServer(answers)
        async with server.serving() as port, exchange_at(border, port) as exchange:
            return await asyncio.wait_for(question(exchange), _SECONDS), server.asked

    return asyncio.run(asked())


def exchange_class(border: VenueBorder) -> Any:
    """Return the class of ccxt.pro that a border names."""
    return getattr(importlib.import_module("ccxt.pro"), border.exchange_name)


@asynccontextmanager
async def exchange_at(border: VenueBorder, port: int, **options: Any) -> AsyncIterator[Exchange]:
    """Yield ccxt's own exchange whose venue is at a port of this machine."""
    settings = {**border.exchange_options, "enableRateLimit": False, "timeout": 5000, **options}
    exchange = exchange_class(border)(settings)
    exchange.has["fetchCurrencies"] = False
    exchange.timeout_on_exit = 0
    exchange.urls["api"] = through_gateway(exchange.urls["api"], f"http://127.0.0.1:{port}")
    try:
        yield exchange
    finally:
        await exchange.close()


class WireServer:
    """Answers by path, and keeps what it was asked for and told.

    Parameters
    ----------
    answers : mapping
        JSON by path without the host; a function is called with the query.  Where questions are
        posted, their type follows the path: ``"/info meta"``.
    speak : callable, optional
        Returns the frames that follow what a websocket was told.
    """

    def __init__(
        self, answers: Answers, speak: Callable[[Any], Sequence[Any]] = lambda _: ()
    ) -> None:
        self._answers = answers
        self._speak = speak
        self.asked: Asked = []
        self.told: list[tuple[str, Any]] = []

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Yield the port while it serves."""
        app = web.Application()
        app.router.add_route("*", "/{host}/{path:.*}", self._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._listen(request, path)
        query = dict(request.query)
        if request.method == "POST":  # questions that differ only in their body
            query = await request.json()
            path = f"{path} {query['type']}"
        self.asked.append((path, query))
        if path not in self._answers:
            return web.json_response({"code": -1, "msg": "no such path"}, status=404)
        answer = self._answers[path]
        return web.json_response(answer(query) if callable(answer) else answer)

    async def _listen(self, request: web.Request, path: str) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                told = json.loads(message.data)
                self.told.append((path, told))
                for frame in self._speak(told):
                    await socket.send_json(frame)
        return socket
