"""Positions as a trader describes them, checked once; what is not given is NaN.

Linear contracts: quantity in base units, margins and deductions in quote.  Inverse contracts:
quantity is the face value in quote, margins and deductions are in coin.  Rates are fractions.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from liqbands.errors import MarginInputError
from liqbands.instrument import FloatArray

_NEEDED: Final = ("side", "entry_price")
_ZERO_WHEN_LEFT_OUT: Final = (
    "extra_margin",
    "other_maintenance_margin",
    "other_unrealized_pnl",
    "maintenance_margin_slope",
    "maintenance_deduction",
    "funding_rate",
)


@dataclass(frozen=True, eq=False)
class Positions:
    """Positions of one instrument, one entry each; build them with `from_arrays`.

    Parameters
    ----------
    side : ndarray, shape (n,)
        +1 long, -1 short.
    entry_price : ndarray, shape (n,)
        Average entry, or the price at which `margin` was valued; quote per base.
    quantity : ndarray, shape (n,)
        Absolute size, base units (linear) or face value in quote (inverse).  Without it the
        margin comes from the leverage and the first tier is taken.
    leverage : ndarray, shape (n,)
        Entry value over margin, at least 1; used where no margin is given.
    margin : ndarray, shape (n,)
        Position margin (isolated) or wallet balance (cross), quote or coin.
    extra_margin : ndarray, shape (n,)
        Margin added by hand, quote or coin.
    other_maintenance_margin, other_unrealized_pnl : ndarray, shape (n,)
        Of the account's other positions, quote or coin; they count in cross margin only.
    maintenance_margin_rate, maintenance_margin_slope : ndarray, shape (n,)
        Rate to use instead of the tiers', and its growth per coin.
    maintenance_deduction : ndarray, shape (n,)
        Deduction that belongs to the rate given.
    taker_fee_rate : ndarray, shape (n,)
        Fee to use instead of the venue's default.
    funding_rate : ndarray, shape (n,)
        Only the historic BitMEX rule asks for it.

    Raises
    ------
    MarginInputError
        If a number is out of its range or something is missing; the message names the field,
        the value and the remedy.
    """

    side: FloatArray
    entry_price: FloatArray
    quantity: FloatArray
    leverage: FloatArray
    margin: FloatArray
    extra_margin: FloatArray
    other_maintenance_margin: FloatArray
    other_unrealized_pnl: FloatArray
    maintenance_margin_rate: FloatArray
    maintenance_margin_slope: FloatArray
    maintenance_deduction: FloatArray
    taker_fee_rate: FloatArray
    funding_rate: FloatArray

    @classmethod
    def from_arrays(cls, **columns: ArrayLike) -> Self:
        """Build positions from columns by name; single numbers hold for all.

        Parameters
        ----------
        **columns : array_like, scalar or shape (n,)
            Any field of the class; `side` and `entry_price` are needed.

        Returns
        -------
        Positions
            Checked, read-only arrays of shape (n,).

        Raises
        ------
        MarginInputError
            If a column is unknown, missing or breaks a rule.

        Examples
        --------
        >>> len(Positions.from_arrays(side=1, entry_price=100.0, leverage=[5, 10, 20]))
        3
        """
        names = [field.name for field in fields(cls)]
        for name in columns:
            if name not in names:
                raise MarginInputError(f"{name} is no field; fields are {', '.join(names)}")
        for name in _NEEDED:
            if name not in columns:
                raise MarginInputError(f"{name} is missing; give one per position")
        filled: dict[str, ArrayLike] = {
            name: columns.get(name, 0.0 if name in _ZERO_WHEN_LEFT_OUT else np.nan)
            for name in names
        }
        try:
            arrays = np.broadcast_arrays(*(np.atleast_1d(filled[name]) for name in names))
            return cls(*(np.array(array, dtype=np.float64) for array in arrays))
        except MarginInputError:
            raise
        except ValueError as error:
            raise MarginInputError(f"columns must be numbers of one length: {error}") from error

    def __post_init__(self) -> None:
        for name, is_good, rule in _CHECKS:
            values = getattr(self, name)
            values.flags.writeable = False
            self._refuse(name, ~is_good(values), rule)
        self._refuse(
            "margin",
            np.isnan(self.margin) & np.isnan(self.leverage),
            "must be given, or leverage",
        )
        of_size = ~np.isnan(self.margin) | (self.extra_margin > 0) | (self._others != 0)
        self._refuse(
            "quantity",
            np.isnan(self.quantity) & of_size,
            "must be given along with a margin",
        )
        self._refuse(
            "maintenance_deduction",
            np.isnan(self.maintenance_margin_rate) & (self.maintenance_deduction > 0),
            "needs the maintenance_margin_rate of the same tier",
        )

    def __len__(self) -> int:
        return len(self.side)

    @property
    def _others(self) -> FloatArray:
        return np.abs(self.other_maintenance_margin) + np.abs(self.other_unrealized_pnl)

    def _refuse(self, name: str, bad: NDArray[np.bool_], rule: str) -> None:
        rows = np.flatnonzero(bad)
        if len(rows):
            which = f"position {rows[0]}: " if len(self) > 1 else ""
            value = getattr(self, name)[rows[0]]
            if np.isnan(value):
                raise MarginInputError(f"{which}{name} is missing, it {rule}")
            raise MarginInputError(f"{which}{name} {rule}, was {value:g}")


def _one_of_both_sides(values: FloatArray) -> NDArray[np.bool_]:
    return np.isin(values, (1, -1))


def _positive(values: FloatArray) -> NDArray[np.bool_]:
    return (values > 0) & np.isfinite(values)


def _positive_or_missing(values: FloatArray) -> NDArray[np.bool_]:
    return _positive(values) | np.isnan(values)


def _leverage_or_missing(values: FloatArray) -> NDArray[np.bool_]:
    return (values >= 1) & np.isfinite(values) | np.isnan(values)


def _not_infinite(values: FloatArray) -> NDArray[np.bool_]:
    return ~np.isinf(values)


def _finite(values: FloatArray) -> NDArray[np.bool_]:
    return np.isfinite(values)


def _not_negative(values: FloatArray) -> NDArray[np.bool_]:
    return (values >= 0) & np.isfinite(values)


def _fraction_or_missing(values: FloatArray) -> NDArray[np.bool_]:
    return (values >= 0) & (values < 1) | np.isnan(values)


_FRACTION = "must be a fraction in [0, 1), 0.5 % is 0.005"
_CHECKS: Final[tuple[tuple[str, Callable[[FloatArray], NDArray[np.bool_]], str], ...]] = (
    ("side", _one_of_both_sides, "must be +1 (long) or -1 (short)"),
    ("entry_price", _positive, "must be positive"),
    (
        "quantity",
        _positive_or_missing,
        "must be positive, the side tells the direction",
    ),
    ("leverage", _leverage_or_missing, "must be at least 1"),
    ("margin", _not_infinite, "must be finite"),
    ("extra_margin", _not_negative, "must not be negative"),
    ("other_maintenance_margin", _not_negative, "must not be negative"),
    ("other_unrealized_pnl", _finite, "must be a number"),
    ("maintenance_margin_rate", _fraction_or_missing, _FRACTION),
    ("maintenance_margin_slope", _not_negative, "must not be negative"),
    ("maintenance_deduction", _not_negative, "must not be negative"),
    ("taker_fee_rate", _fraction_or_missing, _FRACTION),
    ("funding_rate", _finite, "must be a number"),
)
