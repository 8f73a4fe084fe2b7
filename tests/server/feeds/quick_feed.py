"""A feed process that waits sixty times less, for emulated venues whose hour is a minute."""

import logging
import sys
from typing import Final

from liqbands_server.feeds.following import follow_venues
from liqbands_server.feeds.patience import Patience
from liqbands_server.running.endings import StopRequest
from liqbands_server.settings import load_settings
from liqbands_server.store.opening import open_store

QUICK: Final = Patience(
    first_pause=0.05,
    longest_pause=0.5,
    steady=1.0,
    throttled=0.5,
    banned=1.0,
    silence=0.08,
    keep_alive=3.0,
    answer=2.0,
    poll=1 / 60,
    courtesy=1 / 30,
    tick=0.25,
    down=1.0,
)


def main() -> None:
    """Follow the venues of the environment's settings until told to stop."""
    stopping = StopRequest()
    stopping.listen()
    logging.basicConfig(level=sys.argv[1] if len(sys.argv) > 1 else "WARNING")
    settings = load_settings({})
    store = open_store(settings.store)
    follow_venues(settings, store, stopping, QUICK)
    store.close()


if __name__ == "__main__":
    main()
