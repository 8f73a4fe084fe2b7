"""One websocket from handshake to end."""

import asyncio
import contextlib

from aiohttp import WSMsgType, web
from tests.emulator.hub import Frame, Socket
from tests.emulator.venue import Venue


async def converse(venue: Venue, request: web.Request) -> web.StreamResponse:
    """Talk with a client until it goes."""
    ws = web.WebSocketResponse(autoping=False, compress=False)
    await ws.prepare(request)
    transport = request.transport
    if not isinstance(transport, asyncio.Transport):
        return ws
    socket = Socket(ws, transport)
    venue.counts.connections += 1
    venue.hub.sockets.add(socket)
    venue.fall_silent()
    writer = asyncio.create_task(socket.write())
    try:
        await _listen(venue, ws, socket)
    finally:
        venue.hub.sockets.discard(socket)
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            await writer
    return ws


async def _listen(venue: Venue, ws: web.WebSocketResponse, socket: Socket) -> None:
    async for message in ws:
        is_text = message.type == WSMsgType.TEXT
        answers = venue.dialect.command(venue, socket, message.data) if is_text else []
        for text in answers:
            socket.send(Frame("", text))
        if message.type == WSMsgType.PING:
            await socket.pong(message.data)
