"""Open positions of accounts that people name, where a venue tells of them in public.

They are kept apart from what is modelled: nothing here changes a book.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

from liqbands_server.errors import FeedError
from liqbands_server.feeds.asking import Asking
from liqbands_server.feeds.market_feed import MarketFeed
from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.polling import Polled
from liqbands_server.feeds.records import FeedMarket, HeldPosition
from liqbands_server.feeds.venues.border import Exchange, Stream
from liqbands_server.feeds.writer import Writer, now_ms
from liqbands_server.service.observed import shortened
from liqbands_server.store.observed import (
    ObservedPosition,
    forget_accounts,
    replace_positions,
)

ROUND_SECONDS: Final = 30.0
"""So often each account is asked about, if there are few."""

BETWEEN_SECONDS: Final = 1.0
"""Pause between two accounts; an answer costs a venue about as much as an order book."""

_log = logging.getLogger(__name__)


@runtime_checkable
class KnowsPositions(Protocol):
    """A border whose venue tells anybody what an account holds."""

    async def positions(
        self, exchange: Exchange, markets: Mapping[str, FeedMarket], account: str
    ) -> list[HeldPosition]:
        """Return what an account holds in some markets, by wire id."""
        ...


class PositionObserver:
    """Asks one venue about accounts, one after the other.

    Parameters
    ----------
    border : KnowsPositions
        Says how.
    exchange : Exchange
        Asked.
    asking : Asking
        Within the venue's limits.
    writer : Writer
        Of the store.
    patience : Patience
        Factor on the pace.

    Attributes
    ----------
    state : Polled
        How the asking is going.
    """

    def __init__(
        self,
        border: KnowsPositions,
        exchange: Exchange,
        asking: Asking,
        writer: Writer,
        patience: Patience,
    ) -> None:
        self._border = border
        self._exchange = exchange
        self._asking = asking
        self._writer = writer
        self._patience = patience
        self.state = Polled()

    async def run(
        self,
        feeds: Mapping[str, MarketFeed],
        accounts: Sequence[str],
        states: dict[tuple[str, Stream], Polled],
    ) -> None:
        """Ask about accounts, for ever.

        Parameters
        ----------
        feeds : mapping
            Markets that are followed, by wire id.
        accounts : sequence of str
            Addresses, in any case of letters.
        states : dict
            Told how it is going, by wire id and stream.
        """
        wanted = list(dict.fromkeys(account.lower() for account in accounts))
        states |= {(wire_id, "positions"): self.state for wire_id in feeds}
        ids = [feed.stored.id for feed in feeds.values()]
        await self._writer.commit(lambda connection: forget_accounts(connection, ids, wanted))
        between = BETWEEN_SECONDS * self._patience.courtesy
        while True:
            began = time.monotonic()
            for account in wanted:
                await self.observe(feeds, account)
                await asyncio.sleep(between)
            rest = ROUND_SECONDS * self._patience.poll - (time.monotonic() - began)
            await asyncio.sleep(max(rest, between))

    async def observe(self, feeds: Mapping[str, MarketFeed], account: str) -> None:
        """Ask about one account, and store what it holds; without an answer the old set stays.

        Parameters
        ----------
        feeds : mapping
            Markets that are followed, by wire id.
        account : str
            Its address.
        """
        markets = {wire_id: feed.market for wire_id, feed in feeds.items()}
        try:
            held = await self._asking.once(
                lambda: self._border.positions(self._exchange, markets, account)
            )
        except FeedError as error:
            _log.debug("positions of %s: %s", shortened(account), error)
            self.state.asked, self.state.reason = True, str(error)
            return
        seen_ms = now_ms()
        stored = [_stored(one, feeds, account, seen_ms) for one in held]
        ids = [feed.stored.id for feed in feeds.values()]
        await self._writer.commit(
            lambda connection: replace_positions(connection, account, ids, stored)
        )
        self.state.asked, self.state.reason = True, ""
        self.state.answered_at = time.monotonic()


def _stored(
    held: HeldPosition, feeds: Mapping[str, MarketFeed], account: str, seen_ms: int
) -> ObservedPosition:
    return ObservedPosition(
        instrument_id=feeds[held.market.wire_id].stored.id,
        account=account,
        side=held.side,
        contracts=held.quantity,
        entry_price=held.entry_price,
        liquidation_price=held.liquidation_price,
        seen_ms=seen_ms,
    )
