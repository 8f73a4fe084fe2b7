"""`liqbands price`: one liquidation price with its rule and tier, or a whole batch as JSON."""

import json
import math
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from liqbands.errors import MarginInputError
from liqbands.margin import LiquidationPrices, find_table, find_venue
from liqbands_server.cli.price_batch import (
    PositionObject,
    contract_kind,
    price_batch,
    price_position,
)

_SIGNIFICANT_DIGITS: Final = 7


def price(  # noqa: PLR0913 - one parameter per option
    *,
    venue: Annotated[str, typer.Option(help="Venue, e.g. bybit; unknown ones are generic.")] = "",
    symbol: Annotated[str, typer.Option(help="Symbol, e.g. BTC/USDT:USDT.")] = "",
    side: Annotated[str, typer.Option(help="long or short.")] = "",
    entry: Annotated[float | None, typer.Option(help="Entry price, quote per base.")] = None,
    leverage: Annotated[float | None, typer.Option(help="Unless --margin is given.")] = None,
    quantity: Annotated[
        float | None, typer.Option(help="Base units, or face value in quote if inverse.")
    ] = None,
    contract: Annotated[
        str, typer.Option(help="linear or inverse; by default what the symbol says.")
    ] = "",
    margin_mode: Annotated[str, typer.Option(help="isolated or cross.")] = "isolated",
    margin: Annotated[
        float | None, typer.Option(help="Position margin, or wallet balance in cross mode.")
    ] = None,
    extra_margin: Annotated[float | None, typer.Option(help="Margin added by hand.")] = None,
    maintenance_margin_rate: Annotated[
        float | None, typer.Option(help="Fraction; by default from the venue's tiers.")
    ] = None,
    maintenance_deduction: Annotated[
        float | None, typer.Option(help="Deduction of the same tier.")
    ] = None,
    taker_fee_rate: Annotated[
        float | None, typer.Option(help="Fraction, where the venue's rule asks for it.")
    ] = None,
    other_maintenance_margin: Annotated[
        float | None, typer.Option(help="Of the account's other positions (cross).")
    ] = None,
    other_unrealized_pnl: Annotated[
        float | None, typer.Option(help="Of the account's other positions (cross).")
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="DATE", help="Date of the data, for rules that changed.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    batch: Annotated[
        str, typer.Option(metavar="FILE", help="Price a JSON list of positions; - is stdin.")
    ] = "",
) -> None:
    """Print where a position is liquidated, with the rule and the tier used.

    \f

    Parameters
    ----------
    venue, symbol, side : str
        Where and what was traded, and in which direction.
    entry, leverage, quantity, margin, extra_margin : float or None
        The position: prices in quote per base, margins in quote (linear) or coin (inverse).
    contract, margin_mode : str
        Linear or inverse, isolated or cross.
    maintenance_margin_rate, maintenance_deduction, taker_fee_rate : float or None
        Rates as fractions, in place of the venue's.
    other_maintenance_margin, other_unrealized_pnl : float or None
        What the account's other positions need and have won.
    at : str
        Date of the data.
    as_json : bool
        Print JSON instead of text.
    batch : str
        File with a JSON list of positions, ``-`` for standard input.

    Raises
    ------
    MarginInputError
        If the position or the batch is not valid.

    Examples
    --------
    >>> price(venue="bybit", symbol="BTC/USDT:USDT", side="long", entry=20_000.0, leverage=50.0,
    ...       maintenance_margin_rate=0.005, as_json=True)  # doctest: +ELLIPSIS
    {...
      "liquidation_price": 19698.49246231156,
    ...
    """  # noqa: D301 - the escape ends the help text
    inputs = {
        "entry_price": entry,
        "leverage": leverage,
        "quantity": quantity,
        "margin": margin,
        "extra_margin": extra_margin,
        "maintenance_margin_rate": maintenance_margin_rate,
        "maintenance_deduction": maintenance_deduction,
        "taker_fee_rate": taker_fee_rate,
        "other_maintenance_margin": other_maintenance_margin,
        "other_unrealized_pnl": other_unrealized_pnl,
    }
    if batch:
        _refuse_position_beside_batch({"venue": venue, "side": side, "symbol": symbol} | inputs)
        _print_json(price_batch(_read(batch)))
        return
    position = _position(venue, symbol, contract, inputs) | {
        "side": side,
        "margin_mode": margin_mode,
        "at": at,
    }
    result = price_position(position)
    _print_json(_as_object(position, result)) if as_json else _print_text(position, result)


