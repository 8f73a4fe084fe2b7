"""Positions described in JSON, turned into the engine's terms and priced.

One position is an object with `venue`, `asset` or `symbol`, `contract`, `margin_mode`, `side` and
`inputs`; a key that is absent or null is not given.  Prices are quote per base; margins and
deductions quote (linear) or coin (inverse); rates are fractions.
"""

import json
import math
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from liqbands.errors import MarginInputError
from liqbands.instrument import ContractKind, Instrument, Side
from liqbands.margin import (
    LiquidationPrices,
    MarginMode,
    Positions,
    find_table,
    find_venue,
    liquidation_price,
)

PositionObject = Mapping[str, Any]

_PASSED_ON: Final = (
    "entry_price",
    "leverage",
    "margin",
    "extra_margin",
    "other_maintenance_margin",
    "other_unrealized_pnl",
    "maintenance_margin_rate",
    "maintenance_margin_slope",
    "maintenance_deduction",
    "taker_fee_rate",
    "funding_rate",
)


def price_batch(text: str) -> list[dict[str, Any]]:
    """Price every position of a JSON list.

    Parameters
    ----------
    text : str
        A list of positions, or an object that has one under ``"vectors"``.

    Returns
    -------
    list of dict
        The positions with `liquidation_price` (null where there is none), `rule`, `tier` (null
        where no tier has the rate) and `notes` added.

    Raises
    ------
    MarginInputError
        If the text is not such a list, or a position cannot be priced; the message names it.

    Examples
    --------
    >>> price_batch('[{"venue": "bybit", "contract": "linear", "side": "long", "inputs":'
    ...             ' {"entry_price": 100, "leverage": 1}}]')[0]["liquidation_price"] is None
    True
    """
    try:
        content = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (json.JSONDecodeError, RecursionError) as error:
        raise MarginInputError(f"the batch must be JSON, was not: {error}") from error
    positions = content.get("vectors") if isinstance(content, dict) else content
    if not isinstance(positions, list):
        raise MarginInputError(
            "the batch must be a JSON list of positions, or an object with one under "
            f"'vectors', was {_json_type(content)}"
        )
    return [_priced(position, number) for number, position in enumerate(positions, start=1)]


def price_position(position: PositionObject) -> LiquidationPrices:
    """Price one position.

    Parameters
    ----------
    position : mapping
        The position as it stands in JSON.

    Returns
    -------
    LiquidationPrices
        Arrays of shape (1,).

    Raises
    ------
    MarginInputError
        If a field is missing or wrong; the message names field, value and remedy.

    Examples
    --------
    >>> price_position({"venue": "bybit", "contract": "linear", "side": "long", "status":
    ...     "superseded", "inputs": {"entry_price": 100, "leverage": 10,
    ...     "maintenance_margin_rate": 0.005}}).price
    array([90.5])
    """
    kind = contract_kind(position)
    venue = _text(position, "venue") or _text(position, "ccxt_id")
    if not venue:
        raise MarginInputError("venue is missing; give a venue, any unknown one is generic")
    symbol = _text(position, "symbol") or _text(position, "asset")
    instrument = Instrument(venue, symbol, contract_kind=kind)
    inputs = position.get("inputs")
    if not isinstance(inputs, Mapping):
        raise MarginInputError(f"inputs must be an object, was {_json_type(inputs)}")
    numbers = {name: _number(inputs, name) for name in _PASSED_ON}
    numbers["quantity"] = _quantity(inputs, instrument)
    numbers["maintenance_margin_rate"] = _rate(inputs, venue, kind)
    given = {name: number for name, number in numbers.items() if number is not None}
    _check_margin_unit(inputs, kind)
    return liquidation_price(
        instrument,
        Positions.from_arrays(side=_side(position), **given),
        margin_mode=_margin_mode(position),
        at_ms=_moment(position),
        formula=_text(position, "formula") or None,
    )


def contract_kind(position: PositionObject) -> ContractKind:
    """Return the contract of a position: as stated, else from the symbol.

    Parameters
    ----------
    position : mapping
        The position as it stands in JSON.

    Returns
    -------
    ContractKind
        Inverse where the symbol settles in its base coin.

    Raises
    ------
    MarginInputError
        If it is unknown, or neither stated nor in the symbol.

    Examples
    --------
    >>> contract_kind({"symbol": "BTC/USD:BTC"}).value
    'inverse'
    """
    stated, symbol = _text(position, "contract"), _text(position, "symbol")
    if stated:
        if stated not in set(ContractKind):
            raise MarginInputError(f"contract must be linear or inverse, was {stated!r}")
        return ContractKind(stated)
    if "/" not in symbol or ":" not in symbol:
        raise MarginInputError("contract is missing; give linear or inverse, or a unified symbol")
    settles_in_base = symbol.split("/")[0] == symbol.split(":")[1]
    return ContractKind.INVERSE if settles_in_base else ContractKind.LINEAR


