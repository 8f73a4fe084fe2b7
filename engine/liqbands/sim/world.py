"""What a simulated market is made of, as data: prices, crowd, venues, a scripted event.

Distances and volatilities are logarithmic, amounts quote currency unless said otherwise.
"""

from dataclasses import dataclass, field, fields
from typing import Final

from liqbands.instrument import ContractKind

MENU: Final = (1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 25.0, 33.0, 50.0, 75.0, 100.0, 125.0)
"""Nominal leverages that traders choose from."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """A kind of trader.

    Parameters
    ----------
    weight : float
        Share of the orders.
    median_size, size_spread : float
        Lognormal notional of an order.
    popularity : tuple of float
        Weights of the leverages of `MENU`.
    cross : float
        Share that backs a position with the whole account.
    dilution : float
        Median of the account's further wealth over the position's own margin.
    stops, targets : float
        Shares that set a stop loss and a take-profit.
    holding_hours : float
        Mean holding time at 10x; others hold longer or shorter by `Crowd.holding_exponent`.
    momentum, contrarian : float
        Shares that trade with and against the recent move; the rest is noise.
    """

    weight: float
    median_size: float
    size_spread: float
    popularity: tuple[float, ...]
    cross: float
    dilution: float
    stops: float
    targets: float
    holding_hours: float
    momentum: float
    contrarian: float

    def __post_init__(self) -> None:
        if len(self.popularity) != len(MENU) or not sum(self.popularity) > 0:
            raise ValueError(f"popularity must weigh {len(MENU)} leverages, was {self.popularity}")
        for name in ("weight", "cross", "stops", "targets", "momentum", "contrarian"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must be in [0, 1], was {value}")
        for name in ("median_size", "holding_hours"):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f"{name} must be positive, was {value}")


RETAIL: Final = Cohort(
    weight=0.74,
    median_size=1_500,
    size_spread=1.2,
    popularity=(1, 3, 6, 10, 4, 22, 6, 20, 14, 5, 26, 9, 13, 5),
    cross=0.55,
    dilution=0.35,
    stops=0.30,
    targets=0.5,
    holding_hours=12,
    momentum=0.40,
    contrarian=0.25,
)
MID: Final = Cohort(
    weight=0.23,
    median_size=12_000,
    size_spread=1.2,
    popularity=(3, 8, 16, 24, 7, 26, 8, 15, 8, 3, 7, 2, 1, 0),
    cross=0.70,
    dilution=0.4,
    stops=0.50,
    targets=0.5,
    holding_hours=17,
    momentum=0.35,
    contrarian=0.35,
)
WHALE: Final = Cohort(
    weight=0.03,
    median_size=150_000,
    size_spread=1.0,
    popularity=(4, 12, 26, 30, 9, 16, 4, 4, 1, 0, 0, 0, 0, 0),
    cross=0.85,
    dilution=0.6,
    stops=0.35,
    targets=0.5,
    holding_hours=24,
    momentum=0.30,
    contrarian=0.40,
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who trades, how much and in which mood.

    Parameters
    ----------
    cohorts : tuple of Cohort
        Kinds of trader; their weights are divided by their sum.
    orders_per_day : float
        New positions per day over all venues, at usual activity.
    long_bias : float
        Chance that an order without further reason is long.
    herding : float
        How far the slow common mood moves that chance.
    taker_share : float
        Share of voluntary orders that take liquidity and so move the price.
    churn : float
        Volume of market makers per day over open interest; it opens nothing.
    hedged : float
        Contracts held both ways by hedgers over the mean of longs and shorts.
    leverage_spread : float
        Standard deviation of each leverage's log popularity; it wanders over days.
    leverage_drift : float
        Tilt of popularity towards high leverage after 60 days, per log leverage.
    caution : float
        Tilt towards low leverage per unit of log volatility.
    adds_margin : float
        Share of isolated positions without stop whose trader adds margin once.
    holding_exponent : float
        How fast holding times fall with leverage; 0 is not at all.
    """

    cohorts: tuple[Cohort, ...] = (RETAIL, MID, WHALE)
    orders_per_day: float = 61_000
    long_bias: float = 0.53
    herding: float = 0.08
    taker_share: float = 0.7
    churn: float = 1.0
    hedged: float = 0.35
    leverage_spread: float = 0.35
    leverage_drift: float = 0.0
    caution: float = 0.5
    adds_margin: float = 0.25
    holding_exponent: float = 0.9


