"""Answers that never change, each computed once: a cache of limited size, one flight per key."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class AnswerCache(Generic[Answer]):
    """Remember answers by question; equal questions at the same time are computed once.

    Parameters
    ----------
    max_size : int
        Bound on the sum of sizes; the longest unused answers go first.
    size_of : callable
        Size of an answer, e.g. its bytes.

    Examples
    --------
    >>> cache = AnswerCache[str](10, len)
    >>> cache.get("question", lambda: "answer"), cache.get("question", lambda: "another")
    ('answer', 'answer')
    """

    def __init__(self, max_size: int, size_of: Callable[[Answer], int]) -> None:
        self._max_size = max_size
        self._size_of = size_of
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Answer] = OrderedDict()
        self._flying: dict[Hashable, Future[Answer]] = {}
        self._size = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Return the answer to a question, computing it unless it is known or on its way.

        Parameters
        ----------
        key : hashable
            All that the answer depends on.
        compute : callable
            Called by the first who asks; the others wait, and share its error if it fails.

        Returns
        -------
        Answer
            To be left unchanged.
        """
        with self._lock:
            if key in self._known:
                self.hits += 1
                self._known.move_to_end(key)
                return self._known[key]
            flight = self._flying.get(key)
            if flight is None:
                self.misses += 1
                mine = self._flying[key] = Future()
        if flight is not None:
            return flight.result()
        return self._fly(key, mine, compute)

    def _fly(self, key: Hashable, flight: Future[Answer], compute: Callable[[], Answer]) -> Answer:
        try:
            answer = compute()
            size = self._size_of(answer)  # outside the lock: it may have to compress first
        except BaseException as error:
            with self._lock:
                del self._flying[key]
            flight.set_exception(error)
            raise
        with self._lock:
            self._keep(key, answer, size)
            del self._flying[key]
        flight.set_result(answer)
        return answer

    def _keep(self, key: Hashable, answer: Answer, size: int) -> None:
        self._known[key] = answer
        self._size += size
        while self._size > self._max_size and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._size -= self._size_of(oldest)
