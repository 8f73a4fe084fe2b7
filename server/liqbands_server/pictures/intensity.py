"""From notional to heat: proportional up to a robust cap, which is written on the legend.

The cap is a high quantile of what stands, so one outlier never turns the rest dark.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray

CAP_QUANTILE: Final = 0.995


@dataclass(frozen=True, slots=True)
class Intensity:
    """The value that is drawn in the hottest colour; below it colour follows value evenly.

    Parameters
    ----------
    cap : float
        Notional of the hottest colour and everything above it, positive.
    """

    cap: float

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> "Intensity":
        """Return the scale for some cells.

        Parameters
        ----------
        values : ndarray, any shape
            Notional per cell, at least 0.

        Returns
        -------
        Intensity
            Capped at the `CAP_QUANTILE` of the cells that are not empty; 1 without any.

        Examples
        --------
        >>> Intensity.of(np.append(np.ones(999), 1e9)).cap
        1.0
        """
        standing = values[values > 0]
        return cls(float(np.quantile(standing, CAP_QUANTILE)) if standing.size else 1.0)

    def heat(self, values: NDArray[np.floating]) -> FloatArray:
        """Return the place of each value on the colour ramp.

        Parameters
        ----------
        values : ndarray, any shape
            Notional per cell.

        Returns
        -------
        ndarray, same shape
            ``value / cap``, at most 1.

        Examples
        --------
        >>> Intensity(4.0).heat(np.array([0.0, 1.0, 9.0]))
        array([0.  , 0.25, 1.  ])
        """
        heat: FloatArray = np.clip(np.asarray(values, dtype=np.float64) / self.cap, 0, 1)
        return heat

    def legend_values(self, n_steps: int = 4) -> FloatArray:
        """Return the values at equal distances along the ramp.

        Parameters
        ----------
        n_steps : int
            Steps between the bottom and the top.

        Returns
        -------
        ndarray, shape (n_steps + 1,)
            Notional, from 0 to the cap.

        Examples
        --------
        >>> Intensity(16.0).legend_values(2)
        array([ 0.,  8., 16.])
        """
        values: FloatArray = np.linspace(0, self.cap, n_steps + 1)
        return values
