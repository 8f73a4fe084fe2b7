"""An application with the routes of a server's keeper only, for tests of its processes."""

import os
from collections.abc import Iterator

from flask import Flask, Response

from liqbands.parameters import Parameters
from liqbands_server.service.books import Books
from liqbands_server.service.feed_states import FeedStates
from liqbands_server.service.markets import Markets
from liqbands_server.service.watcher import Watcher
from liqbands_server.settings import Settings
from liqbands_server.store.store import Store
from liqbands_server.web.context import Context, put_context, wall_clock_ms
from liqbands_server.web.health import init_health
from liqbands_server.web.metrics import OPEN_STREAMS, init_metrics


def make_app(settings: Settings) -> Flask:
    """Return an application that tells its process and streams for ever."""
    app = Flask("tiny")
    markets = Markets(Store(settings.store))
    watcher = Watcher(markets)
    watcher.start()
    put_context(
        app.extensions,
        Context(
            markets, Books(Parameters()), watcher, settings, FeedStates(markets, wall_clock_ms)
        ),
    )
    init_metrics(app, {})
    init_health(app)
    app.get("/pid")(lambda: str(os.getpid()))
    app.get("/for-ever")(_stream)
    return app


def _stream() -> Response:
    def beats() -> Iterator[str]:
        with OPEN_STREAMS.track_inprogress():
            while True:
                yield "beat\n" * 1_000

    return Response(beats(), mimetype="text/event-stream")