def _position(
    venue: str, symbol: str, contract: str, inputs: dict[str, float | None]
) -> dict[str, Any]:
    if not venue:
        raise MarginInputError("--venue is missing; give a venue such as bybit, or --batch FILE")
    if inputs["entry_price"] is None:
        raise MarginInputError("--entry is missing; give the entry price")
    stated = contract or ("" if "/" in symbol and ":" in symbol else "linear")
    kind = contract_kind({"contract": stated, "symbol": symbol})
    return {"venue": venue, "symbol": symbol, "contract": kind.value, "inputs": inputs}


def _refuse_position_beside_batch(options: dict[str, Any]) -> None:
    given = [name for name, value in options.items() if value not in ("", None)]
    if given:
        option = given[0].replace("entry_price", "entry").replace("_", "-")
        raise MarginInputError(f"--{option} does not go with --batch; put it into the file")


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MarginInputError(f"--batch {name} cannot be read: {reason}") from error


def _print_json(content: object) -> None:
    typer.echo(json.dumps(content, indent=2, allow_nan=False))


def _as_object(position: PositionObject, result: LiquidationPrices) -> dict[str, Any]:
    return {
        "venue": result.venue,
        "symbol": position["symbol"],
        "side": position["side"],
        "contract": position["contract"],
        "margin_mode": position["margin_mode"],
        "liquidation_price": _or_none(result.price[0]),
        "bankruptcy_price": _or_none(result.bankruptcy_price[0]),
        "distance": _or_none(result.price[0] / position["inputs"]["entry_price"] - 1),
        "rule": result.rule,
        "tier": int(result.tier[0]) or None,
        "maintenance_margin_rate": _or_none(result.maintenance_margin_rate[0]),
        "maintenance_deduction": _or_none(result.maintenance_deduction[0]),
        "quality": result.quality,
        "as_of": result.as_of,
        "is_generic": result.is_generic,
        "notes": list(result.notes),
    }


def _or_none(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _print_text(position: PositionObject, result: LiquidationPrices) -> None:
    entry = position["inputs"]["entry_price"]
    found = float(result.price[0])
    distance = "" if math.isnan(found) else f"  ({(found / entry - 1) * 100:+.2f} % from entry)"
    table = Table.grid(padding=(0, 2))
    table.add_row("liquidation price", f"{_price_text(found)}{distance}")
    table.add_row("bankruptcy price", _price_text(float(result.bankruptcy_price[0])))
    table.add_row("rule", result.rule)
    table.add_row("tier", _tier_text(position, result))
    for note in result.notes:
        table.add_row("note", note)
    Console(markup=False, highlight=False).print(table)


def _price_text(number: float) -> str:
    if math.isnan(number):
        return "none"
    decimals = max(2, _SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(number)))
    return f"{number:,.{decimals}f}"


def _tier_text(position: PositionObject, result: LiquidationPrices) -> str:
    rate, deduction = result.maintenance_margin_rate[0], result.maintenance_deduction[0]
    if math.isnan(rate):
        return "unknown"
    kind = contract_kind(position)
    table = find_table(find_venue(result.venue, kind).tiers, position["symbol"], kind)
    number = int(result.tier[0])
    name = f"{number} of {len(table.number)}" if number and table else "none"
    return f"{name}; maintenance margin {rate * 100:.4g} %, deduction {deduction:,.10g}"
