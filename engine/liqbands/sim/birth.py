"""Turns a world into the arrays of a running exchange."""

import math
from typing import Final

import numpy as np

from liqbands.instrument import ContractKind, FloatArray, Instrument
from liqbands.margin.tier_files import find_table, generic_table
from liqbands.margin.tiers import TierTable
from liqbands.margin.venues import MarginMode, find_venue, rule_in_force
from liqbands.sim.kernel import layout as at
from liqbands.sim.kernel.layout import Market, Settings
from liqbands.sim.world import MENU, Cohort, VenueSettings, World
from liqbands.timeframes import DAY_MS

_N_ROWS: Final = 1 << 16
_N_BARS: Final = 2048
_NEVER_MS: Final = 2**62
_OTHER_FORMULAS: Final = ("deribit", "bitmex")  # rates that grow with the size, margin at entry


def instrument_of(settings: VenueSettings) -> Instrument:
    """Return the instrument that a venue of a world lists.

    Parameters
    ----------
    settings : VenueSettings
        The venue.

    Returns
    -------
    Instrument
        With contracts of size 1 and a tick of 0.1.
    """
    return Instrument(
        settings.venue, settings.symbol, contract_kind=settings.contract_kind, tick_size=0.1
    )


def settings_of(world: World, start_ms: int) -> Settings:
    """Return the bare numbers of a world.

    Parameters
    ----------
    world : World
        The world.
    start_ms : int
        When it begins, UTC milliseconds.

    Returns
    -------
    Settings
        What the compiled loops read.
    """
    event = world.event
    begins = start_ms + int(event.day * DAY_MS) if math.isfinite(event.day) else _NEVER_MS
    rates = {
        name: float(getattr(part, name))
        for part in (world.prices, world.crowd)
        for name in Settings._fields
        if hasattr(part, name)
    }
    return Settings(
        step_ms=world.step_ms,
        start_ms=start_ms,
        event_start_ms=begins,
        event_ms=int(event.minutes * at.MINUTE),
        event_move=float(event.move),
        event_depth=float(event.depth),
        **rates,
    )


def empty_market(world: World, start_ms: int) -> Market:
    """Return an exchange on which nobody has traded yet.

    Parameters
    ----------
    world : World
        The world.
    start_ms : int
        When it begins, UTC milliseconds.

    Returns
    -------
    Market
        Every array that the loops need.

    Raises
    ------
    ValueError
        If a venue liquidates by a formula that the loops do not know.
    """
    n_venues = len(world.venues)
    menu = np.array([cohort.popularity for cohort in world.crowd.cohorts], dtype=np.float64)
    market = Market(
        **_rows(_N_ROWS),
        heads=np.full(2 * n_venues * at.N_BINS + at.WHEEL_MINUTES, at.NONE),
        venue=np.zeros((n_venues, at.N_VENUE)),
        cash=np.zeros((n_venues, at.N_CASH)),
        rule=np.array([_rule(venue, world) for venue in world.venues]),
        tier=_tiers(world),
        cohort=_cohorts(world.crowd.cohorts),
        menu=menu,
        taste=menu.cumsum(axis=1),
        leverage=np.array(MENU),
        mood=np.zeros(len(MENU)),
        common=np.zeros(at.N_COMMON),
        minute=np.zeros((max(at.LOOK_BACKS), 3)),
        extreme=np.full((len(at.LOOK_BACKS), 2), world.prices.start),
        counter=np.zeros(at.N_COUNT, dtype=np.int64),
        bar=np.zeros((n_venues, at.N_BAR)),
        bars=np.zeros((n_venues, _N_BARS, at.N_BAR)),
    )
    _set_prices(market, world, start_ms)
    return market


def _rows(n_rows: int) -> dict[str, np.ndarray]:
    """Return the arrays whose length is the number of positions there is room for."""
    return {
        "number": np.zeros((n_rows, at.N_NUMBERS)),
        "label": np.zeros((n_rows, at.N_LABELS), dtype=np.int64),
        "link": np.full((4 * n_rows, 3), at.NONE),
        "free": np.arange(n_rows - 1, -1, -1),
        "fired": np.zeros(4 * n_rows, dtype=np.int64),
        "event": np.zeros((4 * n_rows, at.N_EVENT)),
    }


