"""Frames that many clients share: each is made once, and a client is one number.

A client remembers only how many frames it has taken.  So one that does not keep up costs no
memory; when the frames it misses are no longer kept, it is told that it is too far behind.
"""

import threading
from collections import deque
from itertools import islice
from typing import Final

KEPT_FRAMES: Final = 1_024
"""A client may be so many frames behind, half a minute of a busy market."""


class Channel:
    """What is told about one subject, to whoever listens.

    Parameters
    ----------
    n_kept : int
        How many frames a client may be behind.

    Examples
    --------
    >>> channel = Channel()
    >>> place = channel.place
    >>> channel.publish(b"news")
    >>> channel.after(place, 0)
    (b'news', 1)
    """

    def __init__(self, n_kept: int = KEPT_FRAMES) -> None:
        self._frames: deque[bytes] = deque(maxlen=n_kept)
        self._n_published = 0
        self._news = threading.Condition()

    @property
    def place(self) -> int:
        """Return the place after the newest frame."""
        return self._n_published

    def publish(self, frame: bytes) -> None:
        """Wake everybody who waits.

        Parameters
        ----------
        frame : bytes
            What is new.
        """
        with self._news:
            self._frames.append(frame)
            self._n_published += 1
            self._news.notify_all()

    def after(self, place: int, seconds: float) -> tuple[bytes | None, int]:
        """Return the frames after a place, waiting for one if there is none.

        Parameters
        ----------
        place : int
            `Channel.place`, or what the last call returned.
        seconds : float
            How long to wait.

        Returns
        -------
        tuple of bytes or None, and int
            The frames joined, empty when nothing came, None when some are no longer kept; and
            the new place.
        """
        with self._news:
            if self._n_published == place:
                self._news.wait(seconds)
            missed = self._n_published - place
            if missed > len(self._frames):
                return None, self._n_published
            frames = islice(self._frames, len(self._frames) - missed, None)
            return b"".join(frames), self._n_published
