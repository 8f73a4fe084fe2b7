"""The named rules: a formula, the contracts it is for, and what enters it.

The names are stable: results carry them, and callers may ask for one by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from liqbands.errors import MarginInputError
from liqbands.instrument import ContractKind, FloatArray
from liqbands.margin.formulas import (
    bybit_inverse_price,
    deribit_inverse_price,
    inverse_price,
    linear_price,
)
from liqbands.margin.historic import (
    bitmex_inverse_price,
    bybit_inverse_cross_price_2019,
    bybit_inverse_price_until_2025_09,
    bybit_linear_price_until_2025_09,
)
from liqbands.margin.terms import Terms

GENERIC: Final = "generic"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to compute a liquidation price.

    Parameters
    ----------
    key : str
        Stable name, e.g. ``"fee_linear"``.
    contract_kind : ContractKind
        Contracts it is for.
    price : callable
        `Terms` of shape (n,) or (n, 1) to prices of the same shape.
    takes_fee : bool
        Whether the closing fee enters.
    tier_at_entry : bool
        Whether the tier is the one of the entry value rather than of the value at liquidation.
    fee_in_bankruptcy : bool
        Whether the venue's bankruptcy price includes the fee.
    note : str
        What a reader of the result should know; empty for rules in force.
    """

    key: str
    contract_kind: ContractKind
    price: Callable[[Terms], FloatArray]
    takes_fee: bool = False
    tier_at_entry: bool = False
    fee_in_bankruptcy: bool = False
    note: str = ""


_LINEAR, _INVERSE = ContractKind.LINEAR, ContractKind.INVERSE
_UNTIL_2025 = "Bybit's rule until 2025-09-02: maintenance margin on the entry value"

RULES: Final[tuple[Rule, ...]] = (
    Rule("binance_linear", _LINEAR, linear_price),
    Rule("binance_inverse", _INVERSE, inverse_price),
    Rule("bybit_linear", _LINEAR, linear_price),  # the fee is in both margins and cancels
    Rule("bybit_inverse", _INVERSE, bybit_inverse_price, takes_fee=True),
    Rule("fee_linear", _LINEAR, linear_price, takes_fee=True),
    Rule("fee_inverse", _INVERSE, inverse_price, takes_fee=True),
    Rule("dydx", _LINEAR, linear_price),
    Rule("hyperliquid", _LINEAR, linear_price),
    Rule("deribit_linear", _LINEAR, linear_price),
    Rule("deribit_inverse", _INVERSE, deribit_inverse_price),
    Rule(
        "bybit_linear_until_2025_09",
        _LINEAR,
        bybit_linear_price_until_2025_09,
        tier_at_entry=True,
        note=_UNTIL_2025,
    ),
    Rule(
        "bybit_inverse_until_2025_09",
        _INVERSE,
        bybit_inverse_price_until_2025_09,
        tier_at_entry=True,
        note=_UNTIL_2025,
    ),
    Rule(
        "bybit_inverse_cross_2019",
        _INVERSE,
        bybit_inverse_cross_price_2019,
        takes_fee=True,
        tier_at_entry=True,
        fee_in_bankruptcy=True,
        note="Bybit's inverse cross margin of 2019; no such account exists any more",
    ),
    Rule(
        "bitmex_inverse",
        _INVERSE,
        bitmex_inverse_price,
        takes_fee=True,
        tier_at_entry=True,
        note="BitMEX closed on 2026-09-23",
    ),
    Rule(GENERIC, _LINEAR, linear_price),
    Rule(GENERIC, _INVERSE, inverse_price),
)


def find_rule(key: str, contract_kind: ContractKind) -> Rule:
    """Return the rule of a name.

    Parameters
    ----------
    key : str
        Name of the rule.
    contract_kind : ContractKind
        Contract it is wanted for.

    Returns
    -------
    Rule
        The one rule of that name and contract.

    Raises
    ------
    MarginInputError
        If there is none.

    Examples
    --------
    >>> find_rule("fee_linear", ContractKind.LINEAR).takes_fee
    True
    """
    for rule in RULES:
        if (rule.key, rule.contract_kind) == (key, contract_kind):
            return rule
    known = list(dict.fromkeys(rule.key for rule in RULES if rule.contract_kind == contract_kind))
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"rules are {', '.join(known)}"
    raise MarginInputError(
        f"formula must be a rule for {contract_kind} contracts, was {key!r}; {hint}"
    )
