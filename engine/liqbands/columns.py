"""Which column of a table is which: one list of names, read without regard to spelling.

``"Open Time"``, ``"open_time"``, ``"OpenTime"`` and ``"<OPEN TIME>"`` are the same name.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from liqbands.candle_rules import PRICES
from liqbands.clocks import BROKER
from liqbands.errors import MarketDataError

TIME_COLUMN: Final = "time"
REQUIRED: Final = (TIME_COLUMN, *PRICES)

KNOWN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    TIME_COLUMN: (
        "open_time_ms",
        "open_time",
        "opened_at",
        "timestamp",
        "timestamp_ms",
        "ts",
        "ts_ms",
        "ts_broker",
        "datetime",
        "date_time",
        "unix",
        "time",
        "time_ms",
        "date",
        "gmt_time",
        "t",
    ),
    "open": ("open", "open_price", "o"),
    "high": ("high", "high_price", "h"),
    "low": ("low", "low_price", "l"),
    "close": ("close", "close_price", "c"),
    "volume": (
        "volume",
        "vol",
        "base_volume",
        "v",
        "tick_volume",
        "tickvol",
        "ticks",
        "amount",
    ),
    "quote_volume": ("quote_volume", "quote_asset_volume", "turnover"),
    "taker_buy_volume": (
        "taker_buy_volume",
        "taker_buy_base_volume",
        "taker_buy_base_asset_volume",
        "taker_buy_base",
    ),
    "open_interest": (
        "open_interest_close",
        "oi_close",
        "open_interest",
        "oi",
        "sum_open_interest",
        "open_interest_open",
        "oi_open",
    ),
    "funding_rate": ("funding_rate", "last_funding_rate", "funding"),
    "mark_high": ("mark_high", "mark_price_high"),
    "mark_low": ("mark_low", "mark_price_low"),
    "mark_close": ("mark_close", "mark_price_close", "mark_price"),
    "long_liquidated": ("long_liquidated", "liq_long", "long_liquidations"),
    "short_liquidated": ("short_liquidated", "liq_short", "short_liquidations"),
}
"""Our column, then the names it is known by; of several in one table the first listed wins."""

STAMPED_AT: Final = {
    "openinterestopen": "open",
    "oiopen": "open",
    "openinterestclose": "close",
    "oiclose": "close",
}
"""Names of open interest that say themselves when it was taken."""

NATURAL_ZONE: Final = {"tsbroker": BROKER}
"""Time columns whose name says which clock they are written in."""


def plain(name: object) -> str:
    """Return a column's name in lower case with nothing but letters and digits.

    Parameters
    ----------
    name : object
        The name as the table has it; numbers are names too.

    Returns
    -------
    str
        The plain name, possibly empty.

    Examples
    --------
    >>> plain("<Open Time>"), plain("openTime"), plain("open_time")
    ('opentime', 'opentime', 'opentime')
    """
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def find_columns(names: Sequence[object]) -> dict[str, list[int]]:
    """Return where each of our columns may be found.

    Parameters
    ----------
    names : sequence
        The table's column names, in order.

    Returns
    -------
    dict of str to list of int
        For each of our columns that is there, the positions in the order of preference.

    Examples
    --------
    >>> find_columns(["Date", "Close", "Vol", "Volume"])
    {'time': [0], 'close': [1], 'volume': [3, 2]}
    """
    position: dict[str, int] = {}
    for index, name in enumerate(names):
        position.setdefault(plain(name), index)
    found = {
        ours: [position[plain(name)] for name in known if plain(name) in position]
        for ours, known in KNOWN_NAMES.items()
    }
    return {ours: positions for ours, positions in found.items() if positions}


def require_column(ours: str, names: Sequence[object]) -> MarketDataError:
    """Return the error that says which columns a table has and which it lacks.

    Parameters
    ----------
    ours : str
        The column that was not found, one of `REQUIRED`.
    names : sequence
        The table's column names.

    Returns
    -------
    MarketDataError
        To be raised by the caller.

    Examples
    --------
    >>> print(require_column("close", ["time", "open", "high", "low", "closing"]))
    no column 'close' (did you mean 'closing'?): found time, open, high, low, closing; needed are \
time, open, high, low, close
    """
    by_plain_name = {plain(name): name for name in names}
    used = set(find_columns(names))
    spare = [key for key in by_plain_name if not set(find_columns([key])) & used]
    near = [
        match for name in KNOWN_NAMES[ours] for match in get_close_matches(plain(name), spare, n=1)
    ]
    hint = f" (did you mean {by_plain_name[near[0]]!r}?)" if near else ""
    found = ", ".join(str(name) for name in names) or "none"
    return MarketDataError(
        f"no column {ours!r}{hint}: found {found}; needed are {', '.join(REQUIRED)}"
    )
