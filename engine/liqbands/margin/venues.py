"""The venues as data: their names, which rule holds when, their tiers and fees.

Adding a venue is one entry of `VENUES` and, if it has tiers, one file in ``tier_data``.  Times are
UTC milliseconds, fees are fractions of the value.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from liqbands.instrument import ContractKind
from liqbands.margin.rules import GENERIC, Rule, find_rule

_LINEAR, _INVERSE = ContractKind.LINEAR, ContractKind.INVERSE


class MarginMode(StrEnum):
    """What stands behind a position: its own margin, or the whole account."""

    ISOLATED = "isolated"
    CROSS = "cross"


BYBIT_MARK_VALUE_FROM_MS: Final = 1_756_771_200_000
"""2025-09-02T00:00:00Z: Bybit takes isolated maintenance margin on the mark value."""


@dataclass(frozen=True, slots=True)
class RuleUse:
    """When a venue uses a rule.

    Parameters
    ----------
    rule : str
        Name of the rule.
    contract_kind : ContractKind
        Contracts it applies to.
    margin_mode : MarginMode or None
        Margin mode it applies to; None for both.
    until_ms : int or None
        First moment at which it no longer holds; None while it holds.
    note : str
        What a reader of the result should know.
    """

    rule: str
    contract_kind: ContractKind
    margin_mode: MarginMode | None = None
    until_ms: int | None = None
    note: str = ""

    def applies(self, kind: ContractKind, mode: MarginMode, at_ms: int | None) -> bool:
        """Return whether the rule holds for a contract, a margin mode and a moment.

        Parameters
        ----------
        kind : ContractKind
            Linear or inverse.
        mode : MarginMode
            Isolated or cross.
        at_ms : int or None
            UTC milliseconds; None for today.

        Returns
        -------
        bool
            True if it does.

        Examples
        --------
        >>> use = RuleUse("dydx", ContractKind.LINEAR, until_ms=1000)
        >>> use.applies(ContractKind.LINEAR, MarginMode.CROSS, 999)
        True
        >>> use.applies(ContractKind.LINEAR, MarginMode.CROSS, None)
        False
        """
        holds = self.until_ms is None or (at_ms is not None and at_ms < self.until_ms)
        return holds and kind is self.contract_kind and self.margin_mode in (None, mode)


@dataclass(frozen=True, slots=True)
class Venue:
    """One venue.

    Parameters
    ----------
    key : str
        Our name for it.
    names : tuple of str
        Other names it is known by, e.g. its id in ccxt.
    rules : tuple of RuleUse
        The first that applies holds.
    tiers : str or None
        File in ``tier_data``; None if there is none.
    taker_fee_rate : float
        Taker fee where a rule asks for one and the caller gives none.
    """

    key: str
    names: tuple[str, ...]
    rules: tuple[RuleUse, ...]
    tiers: str | None
    taker_fee_rate: float = 0.0

    def rule(self, kind: ContractKind, mode: MarginMode, at_ms: int | None) -> RuleUse | None:
        """Return how the venue margins a contract at a moment, None if it does not list it.

        Parameters
        ----------
        kind : ContractKind
            Linear or inverse.
        mode : MarginMode
            Isolated or cross.
        at_ms : int or None
            UTC milliseconds; None for today.

        Returns
        -------
        RuleUse or None
            The rule that holds.

        Examples
        --------
        >>> find_venue("gateio", ContractKind.LINEAR).rule(
        ...     ContractKind.LINEAR, MarginMode.ISOLATED, None).rule
        'fee_linear'
        """
        return next((use for use in self.rules if use.applies(kind, mode, at_ms)), None)


_ACCOUNT_WIDE = "an estimate: the account is liquidated as a whole, not position by position"

GENERIC_VENUE: Final = Venue(
    key=GENERIC,
    names=(),
    rules=(RuleUse(GENERIC, _LINEAR), RuleUse(GENERIC, _INVERSE)),
    tiers=None,
)

VENUES: Final[tuple[Venue, ...]] = (
    Venue(
        key="binance_usdm",
        names=("binance", "binanceusdm"),
        rules=(RuleUse("binance_linear", _LINEAR),),
        tiers="binance_usdm",
    ),
    Venue(
        key="binance_coinm",
        names=("binance", "binancecoinm"),
        rules=(RuleUse("binance_inverse", _INVERSE),),
        tiers="binance_coinm",
    ),
    Venue(
        key="bybit",
        names=("bybit_linear", "bybit_inverse"),
        rules=(
            RuleUse(
                "bybit_linear_until_2025_09",
                _LINEAR,
                MarginMode.ISOLATED,
                until_ms=BYBIT_MARK_VALUE_FROM_MS,
            ),
            RuleUse(
                "bybit_inverse_until_2025_09",
                _INVERSE,
                MarginMode.ISOLATED,
                until_ms=BYBIT_MARK_VALUE_FROM_MS,
            ),
            RuleUse("bybit_linear", _LINEAR, MarginMode.ISOLATED),
            RuleUse("bybit_inverse", _INVERSE, MarginMode.ISOLATED),
            RuleUse("bybit_linear", _LINEAR, MarginMode.CROSS, note=_ACCOUNT_WIDE),
            RuleUse("bybit_inverse", _INVERSE, MarginMode.CROSS, note=_ACCOUNT_WIDE),
        ),
        tiers="bybit",
        taker_fee_rate=0.00055,
    ),
    Venue(
        key="okx",
        names=("okex", "myokx"),
        rules=(RuleUse("fee_linear", _LINEAR), RuleUse("fee_inverse", _INVERSE)),
        tiers="okx",
        taker_fee_rate=0.0005,
    ),
    Venue(
        key="bitget",
        names=("bitget_linear", "bitget_inverse"),
        rules=(RuleUse("fee_linear", _LINEAR), RuleUse("fee_inverse", _INVERSE)),
        tiers="bitget",
        taker_fee_rate=0.0006,
    ),
    Venue(
        key="gate",
        names=("gateio", "gate_io"),
        rules=(RuleUse("fee_linear", _LINEAR), RuleUse("fee_inverse", _INVERSE)),
        tiers="gate",
        taker_fee_rate=0.00075,  # the contract's own rate, not that of the user's level
    ),
    Venue(
        key="dydx_v4",
        names=("dydx",),
        rules=(RuleUse("dydx", _LINEAR),),
        tiers="dydx_v4",
    ),
    Venue(
        key="hyperliquid",
        names=("hyper_liquid",),
        rules=(RuleUse("hyperliquid", _LINEAR),),
        tiers="hyperliquid",
    ),
    Venue(
        key="deribit",
        names=(),
        rules=(
            RuleUse("deribit_linear", _LINEAR),
            RuleUse("deribit_inverse", _INVERSE),
        ),
        tiers="deribit",
    ),
    Venue(
        key="bitmex_closed",
        names=("bitmex",),
        rules=(RuleUse("bitmex_inverse", _INVERSE),),
        tiers=None,
        taker_fee_rate=0.00075,
    ),
)


def find_venue(name: str, contract_kind: ContractKind) -> Venue:
    """Return the venue of a name, `GENERIC_VENUE` if it is unknown or lists no such contract.

    Parameters
    ----------
    name : str
        Our key, the id in ccxt or another common name, in any case.
    contract_kind : ContractKind
        Contract it is wanted for: "binance" is two venues.

    Returns
    -------
    Venue
        The venue's data.

    Examples
    --------
    >>> find_venue("Binance", ContractKind.INVERSE).key
    'binance_coinm'
    >>> find_venue("bank", ContractKind.LINEAR).key
    'generic'
    """
    wanted = name.strip().lower().replace("-", "_")
    for venue in VENUES:
        kinds = {use.contract_kind for use in venue.rules}
        if wanted in (venue.key, *venue.names) and contract_kind in kinds:
            return venue
    return GENERIC_VENUE


def rule_in_force(
    venue: Venue, kind: ContractKind, mode: MarginMode, at_ms: int | None = None
) -> tuple[Rule, tuple[str, ...]]:
    """Return the rule by which a venue liquidates, with what a reader should know.

    Parameters
    ----------
    venue : Venue
        A venue that lists such contracts.
    kind : ContractKind
        Linear or inverse.
    mode : MarginMode
        Isolated or cross.
    at_ms : int or None
        Time of the data, UTC milliseconds; None for today.

    Returns
    -------
    tuple of Rule and tuple of str
        The rule, and its notes; the generic rule where the venue has none.

    Examples
    --------
    >>> bybit = find_venue("bybit", ContractKind.LINEAR)
    >>> rule_in_force(bybit, ContractKind.LINEAR, MarginMode.ISOLATED, 0)[0].key
    'bybit_linear_until_2025_09'
    """
    use = venue.rule(kind, mode, at_ms) or RuleUse(GENERIC, kind)
    rule = find_rule(use.rule, kind)
    return rule, tuple(note for note in (rule.note, use.note) if note)
