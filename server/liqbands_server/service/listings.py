"""What a chart can ask for: every instrument of the store, and each coin over all its venues."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from liqbands.instrument import Instrument, MarketKind
from liqbands_server.errors import QuestionError
from liqbands_server.service.resolutions import Resolution, resolutions_from
from liqbands_server.store.instruments import StoredInstrument

ALL: Final = "ALL"
"""Venue of listings that stand for several venues."""

_KINDS: Final = {
    MarketKind.PERPETUAL: "crypto",
    MarketKind.SPOT: "crypto",
    MarketKind.FOREX: "forex",
    MarketKind.STOCK: "stock",
}
_MOST_DECIMALS: Final = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of the symbol search.

    Parameters
    ----------
    ticker : str
        E.g. ``"BINANCE:BTCUSDT.P"`` or ``"ALL:BTCUSD.P"``.
    description : str
        For people, e.g. ``"BTC/USDT perpetual on binance"``.
    members : tuple of StoredInstrument
        The instruments behind it, the reference (whose prices are shown) first.
    """

    ticker: str
    description: str
    members: tuple[StoredInstrument, ...]

    @property
    def reference(self) -> StoredInstrument:
        """Return the instrument whose prices are shown."""
        return self.members[0]

    @property
    def instrument(self) -> Instrument:
        """Return what is traded, of the reference."""
        return self.reference.instrument

    @property
    def is_aggregate(self) -> bool:
        """Return whether it stands for several venues."""
        return len(self.members) > 1

    @property
    def simulated(self) -> bool:
        """Return whether any part of it is no real market."""
        return any(member.simulated for member in self.members)

    @property
    def name(self) -> str:
        """Return the ticker without its venue."""
        return self.ticker.split(":", maxsplit=1)[1]

    @property
    def venue(self) -> str:
        """Return the ticker's venue, in capitals."""
        return self.ticker.split(":", maxsplit=1)[0]

    @property
    def kind(self) -> str:
        """Return TradingView's word for the kind of market."""
        return _KINDS[self.instrument.market]

    @property
    def base_ms(self) -> int:
        """Return the length of the bars that all members have, the longest base of any."""
        return max(member.base.timeframe_ms for member in self.members)

    @property
    def resolutions(self) -> tuple[Resolution, ...]:
        """Return the bar lengths that can be asked for, shortest first."""
        return resolutions_from(self.base_ms)

    def price_scale(self, last_price: float) -> int:
        """Return how many price steps make one unit of the quote currency.

        Parameters
        ----------
        last_price : float
            Used where the tick size is not known: six significant digits then.

        Returns
        -------
        int
            A power of ten, at least 1.
        """
        tick = self.instrument.tick_size
        if tick is not None:
            decimals = next(
                (n for n in range(_MOST_DECIMALS) if math.isclose(tick, round(tick, n))), 0
            )
        else:
            decimals = 5 - math.floor(math.log10(last_price))
        return int(10 ** min(max(decimals, 0), _MOST_DECIMALS))


def list_all(instruments: Sequence[StoredInstrument]) -> tuple[Listing, ...]:
    """Return what can be asked for.

    Parameters
    ----------
    instruments : sequence of StoredInstrument
        What the store holds; those without candles are left out.

    Returns
    -------
    tuple of Listing
        Instruments in order of entry, then one for each coin with perpetuals of several venues.
    """
    ready = [stored for stored in instruments if stored.series]
    single = [Listing(stored.ticker, _describe(stored), (stored,)) for stored in ready]
    by_coin: dict[str, list[StoredInstrument]] = defaultdict(list)
    for stored in ready:
        base = _base_coin(stored)
        if base and not stored.simulated:
            by_coin[base].append(stored)
    together = [
        Listing(f"{ALL}:{base}USD.P", f"{base} perpetuals of {_venues(members)}", tuple(members))
        for base, members in by_coin.items()
        if len(members) > 1
    ]
    return (*single, *together)


def only_venues(listing: Listing, venues: Sequence[str]) -> Listing:
    """Return a listing with some of its venues only.

    Parameters
    ----------
    listing : Listing
        Usually an aggregate.
    venues : sequence of str
        Keys of venues in lower case, each at least once.

    Returns
    -------
    Listing
        With the members wanted, in the listing's own order.

    Raises
    ------
    QuestionError
        If it has no such venue.
    """
    known = [member.instrument.venue for member in listing.members]
    for venue in venues:
        if venue not in known:
            raise QuestionError(
                f"venues of {listing.ticker} must be among {', '.join(known)}, was {venue[:32]!r}",
                "venues",
            )
    chosen = tuple(member for member in listing.members if member.instrument.venue in venues)
    return replace(listing, members=chosen)


def _base_coin(stored: StoredInstrument) -> str:
    """Return the coin of a perpetual, empty for anything else."""
    if stored.instrument.market is not MarketKind.PERPETUAL or "/" not in stored.instrument.symbol:
        return ""
    return stored.instrument.symbol.split("/", maxsplit=1)[0].upper()


def _describe(stored: StoredInstrument) -> str:
    pair = stored.instrument.symbol.split(":", maxsplit=1)[0]
    kind = stored.instrument.market.value
    venue = "simulated exchange" if stored.simulated else stored.instrument.venue
    return f"{pair} {kind} on {venue}"


def _venues(members: Sequence[StoredInstrument]) -> str:
    return ", ".join(dict.fromkeys(member.instrument.venue for member in members))
