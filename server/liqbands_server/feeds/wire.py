"""What passes between ccxt's websockets and the feed: lines, who listens to them, and refusals."""

import importlib
import logging
import math
import random
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary, ref

from liqbands_server.feeds.patience import Patience
from liqbands_server.feeds.throttle import Throttle, retry_after
from liqbands_server.feeds.venues.border import Frame

Connection = Any
"""A websocket as ccxt has it; a new object for every connection."""

SPEAKER: Final[ContextVar[object]] = ContextVar("SPEAKER", default=None)
"""On whose behalf the running task uses a connection: the keeper of a subscription."""

_BUSY: Final = (418, 429)
_BANNED: Final = 418
_FAULT: Final = 400
_MOST_TIMES: Final = 32.0
_log = logging.getLogger(__name__)


class FrameReader(Protocol):
    """Who is shown every frame."""

    def read(self, line: "Line", frame: Frame, text: str) -> bool:
        """Read a frame, decoded and as text; say whether it was ours."""
        ...

    def drop(self, line: "Line", why: str) -> None:
        """Take notice of a text that cannot be read at all."""
        ...


class Line:
    """What is known of one connection.

    Parameters
    ----------
    connection : Connection
        The one; it is not kept alive by this.

    Attributes
    ----------
    heard_ms : int
        Newest time in anything heard on it, by the venue's clock; what was sent before has
        arrived.  0 before anything was.
    last_frame : float
        When anything arrived last, by the monotonic clock.
    sent_at : dict of object to float
        Who listens to it, and when each said what it wants to hear; infinite before.
    has_ended : bool
        Whether it is lost; frames may still be on their way.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = ref(connection)
        self.heard_ms = 0
        self.last_frame = 0.0
        self.sent_at: dict[object, float] = {}
        self.has_ended = False

    def cut(self, reason: str) -> None:
        """Drop it, dead or no longer wanted; whoever listens to it is told.

        Parameters
        ----------
        reason : str
            For those who listen.
        """
        connection = self._connection()
        if connection is not None:
            connection.on_error(importlib.import_module("ccxt.base.errors").NetworkError(reason))

    def end(self) -> None:
        """Take it as lost: nothing on it counts any more."""
        self.has_ended = True
        self.sent_at.clear()


class Wire:
    """What passes between an exchange object and the feed.

    Parameters
    ----------
    reader : FrameReader
        Told of every frame.
    throttle : Throttle
        Begun where the venue asks for a pause.
    patience : Patience
        How long a pause is where the venue does not say.
    """

    def __init__(self, reader: FrameReader, throttle: Throttle, patience: Patience) -> None:
        self.reader = reader
        self._throttle = throttle
        self._patience = patience
        self._n_refused = 0
        self._lines: WeakKeyDictionary[Connection, Line] = WeakKeyDictionary()

    def line(self, connection: Connection) -> "Line":
        """Return what is known of a connection."""
        if connection not in self._lines:
            self._lines[connection] = Line(connection)
        return self._lines[connection]

    def use(self, connection: Connection) -> None:
        """Note that the running task listens to a connection."""
        speaker = SPEAKER.get()
        if speaker is not None:
            self.line(connection).sent_at.setdefault(speaker, math.inf)

    def sent(self, connection: Connection) -> None:
        """Note that the running task has said something, first of all what it wants to hear."""
        sent_at, speaker = self.line(connection).sent_at, SPEAKER.get()
        if sent_at.get(speaker) == math.inf:
            sent_at[speaker] = time.monotonic()

    def lines_of(self, speaker: object) -> "list[Line]":
        """Return what somebody listens to."""
        return [line for line in self._lines.values() if speaker in line.sent_at]

    def ended(self, connection: Connection, error: object = None) -> None:
        """Note that a connection has ended, or was never made.

        Parameters
        ----------
        connection : Connection
            Which.
        error : object
            Why; a refused handshake may ask for a pause.
        """
        self.line(connection).end()
        cause = next(iter(getattr(error, "args", ())), None)
        status = getattr(cause, "status", None)
        if isinstance(status, int):
            self.answered(status, getattr(cause, "headers", None) or {})

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """Take notice of an answer's status; some ask for a pause.

        Parameters
        ----------
        status : int
            Of HTTP.
        headers : mapping
            In any case of letters.
        """
        if status in _BUSY:
            said = {name.lower(): value for name, value in headers.items()}
            self.refused(status, retry_after(said.get("retry-after")))
        elif status < _FAULT:
            self._n_refused = 0

    def refused(self, status: int, seconds: float | None = None) -> None:
        """Leave the venue alone for a while.

        Parameters
        ----------
        status : int
            418 where it bans, else it is merely busy.
        seconds : float, optional
            As it asks for itself; else the pause doubles with each refusal in a row.
        """
        if self._throttle.is_on and seconds is None:
            return  # one of several questions that were on their way
        usual = self._patience.banned if status == _BANNED else self._patience.throttled
        longer = usual * min(2.0**self._n_refused, _MOST_TIMES)
        varied = longer * random.uniform(0.75, 1.0)  # noqa: S311 - no secret
        pause = varied if seconds is None else seconds
        self._n_refused += 1
        _log.warning("asked to wait %.1f seconds (HTTP %d)", pause, status)
        self._throttle.begin(pause)
