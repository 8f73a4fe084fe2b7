"""Counts and times of all workers together for Prometheus, at `/metrics`.

The workers of one server share a folder of counts, whose path the process that starts them puts
into prometheus-client's own variable before this module is imported.
"""

import time
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from liqbands_server.configuration.sources import this_environment
from liqbands_server.running.web_server import METRICS_VARIABLE
from liqbands_server.store.health import read_health
from liqbands_server.store.instruments import read_instruments
from liqbands_server.web.context import Context, this_context

OPEN_STREAMS: Final = Gauge(
    "liqbands_streams_open", "Streams of events that are open.", multiprocess_mode="livesum"
)
"""To be counted up when a stream begins and down when it ends."""

_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_REQUESTS: Final = Counter(
    "liqbands_http_requests", "Answers by route.", ["method", "route", "status"]
)
_SECONDS: Final = Histogram(
    "liqbands_http_request_seconds", "Time to an answer's first byte.", ["route"], buckets=_BOUNDS
)
_CACHED: Final = Gauge(
    "liqbands_cache_answers",
    "Questions to a cache, by whether it knew the answer.",
    ["cache", "outcome"],
    multiprocess_mode="sum",
)
_TELL_CACHES_SECONDS: Final = 1.0
"""Writing the caches' counts into the shared folder costs more than a request; so not each time."""

_metrics: Final = Blueprint("metrics", __name__)


class CountingCache(Protocol):
    """A cache that counts how often it knew the answer."""

    hits: int
    misses: int


def init_metrics(app: Flask, caches: dict[str, CountingCache]) -> None:
    """Count the requests of an application that has a context, and add the route.

    Parameters
    ----------
    app : Flask
        The application.
    caches : dict of str to CountingCache
        Caches of this process by name.
    """
    gauges = [(cache, *_cache_gauges(name)) for name, cache in caches.items()]
    told = 0.0

    def tell_caches(now: float) -> None:
        nonlocal told
        if now - told < _TELL_CACHES_SECONDS:
            return
        told = now
        for cache, known, computed in gauges:
            known.set(cache.hits)
            computed.set(cache.misses)

    def begin() -> None:
        g.begun = time.perf_counter()

    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        method = request.method if request.method in _METHODS else "other"
        _REQUESTS.labels(method, route, str(response.status_code)).inc()
        now = time.perf_counter()
        _SECONDS.labels(route).observe(now - g.begun if "begun" in g else 0.0)
        tell_caches(now)
        return response

    app.before_request(begin)
    app.after_request(count)
    app.register_blueprint(_metrics)


def count_replayed(route: str, seconds: float) -> None:
    """Count an answer that was sent again.

    Parameters
    ----------
    route : str
        Its template.
    seconds : float
        How long it took.
    """
    _REQUESTS.labels("GET", route, "200").inc()
    _SECONDS.labels(route).observe(seconds)


def _cache_gauges(name: str) -> tuple[Gauge, Gauge]:
    return _CACHED.labels(name, "known"), _CACHED.labels(name, "computed")


@_metrics.get("/metrics")
def metrics() -> Response:
    """Answer in Prometheus' text format."""
    feeds = CollectorRegistry()
    feeds.register(_Feeds(this_context()))
    counted: CollectorRegistry = REGISTRY
    if this_environment().get(METRICS_VARIABLE):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # ships few types
    body = generate_latest(counted) + generate_latest(feeds)
    headers = {"Cache-Control": "no-store"}
    return Response(body, headers=headers, content_type=CONTENT_TYPE_LATEST)


class _Feeds(Collector):
    """How old the newest event of each feed is, read from the store when somebody asks."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def collect(self) -> Iterable[Metric]:
        """Yield ages and states."""
        return self._found()

    def _found(self) -> Iterator[Metric]:
        age = GaugeMetricFamily(
            "liqbands_feed_age_seconds", "Since a feed's newest event.", labels=["ticker", "feed"]
        )
        live = GaugeMetricFamily(
            "liqbands_feed_live", "1 when a feed says it is live.", labels=["ticker", "feed"]
        )
        with self._context.markets.store.reading() as connection:
            tickers = {stored.id: stored.ticker for stored in read_instruments(connection)}
            found = read_health(connection)
        now_ms = self._context.now_ms()
        for health in found:
            labels = (tickers[health.instrument_id], health.feed)
            live.add_metric(labels, float(health.state == "live"))
            if health.last_event_ms is not None:
                age.add_metric(labels, (now_ms - health.last_event_ms) / 1_000)
        yield age
        yield live
