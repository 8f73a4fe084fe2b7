"""Which stretch of time and how many columns a query asks for, within the settings' limits."""

import math
from typing import Any, Final

from liqbands.timeframes import DAY_MS, window_ms
from liqbands_server.errors import QuestionError
from liqbands_server.service.listings import Listing
from liqbands_server.service.resolutions import Resolution, find_timeframe, timeframe_of
from liqbands_server.web.context import Context

DEFAULT_COLUMNS: Final = 500
DEFAULT_WINDOW: Final = "1w"


def columns_asked(
    values: dict[str, Any],
    listing: Listing,
    as_of_ms: int,
    context: Context,
    most: int | None = None,
) -> tuple[Resolution, int, int]:
    """Return the length of a column, and the stretch of time in which columns open.

    Parameters
    ----------
    values : dict
        Loaded by `HeatmapParameters`, or a schema with some of its fields.
    listing : Listing
        What is asked about.
    as_of_ms : int
        As of when.
    context : Context
        The process's markets and settings.
    most : int, optional
        Bound on the columns; None takes that of the settings.

    Returns
    -------
    tuple of Resolution, int and int
        Resolution, `from` and `to`, UTC milliseconds.

    Raises
    ------
    QuestionError
        If they do not fit together, or a limit is exceeded.
    """
    from_ms, to_ms = window_asked(values, listing, as_of_ms, context)
    if "timeframe" in values:
        resolution = _own_timeframe(values["timeframe"], listing)
    else:
        resolution = _fitting(values, listing, to_ms - from_ms)
    limit = context.settings.max_columns if most is None else most
    _check_columns(values, resolution, to_ms - from_ms, limit)
    return resolution, from_ms, to_ms


def window_asked(
    values: dict[str, Any], listing: Listing, as_of_ms: int, context: Context
) -> tuple[int, int]:
    """Return the stretch of time that a query names.

    Parameters
    ----------
    values : dict
        Loaded by `WindowParameters`.
    listing : Listing
        What is asked about.
    as_of_ms : int
        As of when.
    context : Context
        The process's markets and settings.

    Returns
    -------
    tuple of int
        ``[from, to)``, UTC milliseconds.

    Raises
    ------
    QuestionError
        If `from` is not before `to`, both `from` and `window` are given, or it is too long.
    """
    if "from_ms" in values and "window" in values:
        raise QuestionError("from and window cannot both be given; leave one out", "window")
    last_ms = last_close_ms(listing, as_of_ms, context)
    to_ms: int = values.get("to_ms", last_ms)
    from_ms: int = values.get("from_ms", to_ms - _length_ms(values))
    if from_ms >= to_ms:
        raise QuestionError(f"from must be before to, was {from_ms} with to {to_ms}", "from")
    days = context.settings.max_window_days
    if to_ms - from_ms > days * DAY_MS:
        asked = math.ceil((to_ms - from_ms) / DAY_MS)
        raise QuestionError(f"from to to must be at most {days} days, was {asked} days", "from")
    return from_ms, to_ms


def _length_ms(values: dict[str, Any]) -> int:
    if "window" in values:
        return window_ms(str(values["window"]))
    if "timeframe" in values:
        n_columns: int = values.get("columns", DEFAULT_COLUMNS)
        return find_timeframe(values["timeframe"]).length_ms * n_columns
    return window_ms(DEFAULT_WINDOW)


def last_close_ms(listing: Listing, as_of_ms: int, context: Context) -> int:
    """Return when the newest bar of a listing's reference closed.

    Parameters
    ----------
    listing : Listing
        What is asked about.
    as_of_ms : int
        As of when.
    context : Context
        The process's markets.

    Returns
    -------
    int
        UTC milliseconds.
    """
    bars = context.markets.series(listing.reference).known_at(as_of_ms)
    return int(bars.open_time_ms[-1]) + bars.timeframe_ms


def _own_timeframe(name: str, listing: Listing) -> Resolution:
    resolution = find_timeframe(name)
    if resolution not in listing.resolutions:
        served = ", ".join(timeframe_of(one) for one in listing.resolutions)
        raise QuestionError(
            f"timeframe of {listing.ticker} must be one of {served}, was {name!r}", "timeframe"
        )
    return resolution


def _fitting(values: dict[str, Any], listing: Listing, length_ms: int) -> Resolution:
    columns = values.get("columns", DEFAULT_COLUMNS)
    fitting = (one for one in listing.resolutions if one.length_ms * columns >= length_ms)
    return next(fitting, listing.resolutions[-1])


def _check_columns(
    values: dict[str, Any], resolution: Resolution, length_ms: int, most: int
) -> None:
    wanted = values.get("columns", most)
    if wanted > most:
        raise QuestionError(f"columns must be at most {most}, was {wanted}", "columns")
    n_columns = math.ceil(length_ms / resolution.length_ms)
    if n_columns > wanted:
        name = timeframe_of(resolution)
        raise QuestionError(
            f"timeframe must be longer or the window shorter: {name} gives {n_columns} columns, "
            f"at most {wanted} are allowed",
            "timeframe",
        )


def check_cells(
    values: dict[str, Any], resolution: Resolution, length_ms: int, context: Context
) -> None:
    """Refuse a heatmap with too many rows, or too many cells.

    Parameters
    ----------
    values : dict
        With `bins`.
    resolution : Resolution
        Length of a column.
    length_ms : int
        Length of the window.
    context : Context
        The process's settings.

    Raises
    ------
    QuestionError
        If a limit is exceeded; the message says how many would do.
    """
    limits, rows = context.settings, values["bins"]
    if rows > limits.max_rows:
        raise QuestionError(f"bins must be at most {limits.max_rows}, was {rows}", "bins")
    n_columns = math.ceil(length_ms / resolution.length_ms)
    if n_columns * rows > limits.max_cells:
        most = limits.max_cells // n_columns
        raise QuestionError(
            f"bins must be at most {most} with {n_columns} columns, was {rows}", "bins"
        )
