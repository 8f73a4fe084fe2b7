"""Everything on one machine: the feed and the web server on one store, kept alive."""

import logging
import time
from collections.abc import Callable
from typing import Final

from liqbands_server.running.address import base_url, is_ready, refuse_taken_port
from liqbands_server.running.children import Child, stop_all, watch
from liqbands_server.running.endings import StopRequest
from liqbands_server.running.logs import set_up_logging
from liqbands_server.running.store_lock import holding
from liqbands_server.settings import Settings
from liqbands_server.store.opening import open_store

APPLICATION: Final = "liqbands_server.web.app:create_app"
FEED: Final = "liqbands_server.running.feed_process:feed_store"
FILES: Final = "liqbands_server.running.found_files:import_found"
WEB: Final = "liqbands_server.running.web_server:serve_web"

SLOW_SECONDS: Final = 120.0
"""After so long a server that is not ready is spoken of."""

_WATCH_SECONDS: Final = 0.2
_log = logging.getLogger(__name__)


def run_everything(
    settings: Settings, announce: Callable[[str], None], application: str = APPLICATION
) -> None:
    """Feed the store and answer requests until told to stop.

    Parameters
    ----------
    settings : Settings
        The effective configuration.
    announce : callable
        Told the server's address once it answers.
    application : str
        ``module:function`` that makes the Flask application from the settings.

    Raises
    ------
    LiqbandsError
        If the store or the port is taken, or a process cannot be kept alive.
    """
    stopping = StopRequest()
    stopping.listen()
    set_up_logging(settings, "up")
    store = open_store(settings.store)
    with holding(store, base_url(settings)):
        store.close()
        refuse_taken_port(settings)
        children = [Child("web server", WEB, (settings, application))]
        if settings.simulated or settings.venues:
            children.append(Child("feed", FEED, (settings,)))
        try:
            _keep(children, settings, stopping, announce)
        finally:
            stop_all(children)
            _log.info("stopped")


def _keep(
    children: list[Child],
    settings: Settings,
    stopping: StopRequest,
    announce: Callable[[str], None],
) -> None:
    started = time.monotonic()
    ready = told = False
    while not stopping():
        watch(children, _WATCH_SECONDS)
        if not ready and is_ready(settings):
            ready = True
            announce(base_url(settings))
            if not settings.venues:
                children.append(Child("import", FILES, (settings,), once=True))
        if not (ready or told) and time.monotonic() - started > SLOW_SECONDS:
            told = True
            _log.warning("not ready yet: %s/readyz says why", base_url(settings))
