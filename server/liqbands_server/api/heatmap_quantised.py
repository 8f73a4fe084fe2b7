"""One byte per cell: the square-root scale that heatmaps travel with.

``q = min(255, floor(255 * sqrt(value / max)))``, back ``max * (q / 255) ** 2``.  A value is never
overstated: what is lost is less than ``max * (2 * q + 1) / 65025``, so what lies below
``max / 65025`` becomes 0.  ``max`` is the smallest power of two that is not below any cell: it
follows from the answer alone and seldom changes from one bar to the next.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.results import Heatmap

LEVELS: Final = 255
"""The largest byte; it stands for the maximum."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class QuantisedHeatmap:
    """The cells of a heatmap in bytes.

    Parameters
    ----------
    norm : int
        The maximum is ``2 ** norm``; heatmaps of one `norm` have one scale.
    cells : ndarray of uint8, shape (n_bars, n_bands)
        Value of each cell.
    split_long : ndarray of uint8, shape (n_bars,)
        Long part of the row that the mark lies in, on the same scale.
    """

    norm: int
    cells: Bytes
    split_long: Bytes

    @property
    def maximum(self) -> float:
        """Return the value of byte 255."""
        return float(2.0**self.norm)


def quantise(heatmap: Heatmap) -> QuantisedHeatmap:
    """Return the cells of a heatmap in bytes.

    Parameters
    ----------
    heatmap : Heatmap
        What is sent.

    Returns
    -------
    QuantisedHeatmap
        The same for the same cells.
    """
    norm = norm_of(heatmap.notional)
    return QuantisedHeatmap(
        norm, to_bytes(heatmap.notional, norm), to_bytes(heatmap.split_long, norm)
    )


def norm_of(values: NDArray[np.float32]) -> int:
    """Return the exponent of the smallest power of two that no value exceeds.

    Parameters
    ----------
    values : ndarray of float32, any shape
        At least 0.

    Returns
    -------
    int
        0 where all values are 0.

    Examples
    --------
    >>> norm_of(np.float32([3.0, 4.0])), norm_of(np.float32([4.5])), norm_of(np.float32([0.25]))
    (2, 3, -2)
    """
    largest = float(values.max(initial=0.0))
    if largest == 0.0:
        return 0
    mantissa, exponent = np.frexp(largest)  # mantissa 0.5 is a power of two itself
    return int(exponent) - int(mantissa == 0.5)


def to_bytes(values: NDArray[np.float32], norm: int) -> Bytes:
    """Return values on the square-root scale.

    Parameters
    ----------
    values : ndarray of float32, any shape
        From 0 to ``2 ** norm``.
    norm : int
        The scale.

    Returns
    -------
    ndarray of uint8, same shape
        255 for the maximum.

    Examples
    --------
    >>> to_bytes(np.float32([0.0, 1.0, 4.0]), 2)
    array([  0, 127, 255], dtype=uint8)
    """
    roots = np.sqrt(values.astype(np.float64) * (LEVELS**2 / 2.0**norm))
    bytes_: Bytes = roots.astype(np.uint8)
    return bytes_


def from_bytes(cells: Bytes, norm: int) -> FloatArray:
    """Return the values that bytes stand for.

    Parameters
    ----------
    cells : ndarray of uint8, any shape
        Bytes of the scale.
    norm : int
        The scale.

    Returns
    -------
    ndarray, same shape
        Not above what was sent.

    Examples
    --------
    >>> from_bytes(np.uint8([0, 51, 255]), 0)
    array([0.  , 0.04, 1.  ])
    """
    values: FloatArray = (cells / LEVELS) ** 2 * 2.0**norm
    return values
