"""Simulated markets looked at now and then, and the worlds that the tests simulate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from liqbands.candles import Candles
from liqbands.instrument import ContractKind, FloatArray, Instrument
from liqbands.sim import (
    Closings,
    Event,
    Exchange,
    Prices,
    TrueBook,
    VenueSettings,
    World,
    find_world,
)
from liqbands.sim.kernel import layout as at

HOUR = 3_600_000
DAY = 24 * HOUR
START_PRICE = Prices().start
LONG, SHORT = 1, -1
PRICE_TRIGGERS = (at.LIQUIDATED, at.STOPPED, at.TOOK_PROFIT)
IntArray = NDArray[np.int64]
Flags = NDArray[np.bool_]

BASE = find_world("base")
THREE_VENUES = find_world("three-venues")
CRASH = replace(find_world("crash"), event=Event(day=1.2, minutes=40, move=-0.12, depth=0.15))
COLLAPSE = replace(
    BASE,
    name="collapse",
    event=Event(day=1.2, minutes=40, move=-0.25, depth=0.03),
    venues=(VenueSettings(endowment=1e5),),
)
"""Depth is nearly gone and the insurance fund small: winners are deleveraged."""
COINS = World(
    "coins",
    "coin-margined contracts, with and without fee in the rule",
    venues=(
        VenueSettings("binance_coinm", "BTC/USD:BTC", contract_kind=ContractKind.INVERSE),
        VenueSettings("bybit", "BTC/USD:BTC", contract_kind=ContractKind.INVERSE),
        VenueSettings("okx", "BTC/USD:BTC", contract_kind=ContractKind.INVERSE),
    ),
)
ELSEWHERE = World(
    "elsewhere",
    "prices that leave the start, on venues with tiers in contracts, coins and quote",
    Prices(drift=0.2, reversion=0.0),
    venues=(
        VenueSettings("okx"),
        VenueSettings("bitget"),
        VenueSettings("gate"),
        VenueSettings("hyperliquid", "BTC/USDC:USDC"),
    ),
)
MANY_WORLDS = (BASE, THREE_VENUES, CRASH, COLLAPSE, COINS, ELSEWHERE)


@dataclass(frozen=True, eq=False)
class Moment:
    """One venue at one moment: every live position, and what the venue itself keeps."""

    world: World
    instrument: Instrument
    number: FloatArray
    label: IntArray
    heads: IntArray
    venue: FloatArray
    cash: FloatArray
    rule: FloatArray
    open_interest: float
    book: TrueBook

    @property
    def side(self) -> IntArray:
        return self.label[:, at.SIDE]

    @property
    def size(self) -> FloatArray:
        return self.number[:, at.SIZE]

    @property
    def mark(self) -> float:
        return float(self.venue[at.MARK])

    @property
    def is_inverse(self) -> bool:
        return self.instrument.contract_kind is ContractKind.INVERSE

    def held(self, side: int) -> float:
        """Return the contracts of all traders of a side."""
        return float(self.size[self.side == side].sum())

    def unrealised(self, price: float) -> float:
        """Return what all traders would gain by closing at a price, settlement currency."""
        entry = self.number[:, at.ENTRY]
        gain = 1 / entry - 1 / price if self.is_inverse else price - entry
        return float((self.side * self.size * gain).sum())


def look(exchange: Exchange, v: int) -> Moment:
    """Return a venue as it is now."""
    market = exchange.market
    rows = np.flatnonzero((market.label[:, at.SIDE] != 0) & (market.label[:, at.VENUE] == v))
    return Moment(
        world=exchange.world,
        instrument=exchange.instrument(v),
        number=market.number[rows],
        label=market.label[rows],
        heads=market.link[:, at.HEAD].reshape(-1, 4)[rows],
        venue=market.venue[v].copy(),
        cash=market.cash[v].copy(),
        rule=market.rule[v].copy(),
        open_interest=exchange.quote(v).open_interest,
        book=exchange.true_book(v),
    )


def moments(world: World, seed: int = 3, every_ms: int = 9 * HOUR, n: int = 8) -> Iterator[Moment]:
    """Yield every venue of a world at regular moments."""
    exchange = Exchange(world, seed)
    for k in range(n):
        exchange.advance_to(exchange.start_ms + (k + 1) * every_ms)
        for v in range(len(world.venues)):
            yield look(exchange, v)


def reached_but_live(moment: Moment) -> Flags:
    """Return per position and kind of trigger whether the mark is beyond one that is still set."""
    levels = moment.number[:, at.LIQUIDATION : at.TARGET + 1]
    falls_to = (moment.side[:, np.newaxis] > 0) == (np.arange(3) != at.TOOK_PROFIT)
    beyond = np.where(falls_to, levels >= moment.mark, levels <= moment.mark)
    is_set: Flags = moment.heads[:, list(PRICE_TRIGGERS)] != at.NONE
    return is_set & beyond


@dataclass(frozen=True, eq=False)
class Watched:
    """What a venue gave out after its market had filled."""

    candles: Candles
    closings: Closings

    @property
    def days(self) -> float:
        return len(self.candles) / 1440

    @property
    def forced(self) -> Flags:
        is_forced: Flags = self.closings.kind == at.LIQUIDATED
        return is_forced

    @property
    def forced_quote(self) -> FloatArray:
        quote: FloatArray = (self.closings.contracts * self.closings.price)[self.forced]
        return quote

    @property
    def forced_share(self) -> float:
        """Return the share of open interest that is liquidated per day."""
        contracts = self.closings.contracts[self.forced].sum()
        return float(contracts / self.days / self.candles.open_interest.mean())

    @property
    def volatility(self) -> float:
        """Return the daily volatility, from hourly closes."""
        hourly = np.log(self.candles.close[59::60])
        return float(np.diff(hourly).std() * np.sqrt(24))


def watch(world: World, seed: int, days: float = 4, fills: float = 2) -> Watched:
    """Simulate a world; leave the days out in which it fills with positions."""
    exchange = Exchange(world, seed)
    exchange.advance_to(exchange.start_ms + int(fills * DAY))
    exchange.take_candles(0)
    exchange.take_closings(0)
    exchange.advance_to(exchange.start_ms + int((fills + days) * DAY))
    candles = exchange.take_candles(0)
    assert candles is not None
    return Watched(candles, exchange.take_closings(0))
