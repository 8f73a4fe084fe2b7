"""The door of the emulator: where it listens, and for how long it is shut."""

import asyncio

from aiohttp import web


class Listener:
    """Listens on a port of this machine; may be shut for a time, so that nobody gets in."""

    def __init__(self, runner: web.AppRunner, port: int) -> None:
        self._runner = runner
        self._port = port
        self._site: web.TCPSite | None = None
        self._opening: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """Return where it listens."""
        return self._port

    async def open(self) -> None:
        """Listen."""
        self._site = web.TCPSite(
            self._runner, "127.0.0.1", self._port, reuse_address=True, shutdown_timeout=0.5
        )
        await self._site.start()
        self._port = self._runner.addresses[0][1]

    async def shut_for(self, seconds: float) -> None:
        """Refuse connections for a time; returns at once."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
            self._opening = asyncio.create_task(self._open_after(seconds))

    async def _open_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.open()
