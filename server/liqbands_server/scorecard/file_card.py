"""The scorecard of a file of the user's."""

from liqbands.score.reached_rows import ReachedRows
from liqbands.timeframes import DAY_MS, format_time, timeframe_name
from liqbands_server.scorecard.card import Card, Origin, document_of, version_facts
from liqbands_server.scorecard.contestants import Contestants
from liqbands_server.scorecard.file_scores import (
    MEANINGS,
    MarketFile,
    score_events_of_file,
    score_totals_of_file,
)
from liqbands_server.scorecard.real_rows import Progress, silent
from liqbands_server.scorecard.recorded_card import (
    rows_to_dicts,
    section_of_data,
)

_NOTES = {
    "events": (
        "One hour ahead (one bar where bars are longer), rows of 10 bp that the mark price "
        "reached; bounds from days drawn again."
    ),
    "totals": "Totals per bar; bounds from days drawn again.",
}


def file_card(
    market: MarketFile,
    contestants: Contestants,
    origin: Origin,
    warm_up_ms: int,
    progress: Progress = silent,
) -> Card:
    """Score models on a file of the user's.

    Parameters
    ----------
    market : MarketFile
        Candles and liquidations.
    contestants : Contestants
        The models.
    origin : Origin
        When and with which settings.
    warm_up_ms : int
        Nothing is scored before, milliseconds from the first bar; totals are scored from the
        15th day on in any case.
    progress : callable
        Is told of every model.

    Returns
    -------
    Card
        One table.

    Raises
    ------
    MarketDataError, ValueError
        If there is too little to score.
    """
    facts, test = _facts(market), "totals" if market.events is None else "events"
    if market.events is None:
        rows = score_totals_of_file(market, contestants, progress)
    else:
        rows, reached = score_events_of_file(market, contestants, warm_up_ms, progress)
        facts.append(("rests on", _rests_on(reached, warm_up_ms)))
    data = {
        "kind": "file",
        "test": test,
        "instrument": market.instrument.ticker,
        "bar_ms": market.candles.timeframe_ms,
        "n_bars": len(market.candles),
        "warm_up_ms": warm_up_ms,
    }
    return Card(
        title=f"Scorecard on {market.instrument.ticker}",
        facts=(*facts, *version_facts(origin)),
        sections=(section_of_data("Liquidations and maps", _NOTES[test], rows, MEANINGS[test]),),
        document=document_of(origin, data, rows_to_dicts(test, rows)),
    )


def _rests_on(reached: ReachedRows, warm_up_ms: int) -> str:
    return (
        f"{len(reached.n_seen):,} snapshots after {warm_up_ms / DAY_MS:g} days of warm-up, "
        f"{len(reached.row):,} reached rows, {int(reached.counts.sum()):,} liquidations in them"
    )


def _facts(market: MarketFile) -> list[tuple[str, str]]:
    times, length = market.candles.open_time_ms, market.candles.timeframe_ms
    return [
        (
            "data",
            f"{len(times):,} bars of {timeframe_name(length)}, {format_time(int(times[0]))} to "
            f"{format_time(int(times[-1]) + length)}",
        )
    ]
