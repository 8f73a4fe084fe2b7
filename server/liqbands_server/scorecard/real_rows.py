"""What a scorecard on recorded data is made of: measured figures, one to a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from liqbands.score.types import Figure

Progress = Callable[[str], None]
"""Is told what is being done, once for each step."""

ALL_COINS: Final = "BTC + ETH"


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One figure of one model.

    Parameters
    ----------
    model : str
        Name of the model.
    data : str
        What it was measured on: a coin, or `ALL_COINS`.
    metric : str
        What was measured.
    figure : Figure
        Value and 95 % bounds.
    """

    model: str
    data: str
    metric: str
    figure: Figure


def figure_in(rows: Sequence[ScoreRow], model: str, data: str, metric: str) -> Figure:
    """Return one figure of a scorecard.

    Parameters
    ----------
    rows : sequence of ScoreRow
        The scorecard.
    model, data, metric : str
        Which figure.

    Returns
    -------
    Figure
        Value and bounds.

    Raises
    ------
    KeyError
        If there is no such row.

    Examples
    --------
    >>> rows = [ScoreRow("uniform", "BTC", "auc", Figure(0.5, 0.4, 0.6, n=10))]
    >>> figure_in(rows, "uniform", "BTC", "auc").value
    0.5
    """
    found = (
        row.figure for row in rows if (row.model, row.data, row.metric) == (model, data, metric)
    )
    figure = next(found, None)
    if figure is None:
        raise KeyError(f"no row for {metric} of {model} on {data}")
    return figure


def coins_and_all(coins: Sequence[str]) -> list[tuple[str, slice]]:
    """Return which coins each part of a scorecard is about.

    Parameters
    ----------
    coins : sequence of str
        The coins, in order.

    Returns
    -------
    list of tuple of str and slice
        Each coin by itself, then all together where there are several.

    Examples
    --------
    >>> coins_and_all(["BTC", "ETH"])
    [('BTC', slice(0, 1, None)), ('ETH', slice(1, 2, None)), ('BTC + ETH', slice(None, None, None))]
    """
    each = [(coin, slice(i, i + 1)) for i, coin in enumerate(coins)]
    return each if len(coins) == 1 else [*each, (ALL_COINS, slice(None))]


def silent(step: str) -> None:
    """Take note of a step and show nothing.

    Parameters
    ----------
    step : str
        What is being done.
    """
