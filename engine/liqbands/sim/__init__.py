"""The simulated exchange: a market whose every position is known."""

from liqbands.sim.exchange import START_MS, Exchange, Quote
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
    "find_world",
    "record",
]
