"""From settings to an application: the wiring diagram, and nothing else."""

from collections.abc import Callable
from typing import Final

from flask import Flask

import liqbands
from liqbands.parameters import Parameters
from liqbands_server.api import (
    bands,
    candle_pushes,
    candles,
    heatmap_route,
    liquidations,
    maps,
    observed,
    stream,
    summaries,
    symbols,
)
from liqbands_server.api.blueprints import init_api
from liqbands_server.api.stream import init_streams
from liqbands_server.mt5.routes import init_mt5
from liqbands_server.pine.routes import init_pine
from liqbands_server.service.books import Books
from liqbands_server.service.feed_states import FeedStates
from liqbands_server.service.markets import Markets
from liqbands_server.service.watcher import Watcher
from liqbands_server.settings import Settings, load_settings
from liqbands_server.store.opening import open_store
from liqbands_server.udf.blueprint import init_udf
from liqbands_server.web import chart_page, docs_page, front_page
from liqbands_server.web.caching import Answers, init_answers
from liqbands_server.web.context import Context, put_context, wall_clock_ms
from liqbands_server.web.errors import init_errors
from liqbands_server.web.feed_header import WithFeeds
from liqbands_server.web.headers import init_headers
from liqbands_server.web.health import init_health
from liqbands_server.web.limits import init_limits
from liqbands_server.web.metrics import count_replayed, init_metrics
from liqbands_server.web.replay import Replay

_TOPICS: Final = (
    symbols,
    candles,
    candle_pushes,
    heatmap_route,
    bands,
    maps,
    summaries,
    liquidations,
    observed,
    stream,
)
"""Of the HTTP API, in the order of the documentation."""


def create_app(
    settings: Settings | None = None, *, now_ms: Callable[[], int] = wall_clock_ms
) -> Flask:
    """Return the application of one web process.

    Parameters
    ----------
    settings : Settings, optional
        The effective configuration; None reads it.
    now_ms : callable
        The clock.

    Returns
    -------
    Flask
        With its own store connection and a running watcher: to be called in the process that
        answers, after any fork.

    Raises
    ------
    ConfigurationError
        If a setting is unknown or wrong.
    StoreError
        If the store cannot be opened.
    """
    effective = load_settings() if settings is None else settings
    context = _context(effective, now_ms)
    app = Flask("liqbands_server.web")
    answers = Answers()
    put_context(app.extensions, context)
    init_metrics(app, {"answers": answers.by_question})
    init_headers(app, effective.cors_origins)
    init_errors(app)
    init_limits(app, effective.max_body_bytes)
    init_answers(app, answers)
    init_streams(app, context)
    init_api(app, [topic.blueprint for topic in _TOPICS], liqbands.__version__)
    init_udf(app, effective.mounts)
    init_pine(app)
    init_mt5(app, context)
    init_health(app)
    app.register_blueprint(chart_page.blueprint)
    app.register_blueprint(front_page.blueprint)
    app.register_blueprint(docs_page.blueprint)
    if "*" in effective.cors_origins:
        app.wsgi_app = Replay(app.wsgi_app, count_replayed)  # type: ignore[method-assign]  # WSGI
    app.wsgi_app = WithFeeds(app.wsgi_app, context.feeds.now)  # type: ignore[method-assign]  # WSGI
    context.watcher.start()
    return app


def _context(settings: Settings, now_ms: Callable[[], int]) -> Context:
    markets = Markets(open_store(settings.store))
    return Context(
        markets,
        Books(Parameters()),
        Watcher(markets),
        settings,
        FeedStates(markets, now_ms),
        now_ms,
    )
