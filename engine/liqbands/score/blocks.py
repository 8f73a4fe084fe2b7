"""Blocks of rows that a bootstrap draws together.

Snapshots of one day see the same market, so whole blocks of at least a day are drawn with
replacement, never single rows.  Runs that share nothing (worlds, seeds, coins) never share a
block either; coins that fall together do, when the caller leaves the coin out of the key.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.timeframes import DAY_MS

WEEK_MS: Final = 7 * DAY_MS
_LEFT_OUT: Final = -1


@dataclass(frozen=True, eq=False)
class Blocks:
    """Which block every row belongs to.

    Parameters
    ----------
    index : ndarray of int64, shape (n,)
        Block of each row, 0 to `n_blocks` - 1; -1 leaves the row out.
    n_blocks : int
        How many blocks there are.
    """

    index: IntArray
    n_blocks: int

    @classmethod
    def of(cls, *keys: NDArray[Any]) -> Self:
        """Put rows with equal keys into one block.

        Parameters
        ----------
        *keys : ndarray, shape (n,)
            For example the day and the seed; numbers or text.

        Returns
        -------
        Blocks
            Numbered in the order of the keys.

        Raises
        ------
        ValueError
            If there is no key.

        Examples
        --------
        >>> Blocks.of(np.array([4, 4, 7]), np.array(["BTC", "ETH", "BTC"])).index
        array([0, 1, 2])
        """
        if not keys:
            raise ValueError("blocks need at least one key, there was none")
        index = np.zeros(len(keys[0]), dtype=np.int64)
        n_blocks = 1
        for key in keys:
            own, place = np.unique(key, return_inverse=True)
            used, index = np.unique(index * len(own) + place.ravel(), return_inverse=True)
            index, n_blocks = index.astype(np.int64).ravel(), len(used)
        return cls(index, n_blocks)

    @classmethod
    def of_time(cls, time_ms: IntArray, *keys: NDArray[Any], length_ms: int = DAY_MS) -> Self:
        """Put rows of the same stretch of time, and with equal keys, into one block.

        Parameters
        ----------
        time_ms : ndarray of int64, shape (n,)
            Time of each row, UTC milliseconds.
        *keys : ndarray, shape (n,)
            What else must be equal, e.g. world, seed or coin.
        length_ms : int
            Length of a block, at least one day.

        Returns
        -------
        Blocks
            Counted from the epoch, so that the first row does not shift them.

        Raises
        ------
        ValueError
            If blocks would be shorter than a day.
        """
        if length_ms < DAY_MS:
            raise ValueError(f"blocks must be at least a day ({DAY_MS} ms), were {length_ms} ms")
        return cls.of(time_ms // length_ms, *keys)

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Return which rows take part, shape (n,)."""
        kept: NDArray[np.bool_] = self.index != _LEFT_OUT
        return kept

    @property
    def n_left_out(self) -> int:
        """Return how many rows are left out."""
        return int((~self.kept).sum())

    def only(self, rows: NDArray[np.bool_]) -> Self:
        """Leave out all rows but some.

        Parameters
        ----------
        rows : ndarray of bool, shape (n,)
            Rows that stay.

        Returns
        -------
        Blocks
            Blocks that hold no row any more are gone, those left out before stay so.
        """
        kept = self.kept & rows
        used, place = np.unique(self.index[kept], return_inverse=True)
        index = np.full(len(self.index), _LEFT_OUT, dtype=np.int64)
        index[kept] = place.ravel()
        return replace(self, index=index, n_blocks=len(used))

    def without_quiet(self, events: FloatArray, windows: NDArray[Any], at_least: float) -> Self:
        """Leave out windows in which too little happened to score anything.

        Parameters
        ----------
        events : ndarray, shape (n,)
            Events per row.
        windows : ndarray, shape (n,)
            Window of each row, e.g. its snapshot.
        at_least : float
            Events that a window needs.

        Returns
        -------
        Blocks
            The rows left out are counted in every figure made with it.
        """
        _, place = np.unique(windows, return_inverse=True)
        per_window = np.bincount(place.ravel(), weights=events)
        return self.only(per_window[place.ravel()] >= at_least)

    def draw(self, n_resamples: int, seed: int) -> FloatArray:
        """Draw blocks with replacement, as many as there are.

        Parameters
        ----------
        n_resamples : int
            How many times.
        seed : int
            Seed of the random numbers.

        Returns
        -------
        ndarray, shape (n_resamples, n_blocks)
            How often each block was drawn.
        """
        if self.n_blocks == 0:
            return np.zeros((n_resamples, 0))
        chance = np.full(self.n_blocks, 1 / self.n_blocks)
        drawn = np.random.default_rng(seed).multinomial(self.n_blocks, chance, size=n_resamples)
        return drawn.astype(np.float64)
