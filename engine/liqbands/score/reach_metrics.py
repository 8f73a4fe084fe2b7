"""How well a map says where liquidations happen, given which bins the price reached.

A map cannot know where price goes, so only bins that the mark price reached are scored.  Every
metric is a method that takes weights of rows, ready for the block bootstrap; rows are sorted
once, when the metrics are made.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from liqbands.instrument import FloatArray
from liqbands.score.deviance import deviance_skill, poisson_deviance, tweedie_deviance
from liqbands.score.panel import Panel, prequential_link
from liqbands.score.ranks import Ranking, auc_of, spearman_of

TOP_SHARE: Final = 0.1


class ReachMetrics:
    """The metrics of one map on one panel.

    Parameters
    ----------
    panel : Panel
        The reached bins of all snapshots.

    Examples
    --------
    >>> panel = Panel(
    ...     predicted=np.arange(10.0), realised=np.arange(10.0) ** 2,
    ...     snapshot=np.arange(10))
    >>> metrics, once = ReachMetrics(panel), np.ones(10)
    >>> metrics.spearman(once), metrics.auc(once), round(metrics.lift10(once), 2)
    (1.0, 1.0, 2.84)
    """

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self._map = Ranking.of(panel.predicted)
        self._realised = Ranking.of(panel.realised)
        self._hit: NDArray[np.bool_] = panel.realised > 0
        self._deviance = _deviances(panel, panel.realised, tweedie_deviance)
        self._count_deviance = (
            None if panel.counts is None else _deviances(panel, panel.counts, poisson_deviance)
        )

    def spearman(self, weights: FloatArray) -> float:
        """Return the rank correlation of map and realised notional.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            -1 to 1; 0 where the map does not vary and so orders nothing.
        """
        if self._map.n_groups == 1:
            return 0.0
        return spearman_of(self._map, self._realised, weights)

    def auc(self, weights: FloatArray) -> float:
        """Return the chance that a bin with a liquidation was denser than one without.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            0 to 1, one half for a map that does not tell them apart.
        """
        return auc_of(self._map, self._hit, weights)

    def lift10(self, weights: FloatArray) -> float:
        """Return how many times the usual notional the densest tenth of the bins saw.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            0 to 10, 1 for a map that does not tell; ties at the limit are averaged over.
        """
        return self._caught(self.panel.realised, weights) / TOP_SHARE

    def recall(self, weights: FloatArray) -> float:
        """Return the share of all bins with a liquidation that the densest tenth holds.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            0 to 1; at most 0.1 over the base rate.
        """
        return self._caught(self._hit.astype(np.float64), weights)

    def precision(self, weights: FloatArray) -> float:
        """Return the share of the densest tenth of the bins that saw a liquidation.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            0 to 1; bins chosen at random reach `base_rate`.
        """
        return self.recall(weights) * self.base_rate(weights) / TOP_SHARE

    def base_rate(self, weights: FloatArray) -> float:
        """Return the share of all bins that saw a liquidation.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            The precision of bins chosen at random.
        """
        return float(weights @ self._hit) / float(weights.sum())

    def tweedie_skill(self, weights: FloatArray) -> float:
        """Return by which share the map's Tweedie deviance is below that of the mean so far.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts; rows before the 72nd snapshot never do.

        Returns
        -------
        float
            1 is exact, 0 as good as no map; NaN where no row is scored.
        """
        return deviance_skill(*self._deviance, weights)

    def poisson_skill(self, weights: FloatArray) -> float:
        """Return the same as `tweedie_skill` for numbers of liquidations.

        Parameters
        ----------
        weights : ndarray, shape (n,)
            How often each row counts.

        Returns
        -------
        float
            1 is exact, 0 as good as no map.

        Raises
        ------
        ValueError
            If the panel has no counts.
        """
        if self._count_deviance is None:
            raise ValueError("the panel has no counts; give them to Panel")
        return deviance_skill(*self._count_deviance, weights)

    def _caught(self, amounts: FloatArray, weights: FloatArray) -> float:
        per_value = self._map.sums(weights * amounts)
        total = float(per_value.sum())
        chosen = self._map.top(TOP_SHARE, weights)
        return float(chosen @ per_value) / total if total > 0 else float("nan")


def _deviances(
    panel: Panel, outcome: FloatArray, deviance: Callable[[FloatArray, FloatArray], FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Return the deviances of map and mean so far, 0 where a row is not scored."""
    link = prequential_link(panel, outcome)
    model, base = np.zeros(len(outcome)), np.zeros(len(outcome))
    rows = link.scored
    model[rows] = deviance(outcome[rows], link.mean[rows])
    base[rows] = deviance(outcome[rows], link.constant[rows])
    return model, base
