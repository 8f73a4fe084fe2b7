"""Which trades have been told already: after each subscription some venues begin with old ones."""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from liqbands_server.errors import WireError
from liqbands_server.feeds.records import FeedMarket
from liqbands_server.feeds.venues.shapes import shown

Told = TypeVar("Told")

KEPT: Final = 10_000
"""Names of trades that are kept of each market; no venue repeats more than 1,000."""


def trade_name(row: Mapping[str, Any], name: str) -> str:
    """Return what a venue calls a trade.

    Parameters
    ----------
    row : mapping
        Part of a frame.
    name : str
        Key.

    Returns
    -------
    str
        Not empty.

    Raises
    ------
    WireError
        If there is neither a word nor a whole number.

    Examples
    --------
    >>> trade_name({"tid": 981894269203506}, "tid")
    '981894269203506'
    """
    found = row.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise WireError(f"{name} must name a trade, was {shown(found)}")
    return str(found)


class ToldTrades:
    """The last trades of each market by name.

    Examples
    --------
    >>> from liqbands.instrument import Instrument
    >>> market = FeedMarket("x", "A/B:B", "AB", 1.0, Instrument("x", "A/B:B"))
    >>> told = ToldTrades()
    >>> told.new_ones(market, [("1", "first"), ("2", "second")])
    ['first', 'second']
    >>> told.new_ones(market, [("2", "second"), ("3", "third")])
    ['third']
    """

    def __init__(self) -> None:
        self._order: dict[str, deque[str]] = {}
        self._known: dict[str, set[str]] = {}

    def new_ones(self, market: FeedMarket, trades: Iterable[tuple[str, Told]]) -> list[Told]:
        """Return the trades that have not been told before, and remember them.

        Parameters
        ----------
        market : FeedMarket
            Whose.
        trades : iterable of tuple of str and object
            Name and trade.

        Returns
        -------
        list
            In the same order.
        """
        order = self._order.setdefault(market.wire_id, deque())
        known = self._known.setdefault(market.wire_id, set())
        found = []
        for name, trade in trades:
            if name not in known:
                known.add(name)
                order.append(name)
                found.append(trade)
            if len(order) > KEPT:
                known.discard(order.popleft())
        return found
