"""Books kept alive between questions: a new bar advances one, nothing is built twice."""

import threading
from dataclasses import dataclass, fields

import numpy as np

from liqbands.book import Book
from liqbands.candles import Candles
from liqbands.heatmaps import basis_of
from liqbands.parameters import Parameters
from liqbands.results import Snapshot
from liqbands_server.store.instruments import StoredInstrument


@dataclass(eq=False)
class _Kept:
    """A book and the bars that it has seen."""

    book: Book
    bars: Candles
    snapshot: Snapshot


class Books:
    """The newest book of each instrument, for one set of settings.

    Parameters
    ----------
    parameters : Parameters
        The model's settings.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._kept: dict[int, _Kept] = {}
        self._locks: dict[int, threading.Lock] = {}
        self._making = threading.Lock()

    def snapshot(self, member: StoredInstrument, bars: Candles) -> Snapshot:
        """Return the book at the close of the last bar.

        Parameters
        ----------
        member : StoredInstrument
            Whose bars.
        bars : Candles
            Closed base bars from the anchor on.

        Returns
        -------
        Snapshot
            The same bits as a book that walks all bars anew.
        """
        kept = self._kept.get(member.id)
        if kept is not None and _same(kept.bars, bars):
            return kept.snapshot
        if kept is not None and bars.open_time_ms[-1] < kept.bars.open_time_ms[-1]:
            return _walked(member, bars, self.parameters).snapshot
        with self._lock_of(member):
            return self._advance(member, bars).snapshot

    def book(self, member: StoredInstrument, bars: Candles) -> Book:
        """Return the book at the close of the last bar, to be looked at and copied only.

        Parameters
        ----------
        member : StoredInstrument
            Whose bars.
        bars : Candles
            Closed base bars from the anchor on.

        Returns
        -------
        Book
            One that nobody advances.
        """
        with self._lock_of(member):
            return self._advance(member, bars).book.copy()

    def _advance(self, member: StoredInstrument, bars: Candles) -> _Kept:
        """Bring the kept book up to the last bar, or walk a new one if what it saw has changed."""
        kept = self._kept.get(member.id)
        if kept is not None and _same(kept.bars, bars):
            return kept
        if kept is not None and _continues(kept.bars, bars):
            kept.book.extend(bars[len(kept.bars) : len(bars)])
            found = _Kept(kept.book, bars, kept.book.snapshot())
        else:
            found = _walked(member, bars, self.parameters)
        self._kept[member.id] = found
        return found

    def _lock_of(self, member: StoredInstrument) -> threading.Lock:
        with self._making:
            return self._locks.setdefault(member.id, threading.Lock())


def _walked(member: StoredInstrument, bars: Candles, parameters: Parameters) -> _Kept:
    book = Book(member.instrument, parameters, timeframe_ms=bars.timeframe_ms, basis=basis_of(bars))
    book.extend(bars)
    return _Kept(book, bars, book.snapshot())


def _same(old: Candles, new: Candles) -> bool:
    return old is new or (len(old) == len(new) and _begins_with(new, old))


def _continues(old: Candles, new: Candles) -> bool:
    return len(old) < len(new) and _begins_with(new, old)


def _begins_with(bars: Candles, first: Candles) -> bool:
    columns = [f.name for f in fields(Candles) if isinstance(getattr(bars, f.name), np.ndarray)]
    return all(
        np.array_equal(getattr(bars, name)[: len(first)], getattr(first, name), equal_nan=True)
        for name in columns
    )
