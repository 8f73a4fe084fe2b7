"""Frames that have been read lately, so that one sent twice counts once."""

from collections import deque
from typing import Final

KEPT: Final = 20_000


class FrameMemory:
    """Remembers texts by their hashes.

    Examples
    --------
    >>> memory = FrameMemory()
    >>> memory.knows("a"), memory.knows("b"), memory.knows("a")
    (False, False, True)
    """

    def __init__(self) -> None:
        self._order: deque[int] = deque()
        self._known: set[int] = set()

    def knows(self, text: str) -> bool:
        """Return whether a text was read lately, and remember it.

        Parameters
        ----------
        text : str
            A frame.

        Returns
        -------
        bool
            Among the last 20,000.
        """
        key = hash(text)
        if key in self._known:
            return True
        self._known.add(key)
        self._order.append(key)
        if len(self._order) > KEPT:
            self._known.discard(self._order.popleft())
        return False
