"""What one simulated run scored, as plain data that can be kept in a file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from liqbands.grid import IntArray
from liqbands.instrument import FloatArray
from liqbands.score.day_sums import DaySums

_DIGITS: Final = 9
"""Significant digits that are kept; more would only make files longer."""


@dataclass(frozen=True, eq=False)
class ModelScore:
    """What one model scored in one run.

    Parameters
    ----------
    model : str
        Key of the model.
    sums : DaySums
        What the metrics are made of, by day.
    level_day : ndarray of int64, shape (n_snapshots,)
        Day of each known book.
    level : ndarray, shape (n_snapshots,)
        Logarithm of the map's total over the truth's; NaN where not known.
    curves : dict of str to ndarray
        Curves of the whole run by name: ``"lift"``, ``"predicted"``, ``"realised"``, ``"pit"``.
    """

    model: str
    sums: DaySums
    level_day: IntArray
    level: FloatArray
    curves: dict[str, FloatArray]

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and numbers, ready for JSON.

        Returns
        -------
        dict
            Numbers of nine digits; None for what is not known.
        """
        return {
            "model": self.model,
            "days": self.sums.days.tolist(),
            "sums": {name: _plain(values) for name, values in self.sums.columns.items()},
            "level_day": self.level_day.tolist(),
            "level": _plain(self.level),
            "curves": {name: _plain(values) for name, values in self.curves.items()},
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Return what `to_dict` was made of.

        Parameters
        ----------
        content : mapping
            As `to_dict` gives it.

        Returns
        -------
        ModelScore
            Equal to nine digits.

        Raises
        ------
        KeyError, TypeError, ValueError
            If the content is something else.
        """
        days = np.array(content["days"], dtype=np.int64)
        columns = {name: _array(values) for name, values in content["sums"].items()}
        return cls(
            model=str(content["model"]),
            sums=DaySums(days, columns),
            level_day=np.array(content["level_day"], dtype=np.int64),
            level=_array(content["level"]),
            curves={name: _array(values) for name, values in content["curves"].items()},
        )


@dataclass(frozen=True, eq=False)
class RunScore:
    """What all models scored in one run of one world.

    Parameters
    ----------
    world : str
        Name of the world.
    seed : int
        Of all its chance.
    n_books, n_snapshots, n_rows : int
        Known books, snapshots of the panel, and rows that the price reached.
    n_liquidations : int
        Liquidations after the warm-up.
    missed : float
        Share of the liquidated notional that lies in no reached row.
    models : tuple of ModelScore
        The models, and the true positions used as a map.
    """

    world: str
    seed: int
    n_books: int
    n_snapshots: int
    n_rows: int
    n_liquidations: int
    missed: float
    models: tuple[ModelScore, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and numbers, ready for JSON.

        Returns
        -------
        dict
            None for what is not known.
        """
        return {
            "world": self.world,
            "seed": self.seed,
            "n_books": self.n_books,
            "n_snapshots": self.n_snapshots,
            "n_rows": self.n_rows,
            "n_liquidations": self.n_liquidations,
            "missed": None if math.isnan(self.missed) else self.missed,
            "models": [model.to_dict() for model in self.models],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Self:
        """Return what `to_dict` was made of.

        Parameters
        ----------
        content : mapping
            As `to_dict` gives it.

        Returns
        -------
        RunScore
            Equal to nine digits.

        Raises
        ------
        KeyError, TypeError, ValueError
            If the content is something else.
        """
        counts = {
            name: int(content[name])
            for name in ("seed", "n_books", "n_snapshots", "n_rows", "n_liquidations")
        }
        missed = content["missed"]
        return cls(
            world=str(content["world"]),
            **counts,
            missed=math.nan if missed is None else float(missed),
            models=tuple(ModelScore.from_dict(model) for model in content["models"]),
        )


def _plain(values: FloatArray) -> list[float | None]:
    return [
        float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None for value in values.tolist()
    ]


def _array(values: list[float | None]) -> FloatArray:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
