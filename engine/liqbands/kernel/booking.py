"""Entries in the ledger: a bar's flow, and changes of unit."""

from liqbands.kernel.compiled import cold, hot
from liqbands.kernel.field import tame_growth
from liqbands.kernel.flow import standing
from liqbands.kernel.state import (
    AMOUNT,
    CLOCK,
    CLOSED,
    GROWTH,
    LAST_SWEPT,
    OPENED,
    REBASED,
    SWEPT,
    BookState,
    Tiers,
)


@hot
def book_flow(
    state: BookState, s: int, opened: float, closed: float, died: float, total: float
) -> None:
    """Enter a bar's flow into the ledger."""
    ledger = state.ledger[s]
    ledger[OPENED] += opened
    ledger[CLOSED] += closed
    ledger[SWEPT] += died
    ledger[LAST_SWEPT] += died
    if total > 0.0:
        ledger[CLOCK] += closed / total


@cold
def rebase(state: BookState, tiers: Tiers, s: int, target: float) -> None:
    """Scale a side to `target` contracts under a ledger line of its own."""
    total = standing(state, tiers, s)
    if total <= 0.0:
        return
    factor = max(target / total, 1e-12)
    for k in range(state.tier.shape[2]):
        state.tier[s, AMOUNT, k] *= factor
        state.tier[s, GROWTH, k] /= factor
    state.ledger[s, REBASED] += total * (1.0 - factor)
    tame_growth(state, s)
