"""Order books that are told as a whole once and then by what changes, without a gap."""

from dataclasses import dataclass, field

from tests.emulator.market import Market
from tests.emulator.queries import book_levels

Levels = dict[int, int]


@dataclass(slots=True)
class Change:
    """What is new since the last change: lots by ticks, 0 where a level is gone."""

    before: int
    number: int
    bids: Levels
    asks: Levels


@dataclass(slots=True)
class OrderBookState:
    """A book as those who listen know it."""

    n_levels: int
    number: int = 0
    bids: Levels = field(default_factory=dict)
    asks: Levels = field(default_factory=dict)

    def renew(self, market: Market, now_ms: int) -> Change:
        """Bring it up to date and return what changed."""
        bids, asks = (dict(side) for side in book_levels(market, now_ms, self.n_levels))
        before, self.number = self.number, max(self.number + 1, now_ms)
        change = Change(before, self.number, _changed(self.bids, bids), _changed(self.asks, asks))
        self.bids, self.asks = bids, asks
        return change


def _changed(old: Levels, new: Levels) -> Levels:
    gone = dict.fromkeys(old.keys() - new.keys(), 0)
    return gone | {ticks: lots for ticks, lots in new.items() if old.get(ticks) != lots}


class OrderBooks:
    """The books of one venue by topic."""

    def __init__(self) -> None:
        self._books: dict[str, OrderBookState] = {}

    def known(self, topic: str, market: Market, now_ms: int, n_levels: int) -> OrderBookState:
        """Return a book as it was told last, as it is now when nobody was told."""
        if topic not in self._books:
            self._books[topic] = OrderBookState(n_levels)
            self._books[topic].renew(market, now_ms)
        return self._books[topic]
