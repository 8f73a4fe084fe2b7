"""The simulated exchange: a market whose every position is known."""

from liqbands.sim.exchange import START_MS, Exchange, Quote
from liqbands.sim.feeds import (
    coarse_open_interest,
    open_interest_at_open,
    order_of_arrival,
    throttled,
    two_sided,
    with_gaps,
    with_liquidations,
    without_mark,
    without_taker_flow,
)
from liqbands.sim.recording import record
from liqbands.sim.records import Closings, Recording, TrueBook, VenueRecord
from liqbands.sim.world import Cohort, Crowd, Event, Prices, VenueSettings, World
from liqbands.sim.worlds import WORLDS, find_world

__all__ = [
    "START_MS",
    "WORLDS",
    "Closings",
    "Cohort",
    "Crowd",
    "Event",
    "Exchange",
    "Prices",
    "Quote",
    "Recording",
    "TrueBook",
    "VenueRecord",
    "VenueSettings",
    "World",
    "coarse_open_interest",
    "find_world",
    "open_interest_at_open",
    "order_of_arrival",
    "record",
    "throttled",
    "two_sided",
    "with_gaps",
    "with_liquidations",
    "without_mark",
    "without_taker_flow",
]
