"""The thread of a process that tells its streams what is new, each thing once for all clients.

Bars are told first and at once; columns and bands are computed after that, subject by subject.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from liqbands.errors import LiqbandsError
from liqbands_server.api.stream_topic import Topic
from liqbands_server.errors import NotReadyError, StoreError
from liqbands_server.service.charts import Charts
from liqbands_server.store.changes import Change
from liqbands_server.web.context import Context
from liqbands_server.web.metrics import OPEN_STREAMS

TICK_SECONDS: Final = 1.0
"""So often a forming bar is looked at."""

MOST_TOPICS: Final = 64
"""Different questions that one process follows; each is computed again with every bar."""

_SENDING_SECONDS: Final = 0.05
"""Computing holds the interpreter, so clients' threads get this long to send bars first."""

_AFTER_FAILURE_SECONDS: Final = 1.0

_log = logging.getLogger(__name__)


class StreamHub:
    """What one process tells its streams.

    Parameters
    ----------
    context : Context
        The process's markets, books and settings.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._charts = Charts(context.markets)
        self._known_id = self._bars_id = context.markets.last_change
        self._lock = threading.Lock()
        self._topics: dict[frozenset[tuple[str, Any]], Topic] = {}
        self._n_clients = 0
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        context.watcher.listen(self._take_note)

    def open(self, values: dict[str, Any]) -> Topic:
        """Take a place for a client.

        Parameters
        ----------
        values : dict
            The subject, as loaded by the route's parameters.

        Returns
        -------
        Topic
            To be given back by `close`.

        Raises
        ------
        NotReadyError
            If all places are taken.
        """
        most = self._context.settings.max_streams
        key = frozenset(values.items())
        with self._lock:
            if self._n_clients >= most:
                raise NotReadyError(f"all {most} streams of this worker are taken; ask again later")
            if key not in self._topics and len(self._topics) >= MOST_TOPICS:
                raise NotReadyError(f"{MOST_TOPICS} subjects are streamed already; ask again later")
            topic = self._topics.setdefault(key, Topic(values, self._context, self._charts))
            topic.n_clients += 1
            self._n_clients += 1
            self._keep_telling()
        OPEN_STREAMS.inc()
        self._wake.set()
        return topic

    def close(self, topic: Topic) -> None:
        """Give a client's place back.

        Parameters
        ----------
        topic : Topic
            As `open` returned it.
        """
        with self._lock:
            self._n_clients -= 1
            topic.n_clients -= 1
            self._topics = {key: one for key, one in self._topics.items() if one.n_clients}
        OPEN_STREAMS.dec()

    def _take_note(self, changes: Sequence[Change]) -> None:
        if changes:
            self._known_id = changes[-1].id
            bars = [change.id for change in changes if change.kind == "candles"]
            self._bars_id = max(self._bars_id, *bars) if bars else self._bars_id
        with self._lock:
            if self._topics:
                self._keep_telling()
        self._wake.set()

    def _keep_telling(self) -> None:
        """Start the thread, again if a fault of ours has ended it."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            if not self._topics:
                self._wake.wait()
            try:
                is_busy = self._tell_something()
            except (SQLAlchemyError, StoreError):
                _log.warning("the store did not answer; telling later", exc_info=True)
                time.sleep(_AFTER_FAILURE_SECONDS)
                continue
            if not is_busy:
                self._wake.wait(self._pause())
            self._wake.clear()

    def _pause(self) -> float:
        """Return how long to wait if nothing happens: less where a column was told just now."""
        now = time.monotonic()
        soon = [waits for topic in self._topics.values() if (waits := topic.waits_for(now)) > 0]
        return min([TICK_SECONDS, *soon])

    def _tell_something(self) -> bool:
        """Tell bars and forming columns, and then what else is new of one subject."""
        known_id, bars_id = self._known_id, self._bars_id
        topics = sorted(self._topics.values(), key=lambda topic: topic.checked_id)
        states = self._context.feeds.now()
        for topic in topics:
            topic.tell_feeds(states)
        n_told = sum(topic.tell_bars() for topic in topics)
        for topic in topics:
            _tell_forming(topic, bars_id)
        if all(topic.checked_id >= known_id for topic in topics):
            return False
        if n_told:
            time.sleep(_SENDING_SECONDS)
        return any(_tell_news(topic, known_id) for topic in topics)


def _tell_forming(topic: Topic, bars_id: int) -> None:
    try:
        topic.tell_forming(bars_id)
    except StoreError:
        raise
    except LiqbandsError:
        _log.warning("a forming column cannot be shown", exc_info=True)


def _tell_news(topic: Topic, known_id: int) -> bool:
    try:
        return topic.tell_news(known_id)
    except StoreError:
        raise
    except LiqbandsError as error:
        topic.give_up(known_id, str(error))
        return True
