"""All venues of one process: each followed for itself, all writing into one store."""

import asyncio
import gc
import logging
from collections.abc import Callable
from typing import Any, Final

from liqbands_server.feeds.band_work import BandWork
from liqbands_server.feeds.patience import Patience, Pauses
from liqbands_server.feeds.progress import FetchProgress
from liqbands_server.feeds.together import until_first_ends
from liqbands_server.feeds.venue_feed import FeedPlan, VenueFeed
from liqbands_server.feeds.venues.registry import find_border
from liqbands_server.feeds.writer import Writer, now_ms
from liqbands_server.service.band_keeper import BandKeepers
from liqbands_server.settings import Settings
from liqbands_server.store.store import Store

_LOOK_SECONDS: Final = 0.1
_log = logging.getLogger(__name__)


def follow_venues(
    settings: Settings,
    store: Store,
    stopping: Callable[[], bool],
    patience: Patience | None = None,
) -> None:
    """Follow the venues of the settings until told to stop.

    Parameters
    ----------
    settings : Settings
        Venues, symbols, days of history, gateway, keys.
    store : Store
        Where to.
    stopping : callable
        Says whether to stop; asked ten times a second.
    patience : Patience, optional
        How long is waited for what.

    Raises
    ------
    SQLAlchemyError
        If the store refuses what is written.
    """
    plan = FeedPlan(
        settings.symbols,
        settings.feed_days,
        settings.feed_gateway,
        _keys(settings),
        patience or Patience(),
        settings.hyperliquid_addresses,
    )
    asyncio.run(_follow(settings.venues, plan, store, stopping))
    gc.freeze()  # else the process ends seconds later, after a look at all that ccxt has made


async def _follow(
    venues: tuple[str, ...], plan: FeedPlan, store: Store, stopping: Callable[[], bool]
) -> None:
    asyncio.get_running_loop().set_exception_handler(_log_stray)
    bands = BandWork(store, BandKeepers(clock=now_ms).keep)
    writer = Writer(store, bands.want)
    progress = FetchProgress()
    feeds = [VenueFeed(find_border(venue), plan, writer, progress) for venue in venues]
    try:
        await until_first_ends(
            [
                _until_asked(stopping),
                writer.run(),
                *(_keep_alive(feed, venue) for feed, venue in zip(feeds, venues, strict=True)),
            ]
        )
    finally:
        progress.stop()
        bands.stop()
        for feed in feeds:
            feed.say_stopped()
        await writer.close()
    _log.info("stopped")


async def _until_asked(stopping: Callable[[], bool]) -> None:
    while not stopping():
        await asyncio.sleep(_LOOK_SECONDS)


async def _keep_alive(feed: VenueFeed, venue: str) -> None:
    """Follow a venue; begin again whatever happens, for the others must not notice."""
    pauses = Pauses(Patience(first_pause=2.0))
    while True:
        running = asyncio.ensure_future(feed.run())
        try:
            await asyncio.wait({running})
        finally:
            running.cancel()
            await asyncio.wait({running})
        _log.error("%s failed and is begun again", venue, exc_info=running.exception())
        await asyncio.sleep(pauses.next())


def _keys(settings: Settings) -> dict[str, dict[str, Any]]:
    if not settings.binance_key:
        return {}
    keys = {"apiKey": settings.binance_key, "secret": settings.binance_secret}
    return {"binance": keys, "binancecoinm": keys}


def _log_stray(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what libraries leave behind in their callbacks; no venue is lost by it."""
    _log.debug("%s", context.get("message"), exc_info=context.get("exception"))
