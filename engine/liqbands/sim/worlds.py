"""Worlds as data: one base, and what each of the others changes in it.

`TRAINING` worlds may be used to fit; `HELD_OUT` worlds are for the scorecard alone, and the last
of them break assumptions that the model makes.
"""

from dataclasses import replace
from typing import Final

from liqbands.sim.world import (
    MENU,
    MID,
    RETAIL,
    WHALE,
    Cohort,
    Crowd,
    Event,
    Prices,
    VenueSettings,
    World,
)


def tilted(cohorts: tuple[Cohort, ...], slope: float) -> tuple[Cohort, ...]:
    """Return the same traders with another taste for leverage.

    Parameters
    ----------
    cohorts : tuple of Cohort
        Kinds of trader.
    slope : float
        Popularity is multiplied by ``(leverage / 10) ** slope``.

    Returns
    -------
    tuple of Cohort
        In the same order.

    Examples
    --------
    >>> tilted((RETAIL,), 0.0) == (RETAIL,)
    True
    """
    return tuple(
        replace(
            cohort,
            popularity=tuple(
                share * (leverage / 10) ** slope
                for share, leverage in zip(cohort.popularity, MENU, strict=True)
            ),
        )
        for cohort in cohorts
    )


_TRADERS: Final = (RETAIL, MID, WHALE)
_CRASH: Final = Event(day=35, minutes=40, move=-0.10, depth=0.15)
_SQUEEZE: Final = Event(day=35, minutes=180, move=0.08, depth=0.35)
_MANY_RETAIL: Final = tuple(
    replace(cohort, weight=weight)
    for cohort, weight in zip(_TRADERS, (0.93, 0.06, 0.01), strict=True)
)
_THREE_VENUES: Final = (
    VenueSettings("binance_usdm", share=0.5, basis=1e-4),
    VenueSettings("bybit", share=0.3, basis=-1e-4),
    VenueSettings("okx", share=0.2, basis=3e-4),
)

TRAINING: Final[tuple[World, ...]] = (
    World("base", "an ordinary market"),
    World("calm", "half the volatility, few jumps", Prices(daily_volatility=0.02, fat_tail=0.5)),
    World("trending", "up by 60 % in two months", Prices(drift=0.008, reversion=0.0)),
    World(
        "low-leverage",
        "traders use half the leverage",
        crowd=Crowd(tilted(_TRADERS, -0.6)),
    ),
    World(
        "high-leverage",
        "traders use twice the leverage",
        Prices(depth=100e6),
        Crowd(tilted(_TRADERS, 0.6)),
    ),
    World(
        "retail-heavy",
        "nearly all flow from small accounts",
        Prices(depth=25e6),
        Crowd(_MANY_RETAIL, orders_per_day=75_000),
    ),
)
"""Worlds to fit on."""

HELD_OUT: Final[tuple[World, ...]] = (
    World("crash", "10 % down in 40 minutes while depth is gone", event=_CRASH),
    World(
        "squeeze",
        "8 % up in three hours against a crowd of shorts",
        crowd=Crowd(long_bias=0.46),
        event=_SQUEEZE,
    ),
    World(
        "drifting-leverage",
        "leverage doubles within two months",
        crowd=Crowd(tilted(_TRADERS, -0.4), leverage_drift=0.9),
    ),
    World(
        "maker-heavy",
        "most open interest is hedged, most volume churn",
        crowd=Crowd(orders_per_day=40_000, hedged=1.2, churn=3.0),
    ),
    World(
        "patient",
        "misspecified: holding times do not depend on leverage, few stops",
        crowd=Crowd(
            tuple(replace(cohort, stops=0.1, holding_hours=16) for cohort in _TRADERS),
            orders_per_day=45_000,
            holding_exponent=0.0,
        ),
    ),
    World(
        "rescuers",
        "misspecified: most traders add margin, and nearly all use cross margin",
        crowd=Crowd(
            tuple(replace(cohort, cross=0.95, dilution=1.5) for cohort in _TRADERS),
            adds_margin=0.9,
        ),
    ),
)
"""Worlds that nothing was fitted on."""

NULLS: Final[tuple[World, ...]] = (
    World(
        "no-impact",
        "orders do not move prices",
        Prices(permanent_impact=0.0, transient_impact=0.0, daily_volatility=0.043),
    ),
    World(
        "double-impact",
        "orders move prices twice as far",
        Prices(permanent_impact=0.5, transient_impact=1.5, daily_volatility=0.03),
    ),
)
"""Worlds for the magnet test."""

OTHERS: Final[tuple[World, ...]] = (
    World("three-venues", "one coin on three venues with their own rules", venues=_THREE_VENUES),
    World(
        "live",
        "a market to watch: steps of a second",
        venues=(VenueSettings("simulated", "SIM/USDT:USDT"),),
        step_ms=1000,
    ),
)
"""A market of several venues, and the one that demonstrations play live."""

WORLDS: Final = TRAINING + HELD_OUT + NULLS + OTHERS


def find_world(name: str) -> World:
    """Return a world by name.

    Parameters
    ----------
    name : str
        E.g. ``"crash"``.

    Returns
    -------
    World
        The one of that name.

    Raises
    ------
    ValueError
        If there is none.

    Examples
    --------
    >>> find_world("crash").event.minutes
    40
    """
    for world in WORLDS:
        if world.name == name:
            return world
    known = ", ".join(world.name for world in WORLDS)
    raise ValueError(f"world must be one of {known}, was {name!r}")
