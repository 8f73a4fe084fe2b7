"""The settings that may be fitted, each laid out from 0 to 1 between its limits.

Limits are those within which a value is believable, narrower than what the engine accepts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from liqbands.instrument import FloatArray
from liqbands.parameters import Parameters
from liqbands.plain_data import refuse_others

_DIGITS: Final = 4
"""Significant digits of a fitted value; what is evaluated is what is written."""


@dataclass(frozen=True, slots=True)
class FreeParameter:
    """A setting that may be fitted.

    Parameters
    ----------
    name : str
        Field of `Parameters`.
    low, high : float
        Limits of the search.
    by_factor : bool
        Whether equal steps are equal factors; else they are equal differences.
    """

    name: str
    low: float
    high: float
    by_factor: bool = False

    def at(self, place: float) -> float:
        """Return the value at a place.

        Parameters
        ----------
        place : float
            0 is the lower limit, 1 the upper one; beyond counts as the limit.

        Returns
        -------
        float
            Four significant digits.

        Examples
        --------
        >>> FreeParameter("ladder_median", 0.01, 1.0, by_factor=True).at(0.5)
        0.1
        """
        share = min(max(place, 0.0), 1.0)
        if self.by_factor:
            value = self.low * (self.high / self.low) ** share
        else:
            value = self.low + (self.high - self.low) * share
        return min(max(float(f"{value:.{_DIGITS}g}"), self.low), self.high)

    def place(self, value: float) -> float:
        """Return the place of a value.

        Parameters
        ----------
        value : float
            In the setting's unit.

        Returns
        -------
        float
            0 to 1; a value beyond a limit has the limit's place.
        """
        value = min(max(value, self.low), self.high)
        if self.by_factor:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


SEARCHABLE: Final = (
    FreeParameter("ladder_median", 0.02, 0.9, by_factor=True),
    FreeParameter("ladder_spread", 0.4, 4.0, by_factor=True),
    FreeParameter("ladder_share", 0.0, 1.0),
    FreeParameter("hazard_exponent", 0.0, 2.0),
    FreeParameter("unlevered_share", 0.0, 0.7),
    FreeParameter("participation", 0.03, 1.0, by_factor=True),
    FreeParameter("seed_volatility", 0.003, 0.2, by_factor=True),
    FreeParameter("seed_turnover", 0.3, 30.0, by_factor=True),
    FreeParameter("taker_weight", 0.0, 0.96),
    FreeParameter("wick_retention", 0.0, 1.0),
)
"""Settings with a scale; switches are compared by ablation, never fitted."""

USUALLY_FREE: Final = tuple(free.name for free in SEARCHABLE[:7])
"""What a fit moves unless told otherwise; the others hardly show in a known book."""


@dataclass(frozen=True, slots=True)
class Space:
    """The settings that one fit moves, and what the others are.

    Parameters
    ----------
    start : Parameters
        Where the fit begins; settings that are not free stay as they are here.
    free : tuple of FreeParameter
        The settings that move.
    """

    start: Parameters
    free: tuple[FreeParameter, ...]

    @classmethod
    def of(cls, start: Parameters, names: Sequence[str] = USUALLY_FREE) -> "Space":
        """Return the space of some settings.

        Parameters
        ----------
        start : Parameters
            Where the fit begins.
        names : sequence of str
            The settings that move.

        Returns
        -------
        Space
            In the order of the names.

        Raises
        ------
        ParameterFileError
            If a setting does not exist or cannot be fitted.
        ValueError
            If there is none, or one starts outside of its limits.
        """
        known = {free.name: free for free in SEARCHABLE}
        refuse_others("free", names, known)
        chosen = tuple(known[name] for name in dict.fromkeys(names))
        if not chosen:
            raise ValueError("free must name at least one setting, there was none")
        for free in chosen:
            value = getattr(start, free.name)
            if not free.low <= value <= free.high:
                raise ValueError(
                    f"{free.name} must start in [{free.low:g}, {free.high:g}], was {value:g}"
                )
        return cls(start, chosen)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the free settings."""
        return tuple(free.name for free in self.free)

    def places(self, parameters: Parameters) -> FloatArray:
        """Return where settings stand in this space.

        Parameters
        ----------
        parameters : Parameters
            Any settings.

        Returns
        -------
        ndarray, shape (n_free,)
            Each 0 to 1.
        """
        return np.array([free.place(getattr(parameters, free.name)) for free in self.free])

    def at(self, places: FloatArray) -> Parameters:
        """Return the settings at a point of this space.

        Parameters
        ----------
        places : ndarray, shape (n_free,)
            Each 0 to 1.

        Returns
        -------
        settings : Parameters
            The start's, with the free ones replaced.
        """
        pairs = zip(self.free, places.tolist(), strict=True)
        values = {free.name: free.at(place) for free, place in pairs}
        return with_values(self.start, values)


def with_values(parameters: Parameters, values: Mapping[str, float]) -> Parameters:
    """Return settings with some numbers replaced.

    Parameters
    ----------
    parameters : Parameters
        Any settings.
    values : mapping of str to float
        New values by name.

    Returns
    -------
    settings : Parameters
        All others as they were.
    """
    changes: dict[str, Any] = dict(values)
    return replace(parameters, **changes)
