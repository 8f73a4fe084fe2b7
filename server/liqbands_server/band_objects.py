"""A band as plain data: the same object in every document that holds bands."""

import math
from typing import Any

from liqbands.levels import Band


def band_object(band: Band) -> dict[str, Any]:
    """Return a band as plain data.

    Parameters
    ----------
    band : Band
        From `liqbands.bands`.

    Returns
    -------
    dict
        Numbers as in `liqbands.levels`; what is not known is None.
    """
    content = {
        "side": band.side.label,
        "low": band.low,
        "high": band.high,
        "peak_price": band.peak_price,
        "notional": band.notional,
        "notional_low": band.notional_low,
        "notional_high": band.notional_high,
        "leverage_notional": band.leverage_notional,
        "mean_age_ms": band.mean_age_ms,
        "distance": band.distance,
        "distance_atr": band.distance_atr,
        "reach_probability": band.reach_probability,
        "strength": band.strength,
        "state": band.state,
        "first_seen_ms": band.first_seen_ms,
    }
    return {name: known(value) for name, value in content.items()}


def known(value: object) -> object:
    """Return a value, or None for a number that is not known.

    Parameters
    ----------
    value : object
        NaN or infinite where it is not known.

    Returns
    -------
    object
        What JSON can hold.
    """
    return None if isinstance(value, float) and not math.isfinite(value) else value
