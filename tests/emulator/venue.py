"""One emulated venue: its markets, its clock, who is connected, what is broken, what was asked."""

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.emulator.answers import Answer, Query
from tests.emulator.contracts import VenueFacts, find_coin
from tests.emulator.delivery import Delivery
from tests.emulator.faults import Faults
from tests.emulator.hub import Frame, Hub, Socket
from tests.emulator.market import Beat, Market
from tests.emulator.market_clock import MarketClock
from tests.emulator.order_books import OrderBooks

_KEPT_MOMENTS = 10_000


@dataclass(slots=True)
class Counts:
    """What a venue was asked, and when by the monotonic clock."""

    requests: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    connections: int = 0
    moments: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT_MOMENTS))

    def request(self, path: str) -> None:
        """Count a request."""
        self.requests[path] += 1
        self.moments.append(time.monotonic())

    def most_in(self, seconds: float) -> int:
        """Return the most requests within any stretch of so many seconds."""
        most, first = 0, 0
        moments = list(self.moments)
        for last, moment in enumerate(moments):
            while moments[first] < moment - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most


class Dialect(Protocol):
    """How a venue speaks."""

    def rest(self, venue: "Venue", path: str, query: Query, headers: Query) -> Answer:
        """Answer a request; the path begins with a slash and has no host."""
        ...

    def command(self, venue: "Venue", socket: Socket, text: str) -> list[str]:
        """Do what a client says on a socket, return what it is answered."""
        ...

    def frames(self, venue: "Venue", news: Sequence[tuple[Market, Beat]]) -> list[Frame]:
        """Return what goes out about what happened."""
        ...


class Venue:
    """A venue with all its state."""

    def __init__(
        self, facts: VenueFacts, dialect: Dialect, clock: MarketClock, markets: Sequence[Market]
    ) -> None:
        self.facts = facts
        self.dialect = dialect
        self.clock = clock
        self.markets = list(markets)
        self.hub = Hub()
        self.faults = Faults()
        self.counts = Counts()
        self.books = OrderBooks()
        self._delivery = Delivery(self.faults, len(facts.name))

    @property
    def name(self) -> str:
        """Return its key."""
        return self.facts.name

    def now_ms(self) -> int:
        """Return the true time of its market."""
        return self.clock.now_ms()

    def said_ms(self) -> int:
        """Return the time that it says it is."""
        return self.now_ms() + self.faults.skew_ms

    def find(self, wire_id: str) -> Market | None:
        """Return a listed market by its name on the wire, in either case of letters."""
        wanted = wire_id.upper()
        return next((m for m in self.listed() if m.contract.wire_id == wanted), None)

    def listed(self) -> list[Market]:
        """Return the markets that trade, under the names that they have now."""
        for market in self.markets:
            new_name = self.faults.new_name(market.contract.coin)
            if new_name != market.new_name:
                market.new_name = new_name
                market.contract = self.facts.contract(find_coin(market.contract.coin), new_name)
        return [m for m in self.markets if m.contract.coin != self.faults.delisted]

    def of_coin(self, coin: str) -> Market | None:
        """Return a coin's market, listed or not."""
        return next((m for m in self.markets if m.contract.coin == coin), None)

    def fall_silent(self) -> None:
        """While silence lasts, let every connection go dead; none comes back to life."""
        silence = self.faults.get("silence")
        if silence is not None:
            for socket in self.hub.sockets:
                socket.silent_about.add(str(silence.options.get("topics", "")))

    def publish(self, news: Sequence[tuple[Market, Beat]]) -> None:
        """Tell those who listen, as far as nothing is broken."""
        self.fall_silent()
        frames = self._delivery.of(self.dialect.frames(self, news))
        fault = self.faults.get("reset_mid_frame")
        if fault is None or not any(self.hub.has(frame.topic) for frame in frames):
            self.hub.publish(frames)
            return
        self.hub.break_off(frames)
        if not fault.options.get("again"):
            self.faults.end(fault.name)