@dataclass(frozen=True, slots=True)
class Prices:
    """How the fair value moves and how orders move it.

    Parameters
    ----------
    start : float
        First price, quote per base.
    daily_volatility : float
        Usual standard deviation of a day, without the impact of orders.
    volatility_spread : float
        Standard deviation of the log of the slow regime.
    fat_tail : float
        The same of a minute's burst; it makes tails fat.
    jumps_per_day, jump_size : float
        Rate and standard deviation of jumps.
    drift : float
        Log return per day.
    reversion : float
        Share of the log distance from the start that is undone per day.
    daily_cycle : float
        Amplitude of the time of day in log volatility.
    depth : float
        Quote currency that moves all venues together by 1 %, in calm markets.
    permanent_impact, transient_impact : float
        Parts of that move that last and that decay.
    decay : float
        Half-life of the passing part, seconds.
    depth_shyness : float
        Depth falls with volatility to this power.
    """

    start: float = 50_000.0
    daily_volatility: float = 0.039
    volatility_spread: float = 0.25
    fat_tail: float = 0.65
    jumps_per_day: float = 2.0
    jump_size: float = 0.008
    drift: float = 0.0
    reversion: float = 0.004
    daily_cycle: float = 0.25
    depth: float = 65e6
    permanent_impact: float = 0.25
    transient_impact: float = 0.75
    decay: float = 240.0
    depth_shyness: float = 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """A scripted move, e.g. a crash, on top of everything else.

    Parameters
    ----------
    day : float
        When it begins, days after the start; infinite for never.
    minutes : float
        How long it takes.
    move : float
        Log move it adds.
    depth : float
        Factor on the depth while it lasts.
    """

    day: float = float("inf")
    minutes: float = 40.0
    move: float = 0.0
    depth: float = 1.0


@dataclass(frozen=True, slots=True)
class VenueSettings:
    """One venue of a world.

    Parameters
    ----------
    venue : str
        Key of the venue whose margin rule and tiers hold, e.g. ``"binance_usdm"``.
    symbol : str
        Unified symbol whose tiers hold.
    share : float
        Share of the orders; divided by the sum over venues.
    basis : float
        Mean log premium over the index.
    contract_kind : ContractKind
        Linear or inverse.
    endowment : float
        Insurance fund at the start, quote currency.
    """

    venue: str = "binance_usdm"
    symbol: str = "BTC/USDT:USDT"
    share: float = 1.0
    basis: float = 1e-4
    contract_kind: ContractKind = ContractKind.LINEAR
    endowment: float = 20e6


@dataclass(frozen=True, slots=True)
class World:
    """A whole simulated market.

    Parameters
    ----------
    name, summary : str
        Its key and one line for people.
    prices, crowd, event : Prices, Crowd, Event
        What happens.
    venues : tuple of VenueSettings
        Where.
    step_ms : int
        Length of a step, milliseconds; divides a minute.

    Raises
    ------
    ValueError
        If the step does not divide a minute, or there is no venue.
    """

    name: str
    summary: str
    prices: Prices = field(default_factory=Prices)
    crowd: Crowd = field(default_factory=Crowd)
    event: Event = field(default_factory=Event)
    venues: tuple[VenueSettings, ...] = (VenueSettings(),)
    step_ms: int = 10_000

    def __post_init__(self) -> None:
        if not (0 < self.step_ms <= 10_000 and 60_000 % self.step_ms == 0):
            raise ValueError(f"step_ms must divide a minute and be <= 10000, was {self.step_ms}")
        if not self.venues:
            raise ValueError("a world needs at least one venue, had none")
        for part in (self.prices, self.crowd):
            _refuse_negative(part)


_SIGNED = ("drift", "leverage_drift")


def _refuse_negative(part: Prices | Crowd) -> None:
    for item in fields(part):
        value = getattr(part, item.name)
        if isinstance(value, float | int) and value < 0 and item.name not in _SIGNED:
            raise ValueError(f"{item.name} must not be negative, was {value}")
