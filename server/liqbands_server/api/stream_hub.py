"""The threads of a process that tell its streams what is new, each thing once for all clients.

One tells bars and columns that are forming, at once; the other works out what has closed, subject
by subject, and may take longer.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
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
"""Computing takes the processor, so clients' threads get this long to send bars first."""

_FEW_CLIENTS: Final = 20
"""So many have been sent to within a millisecond."""

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
        self._tellers = (
            _Teller("streams", self._tell_quickly, self._pause),
            _Teller("streams-closed", self._tell_closed, lambda: None),
        )
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
        self._wake()
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
        self._wake()

    def _wake(self) -> None:
        for teller in self._tellers:
            teller.wake.set()

    def _keep_telling(self) -> None:
        for teller in self._tellers:
            teller.keep()

    def _pause(self) -> float | None:
        """Return how long to wait if nothing happens: less where a column was told just now."""
        topics, now = list(self._topics.values()), time.monotonic()
        if not topics:
            return None
        return min([TICK_SECONDS, *(waits for one in topics if (waits := one.waits_for(now)) > 0)])

    def _tell_quickly(self) -> bool:
        """Tell bars and what they make of the columns that are forming."""
        bars_id, topics = self._bars_id, list(self._topics.values())
        states = self._context.feeds.now()
        for topic in topics:
            topic.tell_feeds(states)
            topic.tell_bars()
        for topic in topics:
            _tell_forming(topic, bars_id)
        return False

    def _tell_closed(self) -> bool:
        """Tell what else is new of one subject, the longest unseen first."""
        known_id = self._known_id
        topics = sorted(self._topics.values(), key=lambda topic: topic.checked_id)
        if all(topic.checked_id >= known_id for topic in topics):
            return False
        if self._n_clients > _FEW_CLIENTS:
            time.sleep(_SENDING_SECONDS)
        return any(_tell_news(topic, known_id) for topic in topics)


class _Teller:
    """A thread that does the same again when it is woken, and after a pause.

    Parameters
    ----------
    name : str
        Of the thread.
    tell : callable
        Returns whether there is more to tell at once.
    pause : callable
        Returns for how many seconds to wait if nobody wakes it, None for ever.
    """

    def __init__(
        self, name: str, tell: Callable[[], bool], pause: Callable[[], float | None]
    ) -> None:
        self.wake = threading.Event()
        self._name = name
        self._tell = tell
        self._pause = pause
        self._thread: threading.Thread | None = None

    def keep(self) -> None:
        """Start the thread, again if a fault of ours has ended it."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            self.wake.clear()
            try:
                is_busy = self._tell()
            except (SQLAlchemyError, StoreError):
                _log.warning("the store did not answer; telling later", exc_info=True)
                time.sleep(_AFTER_FAILURE_SECONDS)
                continue
            if not is_busy:
                self.wake.wait(self._pause())


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
