"""What a reader of a liquidation price should know, one sentence each."""

import numpy as np

from liqbands.instrument import FloatArray, Instrument
from liqbands.margin.rules import GENERIC
from liqbands.margin.selection import TierChoice
from liqbands.margin.tier_files import GENERIC_MAINTENANCE_MARGIN_RATE
from liqbands.margin.tiers import TierTable
from liqbands.margin.venues import Venue

_UNIT = {"quote": "in quote", "base": "coins", "contracts": "contracts"}


def describe(
    instrument: Instrument,
    venue: Venue,
    table: TierTable,
    choice: TierChoice,
    price: FloatArray,
) -> tuple[str, ...]:
    """Return notes on venue, tiers and prices.

    Parameters
    ----------
    instrument : Instrument
        What was asked for.
    venue : Venue
        The venue it was found to be.
    table : TierTable
        Tiers of the instrument, or the generic row.
    choice : TierChoice
        Tier of each position.
    price : ndarray, shape (n,)
        Liquidation prices, quote per base, NaN where there is none.

    Returns
    -------
    tuple of str
        Sentences without a full stop; empty if there is nothing to say.

    Examples
    --------
    >>> from liqbands.margin import Positions, liquidation_price
    >>> position = Positions.from_arrays(side=1, entry_price=100.0, leverage=1)
    >>> liquidation_price(Instrument("nowhere", "A/B:B"), position).notes[0]
    "generic rule: venue 'nowhere' has no known linear contracts"
    """
    notes = []
    if venue.key == GENERIC:
        kind = instrument.contract_kind
        notes.append(f"generic rule: venue {instrument.venue!r} has no known {kind} contracts")
    if not choice.is_given.all():
        notes += _on_tiers(instrument, table)
    notes += _on_prices(table, choice, price)
    return tuple(notes)


def _on_tiers(instrument: Instrument, table: TierTable) -> list[str]:
    if table.quality == "generic":
        rate = GENERIC_MAINTENANCE_MARGIN_RATE
        return [
            f"generic maintenance margin rate {rate:g}: no tiers are known "
            f"for {instrument.symbol or 'this contract'} on {instrument.venue}"
        ]
    age = f"as of {table.as_of}" if table.as_of else "of unknown date"
    words = {
        "dated": f"the tiers of {table.symbol} are dated ({age})",
        "partial": f"the tiers of {table.symbol} are partial ({age}): "
        f"known up to {table.upper[-1]:,.0f} {_UNIT[table.bound_unit]}",
    }
    return [words[table.quality]] if table.quality in words else []


def _on_prices(table: TierTable, choice: TierChoice, price: FloatArray) -> list[str]:
    terms = choice.terms
    never = np.isnan(price) & ~choice.beyond
    at_once = terms.side * (price - terms.entry_price) >= 0
    too_high = terms.leverage > table.max_leverage[0] * (1 + 1e-6)
    last = f"{table.upper[-1]:,.0f} {_UNIT[table.bound_unit]}"
    sentences = {
        f"price unknown: the position is larger than the known tiers, {last}": choice.beyond,
        "no liquidation price: the margin covers every price": never,
        "no quantity given: the first tier is assumed": choice.unsized & ~choice.is_given,
        "liquidated at once: the margin is below maintenance at the entry price": at_once,
        f"leverage above {table.max_leverage[0]:g}, the highest of the tiers": too_high
        & ~choice.is_given,
    }
    return [_counted(text, mask) for text, mask in sentences.items() if mask.any()]


def _counted(text: str, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> str:
    return text if len(mask) == 1 else f"{text} ({mask.sum()} of {len(mask)})"