def with_more_rows(market: Market) -> Market:
    """Return the same exchange with twice the room for positions.

    Parameters
    ----------
    market : Market
        A running exchange.

    Returns
    -------
    Market
        Rows that were free stay free, in the same order, used before the new ones.
    """
    old = market.label.shape[0]
    grown = _rows(2 * old)
    for name in ("number", "label", "link", "event"):
        grown[name][: len(getattr(market, name))] = getattr(market, name)
    n_free = int(market.counter[at.N_FREE])
    grown["free"][:old] = np.arange(2 * old - 1, old - 1, -1)
    grown["free"][old : old + n_free] = market.free[:n_free]
    market.counter[at.N_FREE] = old + n_free
    return market._replace(**grown)


def _rule(venue: VenueSettings, world: World) -> FloatArray:
    found = find_venue(venue.venue, venue.contract_kind)
    table = _table(venue)
    rule = rule_in_force(found, venue.contract_kind, MarginMode.ISOLATED)[0]
    if rule.key.startswith(_OTHER_FORMULAS):
        raise ValueError(f"venue must liquidate by rate and deduction, was {venue.venue!r}")
    is_inverse = venue.contract_kind is ContractKind.INVERSE
    row = np.zeros(at.N_RULE)
    row[at.SHARE] = venue.share / sum(other.share for other in world.venues)
    row[at.TAKER_FEE] = found.taker_fee_rate or 0.0005
    row[at.INVERSE] = is_inverse
    row[at.FEE_IN_RULE] = found.taker_fee_rate if rule.key.startswith("fee_") else 0.0
    row[at.ENDOWMENT] = venue.endowment / (world.prices.start if is_inverse else 1.0)
    row[at.BASIS_MEAN] = venue.basis
    row[at.MAX_LEVERAGE] = table.max_leverage.max()
    row[at.BOUNDS_OF_SIZE] = table.bound_unit in ("contracts", "quote" if is_inverse else "base")
    return row


def _table(venue: VenueSettings) -> TierTable:
    file = find_venue(venue.venue, venue.contract_kind).tiers
    found = find_table(file, venue.symbol, venue.contract_kind)
    return found or generic_table(venue.contract_kind)


def _tiers(world: World) -> FloatArray:
    """Return the tiers of all venues, the shorter tables padded with their last row."""
    tables = [_table(venue) for venue in world.venues]
    n_tiers = max(len(table.upper) for table in tables)
    tiers = np.zeros((len(tables), n_tiers, at.N_TIER))
    for v, table in enumerate(tables):
        rows = np.minimum(np.arange(n_tiers), len(table.upper) - 1)
        unit = table.contract_size if table.bound_unit == "contracts" else 1.0
        tiers[v, :, at.UPPER] = unit * table.upper[rows]
        tiers[v, :, at.RATE] = table.maintenance_margin_rate[rows]
        tiers[v, :, at.DEDUCTION] = table.deduction[rows]
    return tiers


def _cohorts(cohorts: tuple[Cohort, ...]) -> FloatArray:
    whole = sum(cohort.weight for cohort in cohorts)
    return np.array(
        [
            (
                cohort.weight / whole,
                cohort.median_size,
                cohort.size_spread,
                cohort.cross,
                cohort.dilution,
                cohort.stops,
                cohort.targets,
                cohort.holding_hours,
                cohort.momentum,
                cohort.contrarian,
            )
            for cohort in cohorts
        ]
    )


def _set_prices(market: Market, world: World, start_ms: int) -> None:
    common, venue = market.common, market.venue
    common[[at.FAIR, at.SPOT, at.START_LOG]] = math.log(world.prices.start)
    common[[at.HEAT, at.UNREST]] = 1.0
    venue[:, at.BASIS] = venue[:, at.MEAN_BASIS] = market.rule[:, at.BASIS_MEAN]
    venue[:, at.LAST] = venue[:, at.MARK] = world.prices.start * np.exp(venue[:, at.BASIS])
    here = np.floor((np.log(venue[:, at.MARK]) - common[at.START_LOG] + at.REACH) / at.BIN)
    venue[:, at.FRONTIER_DOWN] = venue[:, at.FRONTIER_UP] = here
    market.counter[at.TIME_MS] = start_ms
    market.counter[at.N_FREE] = len(market.free)
    market.bar[:, [at.OPEN, at.HIGH, at.LOW]] = venue[:, [at.LAST]]
    market.bar[:, [at.MARK_HIGH, at.MARK_LOW]] = venue[:, [at.MARK]]
