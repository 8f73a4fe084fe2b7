"""Reported liquidations: taken into account once, beyond what the model predicts anyway."""

from liqbands.kernel.bars import BarValues, Rules
from liqbands.kernel.compiled import hot
from liqbands.kernel.state import LAST_SWEPT, SWEPT, SWEPT_TO, BookState, Tiers
from liqbands.kernel.sweep import take_nearest


@hot
def take_reported(
    state: BookState,
    tiers: Tiers,
    rules: Rules,
    bar: BarValues,
    s: int,
    in_bar: float,
    now_ms: int,
) -> None:
    """Sweep what was reported beyond the predicted: the swept, and `in_bar` that still comes.

    Counted once: what is taken here does not stand any more when the mark arrives.
    """
    reported = bar.long_liquidated if s == 0 else bar.short_liquidated
    extra = reported - state.ledger[s, LAST_SWEPT] - in_bar
    if rules.realised and extra > 0.0:
        z_top = state.places[s, SWEPT_TO]
        taken = take_nearest(state, tiers, s, z_top, rules.near_bins, extra, now_ms)
        state.ledger[s, SWEPT] += taken
        state.ledger[s, LAST_SWEPT] += taken


@hot
def dying_in_bar(
    state: BookState, bar: BarValues, s: int, target: float, change: float, dead: float
) -> float:
    """Return what will be opened and liquidated inside the bar, reports taken into account.

    Usually the share `dead` of the target.  Where reports leave less room than that, openings
    rise to balance them, and what dies rises too: ``o (1 - u) = dOI + x + e`` and
    ``e = y - x - o u`` give ``o = dOI + y``.
    """
    reported = bar.long_liquidated if s == 0 else bar.short_liquidated
    if reported > state.ledger[s, LAST_SWEPT]:
        return dead * max(target, change + reported)
    return dead * target
