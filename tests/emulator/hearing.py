"""A bare websocket client: hears what a venue says, for tests of the emulator itself."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Any, Final

import aiohttp

_PATHS: Final = {
    "binance": "fstream.binance.com/market/ws/1",
    "bybit": "stream.bybit.com/v5/public/linear",
    "okx": "ws.okx.com/ws/v5/public",
}


async def connect(
    session: aiohttp.ClientSession, gateway: str, venue: str, topics: Sequence[str]
) -> aiohttp.ClientWebSocketResponse:
    """Return a socket that has subscribed; topics of OKX are ``channel:instrument``."""
    ws = await session.ws_connect(f"{gateway}/{_PATHS[venue]}")
    await ws.send_json(_subscription(venue, topics))
    return ws


def _subscription(venue: str, topics: Sequence[str]) -> dict[str, Any]:
    if venue == "binance":
        return {"method": "SUBSCRIBE", "params": list(topics), "id": 1}
    if venue == "bybit":
        return {"op": "subscribe", "args": list(topics), "req_id": "1"}
    pairs = [topic.split(":") for topic in topics]
    args = [
        {"channel": channel, "instType" if name == "SWAP" else "instId": name}
        for channel, name in pairs
    ]
    return {"op": "subscribe", "args": args}


async def heard(gateway: str, venue: str, topics: Sequence[str], seconds: float) -> list[str]:
    """Return the texts that arrive within some seconds, until the connection ends."""
    texts: list[str] = []
    async with aiohttp.ClientSession() as session:
        ws = await connect(session, gateway, venue, topics)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (message := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
                    texts.append(message.data)
        await ws.close()
    return texts


def parsed(texts: Sequence[str]) -> list[Any]:
    """Return those that are JSON."""
    found = []
    for text in texts:
        with contextlib.suppress(json.JSONDecodeError):
            found.append(json.loads(text))
    return found
