"""Reads the tier tables that ship with the package, each file once and only when asked for.

Rows and their provenance stand in ``tier_data/*.json``; bounds in the unit each table names.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from liqbands.errors import UnknownSymbolError
from liqbands.instrument import ContractKind
from liqbands.margin.tiers import TierTable

GENERIC_MAINTENANCE_MARGIN_RATE: Final = 0.005
"""Half a per cent: the first tier of large perpetuals is .4 to .5 % on most venues."""

GENERIC_MAX_LEVERAGE: Final = 100.0
"""Venues ask about twice the maintenance margin to open: 1 / (2 * 0.005)."""

_SETTLE_ORDER: Final = (
    "USDT",
    "USDC",
    "USD",
)  # which of an asset's contracts stands for it
_FROM_COLUMN: Final = {"number": "tier", "lower": "min", "upper": "max"}
_ROW_FIELDS: Final = (
    "number",
    "lower",
    "upper",
    "maintenance_margin_rate",
    "maintenance_margin_slope",
    "initial_margin_rate",
    "initial_margin_slope",
    "max_leverage",
    "deduction",
)


@cache
def load_tables(file: str) -> Mapping[str, TierTable]:
    """Return all tables of one file by unified symbol.

    Parameters
    ----------
    file : str
        Name in ``tier_data`` without ending, e.g. ``"bybit"``.

    Returns
    -------
    mapping of str to TierTable
        Read-only.

    Raises
    ------
    UnknownSymbolError
        If there is no such file.

    Examples
    --------
    >>> sorted(load_tables("okx"))
    ['BTC/USDT:USDT', 'ETH/USDT:USDT']
    """
    path = resources.files("liqbands.margin") / "tier_data" / f"{file}.json"
    if not path.is_file():
        raise UnknownSymbolError(f"there are no tier tables named {file!r}")
    content = json.loads(path.read_text(encoding="utf-8"))
    columns = content["columns"]
    return MappingProxyType(
        {symbol: _table(symbol, entry, columns) for symbol, entry in content["symbols"].items()}
    )


def tier_table(file: str, symbol: str) -> TierTable:
    """Return the table of one instrument.

    Parameters
    ----------
    file : str
        Name in ``tier_data`` without ending.
    symbol : str
        Unified symbol.

    Returns
    -------
    TierTable
        The rows with their quality and date.

    Raises
    ------
    UnknownSymbolError
        If the file or the symbol is unknown.

    Examples
    --------
    >>> tier_table("bybit", "BTC/USDT:USDT").maintenance_margin_rate[:2]
    array([0.005, 0.01 ])
    """
    tables = load_tables(file)
    if symbol not in tables:
        raise UnknownSymbolError(f"{file} has tiers for {', '.join(tables)}, was {symbol!r}")
    return tables[symbol]


def find_table(file: str | None, name: str, contract_kind: ContractKind) -> TierTable | None:
    """Return the table that a symbol, a venue's own symbol or an asset stands for.

    Parameters
    ----------
    file : str or None
        Name in ``tier_data``; None for a venue without tables.
    name : str
        ``"BTC/USDT:USDT"``, ``"BTCUSDT"`` or ``"BTC"``.
    contract_kind : ContractKind
        Contract it is wanted for.

    Returns
    -------
    TierTable or None
        For an asset the contract against USDT, else USDC, else USD; None if there is none.

    Examples
    --------
    >>> find_table("binance_usdm", "BTC", ContractKind.LINEAR).symbol
    'BTC/USDT:USDT'
    >>> find_table("okx", "DOGE", ContractKind.LINEAR) is None
    True
    """
    if file is None or not name:
        return None
    tables = [t for t in load_tables(file).values() if t.contract_kind is contract_kind]
    exact = [table for table in tables if name in (table.symbol, table.venue_symbol)]
    of_asset = [table for table in tables if table.symbol.startswith(f"{name}/")]
    return next(iter(exact or sorted(of_asset, key=_settle_rank)), None)


@cache
def generic_table(contract_kind: ContractKind) -> TierTable:
    """Return the one row that stands in for tiers nobody gave us.

    Parameters
    ----------
    contract_kind : ContractKind
        Linear or inverse.

    Returns
    -------
    TierTable
        `GENERIC_MAINTENANCE_MARGIN_RATE` for any size, quality ``"generic"``, row number 0.

    Examples
    --------
    >>> generic_table(ContractKind.LINEAR).maintenance_margin_rate
    array([0.005])
    """
    rate = GENERIC_MAINTENANCE_MARGIN_RATE
    row = [0, 0, None, rate, 0, 1 / GENERIC_MAX_LEVERAGE, 0, GENERIC_MAX_LEVERAGE, 0]
    entry = {
        "venue_symbol": "",
        "contract": contract_kind,
        "scheme": "flat",
        "bound_unit": "quote",
        "contract_size": None,
        "quality": "generic",
        "as_of": None,
        "rows": [row],
    }
    return _table("", entry, [_FROM_COLUMN.get(field, field) for field in _ROW_FIELDS])


def _settle_rank(table: TierTable) -> int:
    quote = table.symbol.split(":", maxsplit=1)[0].split("/")[1]
    return _SETTLE_ORDER.index(quote) if quote in _SETTLE_ORDER else len(_SETTLE_ORDER)


def _table(symbol: str, entry: Mapping[str, Any], columns: list[str]) -> TierTable:
    rows = dict(zip(columns, zip(*entry["rows"], strict=True), strict=True))
    rows["max"] = tuple(np.inf if bound is None else bound for bound in rows["max"])
    arrays: dict[str, Any] = {
        field: np.array(rows[_FROM_COLUMN.get(field, field)], dtype=np.float64)
        for field in _ROW_FIELDS
    }
    arrays["number"] = arrays["number"].astype(np.int64)
    for array in arrays.values():
        array.flags.writeable = False
    return TierTable(
        symbol=symbol,
        venue_symbol=entry["venue_symbol"],
        contract_kind=ContractKind(entry["contract"]),
        scheme=entry["scheme"],
        bound_unit=entry["bound_unit"],
        contract_size=entry["contract_size"] or 1.0,
        quality=entry["quality"],
        as_of=entry["as_of"],
        **arrays,
    )