def _priced(position: object, number: int) -> dict[str, Any]:
    if not isinstance(position, dict):
        raise MarginInputError(f"position {number} must be an object, was {_json_type(position)}")
    try:
        result = price_position(position)
    except MarginInputError as error:
        name = position.get("id") or f"number {number}"
        raise MarginInputError(f"position {name}: {error}") from error
    price, tier = float(result.price[0]), int(result.tier[0])
    return position | {
        "liquidation_price": None if math.isnan(price) else price,
        "rule": result.rule,
        "tier": tier or None,
        "notes": list(result.notes),
    }


def _number(inputs: PositionObject, name: str) -> float | None:
    value = inputs.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MarginInputError(f"{name} must be a number or null, was {value!r}")
    if not abs(value) <= sys.float_info.max:
        raise MarginInputError(f"{name} must be finite, which {str(value)[:12]} is not")
    return float(value)


def _text(position: PositionObject, name: str) -> str:
    value = position.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MarginInputError(f"{name} must be text or null, was {value!r}")
    return value.strip()


def _side(position: PositionObject) -> float:
    sides = {side.label: float(side) for side in Side}
    stated = _text(position, "side")
    if stated not in sides:
        raise MarginInputError(f"side must be long or short, was {stated or 'missing'!r}")
    return sides[stated]


def _margin_mode(position: PositionObject) -> MarginMode:
    stated = _text(position, "margin_mode") or MarginMode.ISOLATED
    if stated not in set(MarginMode):
        raise MarginInputError(f"margin_mode must be isolated or cross, was {stated!r}")
    return MarginMode(stated)


def _moment(position: PositionObject) -> int | None:
    """Return the time of the data: its date, or any time before the rule of today."""
    stated = _text(position, "at")
    if not stated:
        return 0 if position.get("status") == "superseded" else None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError as error:
        raise MarginInputError(f"at must be a date such as 2025-09-02, was {stated!r}") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _quantity(inputs: PositionObject, instrument: Instrument) -> float | None:
    """Return base units (linear) or face value (inverse), whatever unit was given."""
    quantity = _number(inputs, "quantity")
    if quantity is None:
        return None
    is_linear = instrument.contract_kind is ContractKind.LINEAR
    natural, other = ("base", "quote") if is_linear else ("quote", "base")
    unit = _text(inputs, "quantity_unit") or natural
    if unit == natural:
        return quantity
    if unit == other:
        entry = _number(inputs, "entry_price") or math.nan
        return quantity / entry if is_linear else quantity * entry
    if unit != "contracts":
        raise MarginInputError(f"quantity_unit must be base, quote or contracts, was {unit!r}")
    return quantity * _contract_size(inputs, instrument)


def _contract_size(inputs: PositionObject, instrument: Instrument) -> float:
    size = _number(inputs, "contract_size")
    venue = find_venue(instrument.venue, instrument.contract_kind)
    table = find_table(venue.tiers, instrument.symbol, instrument.contract_kind)
    if size is None and table is None:
        raise MarginInputError("contract_size is missing; a quantity in contracts needs it")
    if size is not None and not size > 0:
        raise MarginInputError(f"contract_size must be positive, was {size:g}")
    return size if size is not None else table.contract_size if table else math.nan


def _rate(inputs: PositionObject, venue: str, kind: ContractKind) -> float | None:
    """Return the rate, which Hyperliquid states as half of 1 / highest leverage."""
    rate, highest = _number(inputs, "maintenance_margin_rate"), _number(inputs, "max_leverage")
    if rate is not None or highest is None or find_venue(venue, kind).key != "hyperliquid":
        return rate
    if highest < 1:
        raise MarginInputError(f"max_leverage must be at least 1, was {highest:g}")
    return 1 / (2 * highest)


def _check_margin_unit(inputs: PositionObject, kind: ContractKind) -> None:
    needed = "quote" if kind is ContractKind.LINEAR else "base"
    unit = _text(inputs, "margin_unit") or needed
    if unit != needed:
        raise MarginInputError(f"margin_unit must be {needed} for {kind} contracts, was {unit!r}")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse_constant(digits)


def _refuse_constant(name: str) -> float:
    raise MarginInputError(f"the batch must be strict JSON without {name}; use null")


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", type(None): "missing or null"}
    return names.get(type(value), repr(value))
