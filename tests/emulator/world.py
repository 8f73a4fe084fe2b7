"""Everything that is emulated: one market by chance, from files or simulated, on three venues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.emulator.contracts import VENUES, VenueFacts, find_coin
from tests.emulator.dialects import DIALECTS
from tests.emulator.market import Market
from tests.emulator.market_clock import MarketClock
from tests.emulator.minutes import CoinMinutes, minutes_of
from tests.emulator.venue import Venue


@dataclass(frozen=True)
class WorldOfVenues:
    """The venues by name, and the clock that they share."""

    clock: MarketClock
    venues: Mapping[str, Venue]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much happens: trades per market and minute; all chance comes from the seed."""

    seed: int
    trades_per_minute: int


def make_world(coins: Mapping[str, CoinMinutes], clock: MarketClock, scale: Scale) -> WorldOfVenues:
    """Return the venues on which the coins trade."""
    venues = {
        facts.name: Venue(facts, DIALECTS[facts.name], clock, _markets(coins, facts, number, scale))
        for number, facts in enumerate(VENUES)
    }
    return WorldOfVenues(clock, venues)


def _markets(
    coins: Mapping[str, CoinMinutes], facts: VenueFacts, number: int, scale: Scale
) -> Sequence[Market]:
    markets = []
    for k, (name, minutes) in enumerate(coins.items()):
        contract = facts.contract(find_coin(name))
        bars = minutes_of(minutes, contract, facts, scale.trades_per_minute)
        seed = (scale.seed, number, k)
        markets.append(Market(contract, bars, seed, scale.trades_per_minute))
    return markets
