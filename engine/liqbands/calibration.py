"""Calibrated survival: which share of what stands would really be force-closed.

Positions at a liquidation price mostly leave before it is reached: by stops, take-profits,
added margin, partial closes.  Where liquidations are reported nearly completely, the share per
tier can be learnt from what was swept and what was reported.  The book itself never changes;
survival is applied when it is read.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.kernel.state import SWEPT_NOW
from liqbands.ladder import Ladder
from liqbands.timeframes import DAY_MS

if TYPE_CHECKING:
    from liqbands.book import Book

HALF_LIFE_MS: Final = 10 * DAY_MS
PRIOR_SHARE: Final = 0.3
"""The prior weighs as much as this share of open interest, swept."""

LOCAL_SHARE: Final = 0.25
AMPLITUDE_SHARE: Final = 0.05
KERNEL_WIDTH: Final = 0.4
"""Tiers whose log distances differ by this much borrow strength from each other."""

LEARNING_RATE: Final = 1.0


@dataclass(frozen=True, eq=False)
class Evidence:
    """What one bar says about survival, both sides pooled.

    Parameters
    ----------
    swept : ndarray, shape (n_tiers,)
        Contracts swept per tier in unit weights.
    realised : float
        Contracts reported as liquidated.
    """

    swept: FloatArray
    realised: float


def evidence_of(book: "Book", realised: float) -> Evidence:
    """Return what a book's last bar says about survival.

    Parameters
    ----------
    book : Book
        A book just after `Book.update`.
    realised : float
        Contracts reported as liquidated in that bar, both sides.

    Returns
    -------
    Evidence
        Give it to `Calibration.update`.
    """
    return Evidence(book.state.tier[:, SWEPT_NOW].sum(axis=0), realised)


class Calibration:
    """Learn survival per tier by hierarchical Poisson EM with forgetting.

    Parameters
    ----------
    ladder : Ladder
        The tiers.
    open_interest : float
        Contracts; sets how much evidence moves the prior.
    timeframe_ms : int
        Length of a bar, milliseconds.
    cap : float
        Predicted contracts per bar above which a throttled feed says nothing; infinite for a
        full feed.  The choice is made on the prediction, never on what was reported.

    Raises
    ------
    ValueError
        If open interest is not positive.

    Notes
    -----
    With the current product ``c = survival * weight`` and the prediction ``m = sum(c x)``:
    ``A_k <- g A_k + y c_k x_k / m``, ``X_k <- g X_k + x_k``; an overall amplitude and a local
    factor per tier are estimated first and shrink ``A/X`` towards them, so that tiers that are
    never swept move with the rest.

    Examples
    --------
    A feed that reports half of what is swept leaves about half.

    >>> import numpy as np
    >>> from liqbands.ladder import stop_ladder
    >>> from liqbands.instrument import MarketKind
    >>> from liqbands.parameters import Parameters
    >>> ladder = stop_ladder(MarketKind.SPOT, 0.0, Parameters())
    >>> learnt = Calibration(ladder, open_interest=100.0, timeframe_ms=60_000)
    >>> for _ in range(2_000):
    ...     learnt.update(Evidence(np.full(ladder.n_tiers, 10.0), realised=5.0))
    >>> bool(np.allclose(learnt.survival, 0.5, atol=0.02))
    True
    """

    def __init__(
        self,
        ladder: Ladder,
        open_interest: float,
        timeframe_ms: int,
        cap: float = math.inf,
    ) -> None:
        if not open_interest > 0:
            raise ValueError(f"open_interest must be positive, was {open_interest}")
        self._weight = ladder.weight
        self._prior = PRIOR_SHARE * open_interest
        self._keep = 2 ** (-timeframe_ms / HALF_LIFE_MS)
        self._cap = cap
        self._near = _closeness(ladder)
        self._explained = np.zeros(ladder.n_tiers)
        self._swept = np.zeros(ladder.n_tiers)
        self._product = ladder.weight.copy()
        self._loss = np.zeros(2)

    @property
    def survival(self) -> FloatArray:
        """Return the survival per tier, shape (n_tiers,)."""
        return self._product / self._weight

    @property
    def gate(self) -> float:
        """Return the weight of the calibrated map against the prior, 0 to 1.

        Both predict each bar before it is learnt from; the weights fall exponentially with
        the Poisson deviance that each has collected.  Use the survival when it is above 0.5.
        """
        worse = float(np.clip(LEARNING_RATE * (self._loss[1] - self._loss[0]), -700, 700))
        return 1 / (1 + math.exp(worse))

    def update(self, evidence: Evidence) -> None:
        """Learn from one bar.

        Parameters
        ----------
        evidence : Evidence
            What was swept and what was reported.
        """
        x, y = evidence.swept, evidence.realised
        predicted = float(self._product @ x)
        if predicted <= 0 or predicted >= self._cap:
            return
        prior = float(self._weight @ x)
        self._loss = self._keep * self._loss + np.array(
            [_deviance(y, prior, self._prior), _deviance(y, predicted, self._prior)]
        )
        self._explained = self._keep * self._explained + y * self._product * x / predicted
        self._swept = self._keep * self._swept + x
        self._product = self._estimate()

    def _estimate(self) -> FloatArray:
        amplitude_prior = AMPLITUDE_SHARE * self._prior
        local_prior = LOCAL_SHARE * self._prior * self._weight
        amplitude = (self._explained.sum() + amplitude_prior) / (
            self._weight @ self._swept + amplitude_prior
        )
        local = (self._near @ self._explained + local_prior * amplitude) / (
            self._near @ (self._weight * self._swept) + local_prior
        )
        product: FloatArray = (self._weight * local * self._prior + self._explained) / (
            self._prior + self._swept
        )
        return product


def _closeness(ladder: Ladder) -> FloatArray:
    """Return how much tiers learn from each other; those without a distance learn alone."""
    distance = np.where(np.isfinite(ladder.distance), ladder.distance, np.nan).mean(axis=0)
    apart = np.log(distance)[:, None] - np.log(distance)[None, :]
    near = np.exp(-0.5 * (apart / KERNEL_WIDTH) ** 2)
    return np.where(np.isnan(near), np.eye(ladder.n_tiers), near)


def _deviance(realised: float, predicted: float, scale: float) -> float:
    """Return the Poisson deviance in units of the prior's strength."""
    mean = max(predicted, 1e-9 * scale)
    log_part = realised * math.log(realised / mean) if realised > 0 else 0.0
    return 2 * (log_part - realised + mean) / scale
