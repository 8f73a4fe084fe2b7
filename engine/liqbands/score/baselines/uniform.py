"""The map that knows nothing: the same amount everywhere."""

from typing import ClassVar

import numpy as np

from liqbands.candles import Candles
from liqbands.instrument import FloatArray
from liqbands.score.baselines.baseline import Baseline
from liqbands.score.marks import MarkPrices


class Uniform(Baseline):
    """One unit in every bin on the correct side of the mark price."""

    name: ClassVar[str] = "uniform"

    def _take(self, candles: Candles, marks: MarkPrices) -> None:
        """Nothing to remember but the mark price."""

    def _draw(self, first_bin: int, n_bins: int) -> FloatArray:  # noqa: ARG002 - all are alike
        return np.ones((2, n_bins))
