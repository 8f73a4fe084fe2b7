"""The letters of the margin formulas as arrays.

Linear contracts: quantity in base units, margins and deductions in quote.  Inverse contracts:
quantity is the face value in quote, margins and deductions are in coin.  Prices are quote per
base, rates are fractions.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from liqbands.instrument import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """Everything a margin formula may ask for, one entry per position.

    Parameters
    ----------
    side : ndarray, shape (n,)
        +1 long, -1 short (``s`` in the formulas).
    quantity : ndarray, shape (n,)
        Absolute size, base units (linear) or face value in quote (inverse) (``q``).
    entry_price : ndarray, shape (n,)
        Entry price, or the price at which `margin` was valued (``E``).
    margin : ndarray, shape (n,)
        Margin or equity behind the position, quote or coin (``M``).
    extra_margin : ndarray, shape (n,)
        Margin added by hand, quote or coin (``x``).
    maintenance_margin_rate : ndarray, shape (n,)
        Fraction of the value (``m``).
    maintenance_margin_slope : ndarray, shape (n,)
        Growth of the rate per coin of size (``k``).
    deduction : ndarray, shape (n,)
        Subtracted from the maintenance margin, quote or coin (``D``).
    taker_fee_rate : ndarray, shape (n,)
        Fee on closing, fraction of the value (``f``).
    leverage : ndarray, shape (n,)
        Entry value over margin (``L``).
    funding_rate : ndarray, shape (n,)
        Fraction of the value; only the historic BitMEX rule asks for it.
    """

    side: FloatArray
    quantity: FloatArray
    entry_price: FloatArray
    margin: FloatArray
    extra_margin: FloatArray
    maintenance_margin_rate: FloatArray
    maintenance_margin_slope: FloatArray
    deduction: FloatArray
    taker_fee_rate: FloatArray
    leverage: FloatArray
    funding_rate: FloatArray

    @classmethod
    def of(cls, **numbers: ArrayLike) -> Self:
        """Build terms by name; what is left out is 0, the quantity 1.

        Parameters
        ----------
        **numbers : array_like
            Any field of the class.

        Returns
        -------
        Terms
            Float arrays of one shape; single numbers hold for all.

        Raises
        ------
        TypeError
            If a name is not a field.

        Examples
        --------
        >>> Terms.of(side=1, entry_price=100, margin=[10, 20]).margin
        array([10., 20.])
        """
        defaults: dict[str, ArrayLike] = {field.name: 0.0 for field in fields(cls)}
        defaults["quantity"] = 1.0
        unknown = set(numbers) - set(defaults)
        if unknown:
            raise TypeError(f"terms are {', '.join(defaults)}; was {min(unknown)!r}")
        filled = defaults | numbers
        columns = np.broadcast_arrays(*(np.atleast_1d(filled[name]) for name in defaults))
        return cls(*(np.asarray(column, dtype=np.float64) for column in columns))

    def as_columns(self) -> Self:
        """Return the same terms with shape (n, 1), ready to be combined with rows of tiers.

        Returns
        -------
        Terms
            Views, every array of shape (n, 1).

        Examples
        --------
        >>> Terms.of(margin=[1.0, 2.0]).as_columns().margin.shape
        (2, 1)
        """
        return type(self)(
            **{field.name: getattr(self, field.name)[..., np.newaxis] for field in fields(self)}
        )
