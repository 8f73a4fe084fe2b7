"""The process that feeds the store: live venues, or the simulated market."""

from liqbands_server.live.background import InBackground
from liqbands_server.live.clock import WallClock
from liqbands_server.live.feed import Plan, SimulatedFeed
from liqbands_server.running.endings import StopRequest
from liqbands_server.running.logs import set_up_logging
from liqbands_server.service.band_keeper import BandKeepers
from liqbands_server.settings import Settings
from liqbands_server.store.opening import open_store
from liqbands_server.store.store import Store


def feed_store(settings: Settings) -> None:
    """Feed the store until told to stop, from venues where there are any in the settings.

    Parameters
    ----------
    settings : Settings
        The effective configuration.
    """
    stopping = StopRequest()
    stopping.listen()
    set_up_logging(settings, "feed")
    store = open_store(settings.store)
    if settings.venues:
        from liqbands_server.feeds.following import follow_venues  # slow: ccxt

        follow_venues(settings, store, stopping)
    else:
        _play_simulated(settings, store, stopping)
    store.close()


def _play_simulated(settings: Settings, store: Store, stopping: StopRequest) -> None:
    plan = Plan(settings.simulated_seed, settings.simulated_days)
    clock = WallClock(stopping)
    bands = InBackground(BandKeepers(clock=clock.now_ms).keep)
    SimulatedFeed(store, clock, plan, bands.keep).run()
