"""Who listens to what: sockets, their topics, and frames on their way out."""

import asyncio
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp import WSCloseCode, web
from tests.emulator.market_clock import wall_ms
from tests.emulator.tape import Sent

_MOST_WAITING = 100_000


@dataclass(slots=True)
class Frame:
    """A text on its way, and the events in it whose departure is noted."""

    topic: str
    text: str
    events: Sequence[Sent] = ()


class Socket:
    """A connected client; a task of its own writes, so that none waits for another.

    `silent_about` are parts of topics: it hears no more about them; with ``""`` nothing at all.
    """

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.topics: set[str] = set()
        self.silent_about: set[str] = set()
        self._ws = ws
        self._transport = transport
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue(_MOST_WAITING)

    def send(self, frame: Frame) -> None:
        """Put a frame into the queue; who takes nothing for long is let go."""
        if any(part in frame.topic for part in self.silent_about):
            return
        if self._waiting.full():
            self.reset()
        else:
            self._waiting.put_nowait(frame)

    async def write(self) -> None:
        """Write what is in the queue, for ever."""
        while True:
            frame = await self._waiting.get()
            left = wall_ms()
            await self._ws.send_str(frame.text)
            for event in frame.events:
                event.note(left)

    async def pong(self, payload: bytes) -> None:
        """Answer a ping of the protocol."""
        if "" not in self.silent_about:
            await self._ws.pong(payload)

    def reset(self, text: str = "") -> None:
        """Break the connection, after half of a frame if there is one."""
        whole = text.encode()
        if whole:
            size = struct.pack("!BBH", 0x81, 126, max(len(whole), 126))
            self._transport.write(size + whole[: len(whole) // 2])
        self._transport.abort()

    async def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Close in good order."""
        await self._ws.close(code=code)


class Hub:
    """The sockets of one venue."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()

    def topics(self) -> set[str]:
        """Return all to which somebody listens."""
        return set().union(*(socket.topics for socket in self.sockets))

    def has(self, topic: str) -> bool:
        """Return whether anybody listens."""
        return any(topic in socket.topics for socket in self.sockets)

    def break_off(self, frames: Sequence[Frame]) -> None:
        """Reset every connection in the middle of a frame."""
        for socket in list(self.sockets):
            wanted = [frame.text for frame in frames if frame.topic in socket.topics]
            if wanted:
                socket.reset(wanted[0])

    def reset(self) -> None:
        """Break all connections."""
        for socket in list(self.sockets):
            socket.reset()

    def publish(self, frames: Iterable[Frame]) -> None:
        """Send frames to those who listen."""
        for frame in frames:
            for socket in self.sockets:
                if frame.topic in socket.topics:
                    socket.send(frame)
