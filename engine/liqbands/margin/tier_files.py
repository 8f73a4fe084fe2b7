"""Reads tier tables: those that ship with the package, and documents of the same form.

Rows and their provenance stand in ``tier_data/*.json``, each file is read once and only when asked
for; bounds in the unit each table names.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final, get_args

import numpy as np

from liqbands.errors import TierDocumentError, UnknownSymbolError
from liqbands.instrument import ContractKind
from liqbands.margin.tiers import BoundUnit, Quality, Scheme, TierTable

GENERIC_MAINTENANCE_MARGIN_RATE: Final = 0.005
"""Half a per cent: the first tier of large perpetuals is .4 to .5 % on most venues."""

GENERIC_MAX_LEVERAGE: Final = 100.0
"""Venues ask about twice the maintenance margin to open: 1 / (2 * 0.005)."""

SCHEMA: Final = "liqbands-tier-tables-1"
"""What documents of this form say of themselves."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "scheme": get_args(Scheme),
    "bound_unit": get_args(BoundUnit),
    "quality": get_args(Quality),
}
_OTHER_FORM: Final = (AttributeError, LookupError, TypeError, ValueError, OverflowError)

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


def read_table(document: str) -> TierTable:
    """Return the table of a document that holds one market, as a venue's live tiers are kept.

    Parameters
    ----------
    document : str
        JSON in the form of the files in ``tier_data``.

    Returns
    -------
    TierTable
        Its rows.

    Raises
    ------
    TierDocumentError
        If it is of another form, holds no market or several, or its rows cannot be true.

    Examples
    --------
    >>> row = [1, 0, None, 0.0125, 0, 0.025, 0, 40, 0]
    >>> entry = {"venue_symbol": "BTC", "contract": "linear", "bound_unit": "quote",
    ...          "contract_size": 1, "scheme": "flat", "quality": "full", "as_of": "2026-11-21",
    ...          "rows": [row]}
    >>> columns = ["tier", "min", "max", "maintenance_margin_rate", "maintenance_margin_slope",
    ...            "initial_margin_rate", "initial_margin_slope", "max_leverage", "deduction"]
    >>> table = read_table(json.dumps({"schema": SCHEMA, "columns": columns,
    ...                                "symbols": {"BTC/USDC:USDC": entry}}))
    >>> table.symbol, table.max_leverage
    ('BTC/USDC:USDC', array([40.]))
    """
    symbol, entry, columns = _only_market(document)
    try:
        table = _table(symbol, entry, columns)
    except _OTHER_FORM as error:
        raise TierDocumentError(f"{symbol} has no tier table: {error!r:.80}") from error
    _refuse_unknown(table)
    _refuse_impossible(table)
    return table


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


def _only_market(document: str) -> tuple[str, Mapping[str, Any], list[str]]:
    """Return symbol, table and names of columns."""
    try:
        content = json.loads(document)
        form, columns, markets = content["schema"], content["columns"], list(content["symbols"])
        if form == SCHEMA and len(markets) == 1:
            return markets[0], content["symbols"][markets[0]], columns
    except _OTHER_FORM as error:
        raise TierDocumentError(f"this is no tier document: {error!r:.80}") from error
    wrong = f"was {form!r:.40} with {len(markets)}"
    raise TierDocumentError(f"a tier document must be {SCHEMA!r} with one market, {wrong}")


def _refuse_unknown(table: TierTable) -> None:
    for name, choices in _WORDS.items():
        if (found := getattr(table, name)) not in choices:
            raise TierDocumentError(f"{name} must be one of {', '.join(choices)}, was {found!r}")
    if not table.contract_size > 0:
        raise TierDocumentError(f"contract_size must be positive, was {table.contract_size}")


def _refuse_impossible(table: TierTable) -> None:
    rates = (table.maintenance_margin_rate, table.initial_margin_rate)
    if not all(np.all((rate > 0) & (rate <= 1)) for rate in rates):
        raise TierDocumentError(f"rates must be above 0 and at most 1, were {rates[0]}, {rates[1]}")
    if not (table.lower[0] == 0 and np.all(table.upper > table.lower)):
        raise TierDocumentError(f"tiers must begin at 0 and have a width, ended at {table.upper}")
    if np.any(table.lower[1:] != table.upper[:-1]):
        raise TierDocumentError(f"each tier must begin where one ends, began at {table.lower}")
    if not np.all(table.max_leverage >= 1):
        raise TierDocumentError(f"max_leverage must be at least 1, was {table.max_leverage}")
    if not np.all(np.isfinite(table.deduction)):
        raise TierDocumentError(f"deduction must be a number, was {table.deduction}")


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
        contract_size=float(entry["contract_size"] or 1.0),
        quality=entry["quality"],
        as_of=entry["as_of"],
        **arrays,
    )
