"""Which markets of a venue are followed, as instruments of the store."""

import logging
import time
from collections.abc import Sequence
from typing import Final

from liqbands.instrument import Instrument
from liqbands_server.errors import FeedError, StoreError
from liqbands_server.feeds.health_board import HealthBoard
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.usual_symbols import usual_instrument
from liqbands_server.feeds.venues.border import VenueBorder
from liqbands_server.feeds.writer import Writer
from liqbands_server.store.instruments import StoredInstrument, add_instrument

_LOG_SECONDS: Final = 60.0
_log = logging.getLogger(__name__)


class VenueMarkets:
    """The markets of one venue, those that are followed and those that should be.

    Parameters
    ----------
    border : VenueBorder
        What is particular to the venue.
    coins : sequence of str
        Whose perpetuals are wanted.
    writer : Writer
        Of the store.
    board : HealthBoard
        Told of what is missing.
    patience : Patience
        How long a venue may be silent before it has failed.

    Attributes
    ----------
    feeds : dict of str to MarketFeed
        By wire id.
    are_all_listed : bool
        Whether each coin has one.
    """

    def __init__(
        self,
        border: VenueBorder,
        coins: Sequence[str],
        writer: Writer,
        board: HealthBoard,
        patience: Patience,
    ) -> None:
        self._border = border
        self._coins = coins
        self._writer = writer
        self._board = board
        self._patience = patience
        self._began = time.monotonic()
        self._told_at = -_LOG_SECONDS
        self.feeds: dict[str, MarketFeed] = {}
        self.are_all_listed = False

    async def enter(self, markets: Sequence[FeedMarket]) -> None:
        """Enter the markets that are listed, and say which of those wanted are not.

        Parameters
        ----------
        markets : sequence of FeedMarket
            As the venue lists them now.
        """
        before, self.feeds = self.feeds, {}
        for market in markets:
            known = before.pop(market.wire_id, None)
            if known is not None and known.market == market:
                self.feeds[market.wire_id] = known
            elif (stored := await self._stored(market.instrument)) is not None:
                settle = self._patience.settle
                self.feeds[market.wire_id] = MarketFeed(market, stored, self._writer, settle)
        for feed in before.values():
            await self._say_failed(feed.stored, f"{self._border.feed} no longer lists it")
        await self._say_unlisted()

    async def say_unreachable(self, error: FeedError) -> None:
        """Say of every market wanted that the venue cannot be reached.

        Parameters
        ----------
        error : FeedError
            Why not.
        """
        if time.monotonic() - self._told_at > _LOG_SECONDS:
            self._told_at = time.monotonic()
            _log.warning("%s", error)
        is_down = time.monotonic() - self._began > self._patience.down
        stored = [feed.stored for feed in self.feeds.values()] or [
            found for coin in self._coins if (found := await self._usual(coin)) is not None
        ]
        for one in stored:
            await self._board.say_of_all(one.id, "failed" if is_down else "starting", str(error))

    async def _say_unlisted(self) -> None:
        symbols = [feed.market.symbol for feed in self.feeds.values()]
        listed = {*symbols, *(symbol.split("/", maxsplit=1)[0] for symbol in symbols)}
        missed = [coin for coin in self._coins if coin not in listed]
        self.are_all_listed = not missed
        for coin in missed:
            stored = await self._usual(coin)
            if stored is not None:
                message = f"{self._border.feed} lists no perpetual of {coin}"
                await self._say_failed(stored, message)

    async def _say_failed(self, stored: StoredInstrument, message: str) -> None:
        _log.warning("%s: %s", stored.ticker, message)
        await self._board.say_of_all(stored.id, "failed", message)

    async def _usual(self, coin: str) -> StoredInstrument | None:
        return await self._stored(usual_instrument(self._border, coin))

    async def _stored(self, instrument: Instrument) -> StoredInstrument | None:
        try:
            return await self._writer.commit(
                lambda connection: add_instrument(connection, instrument)
            )
        except StoreError as error:
            _log.error("%s of %s is left out: %s", instrument.symbol, self._border.feed, error)
            return None
