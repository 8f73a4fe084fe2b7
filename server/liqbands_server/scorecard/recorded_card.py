"""The scorecard of recorded markets, and of a file of the user's."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from liqbands.score.measures import Better
from liqbands.score.model_sets import ENGINE
from liqbands_server.scorecard.card import (
    Card,
    Column,
    Origin,
    Row,
    Section,
    document_of,
    figure_to_dict,
    version_facts,
)
from liqbands_server.scorecard.contestants import Contestants
from liqbands_server.scorecard.real_events import EventScorecard, score_recorded_events
from liqbands_server.scorecard.real_hours import IN_BAR, score_recorded_hours
from liqbands_server.scorecard.real_markets import COINS
from liqbands_server.scorecard.real_rows import Progress, ScoreRow, silent

_HOURS_NOTE: Final = (
    "Totals per hour as Binance's throttled feed reported them; share of the Tweedie deviance "
    "that the map takes off a model that knows how far price went; bounds from days drawn again. "
    "The base's own row is its skill over the mean so far."
)
_EVENTS_NOTE: Final = (
    "Liquidation fills of Hyperliquid, 15 minutes ahead, rows of 10 bp that the price reached; "
    "bounds from intervals drawn again, narrower than those of days would be."
)


def recorded_card(
    folder: Path, contestants: Contestants, origin: Origin, progress: Progress = silent
) -> Card:
    """Score models on the recorded markets.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    contestants : Contestants
        The models.
    origin : Origin
        When and with which settings.
    progress : callable
        Is told of every step.

    Returns
    -------
    Card
        Hourly totals of 2024, and fills of 2025.

    Raises
    ------
    MarketDataError
        If a recorded file is missing or cannot be used.
    """
    maps = contestants.maps
    hours = score_recorded_hours(folder, maps, contestants.engines, progress=progress)
    events = score_recorded_events(folder, maps, progress=progress)
    return Card(
        title="Scorecard on recorded liquidations",
        facts=(
            ("hours", "Binance BTC and ETH, 2024-06-19 to 2024-08-19, warmed up from 2024-02-01"),
            *_sample_facts(events),
            *version_facts(origin),
        ),
        sections=(
            *sections_by_metric("Binance hours", _HOURS_NOTE, hours),
            *sections_by_metric("Hyperliquid fills", _EVENTS_NOTE, events.rows),
        ),
        document=document_of(
            origin,
            {"kind": "recorded", "coins": list(COINS)},
            [*rows_to_dicts("hours", hours), *rows_to_dicts("fills", events.rows)],
        ),
    )


def sections_by_metric(title: str, note: str, rows: Sequence[ScoreRow]) -> tuple[Section, ...]:
    """Return one table per metric, with the data side by side.

    Parameters
    ----------
    title : str
        What was scored on.
    note : str
        What has to be known to read it.
    rows : sequence of ScoreRow
        Figures.

    Returns
    -------
    tuple of Section
        In the order of the rows.
    """
    found = {(row.model, row.data, row.metric): row.figure for row in rows}
    models, data, metrics = (_in_order(rows, name) for name in ("model", "data", "metric"))
    sections = []
    for metric in metrics:
        columns = tuple(Column(each, f"{metric}, {each}") for each in data)
        table = [
            Row(model, tuple(found.get((model, each, metric)) for each in data), _is_ours(model))
            for model in models
            if any((model, each, metric) in found for each in data)
        ]
        sections.append(Section(f"{title}: {metric}", note, columns, tuple(table)))
    return tuple(sections)


def section_of_data(
    title: str, note: str, rows: Sequence[ScoreRow], meanings: Mapping[str, tuple[str, Better]]
) -> Section:
    """Return one table of one set of data, with the metrics side by side.

    Parameters
    ----------
    title : str
        Heading.
    note : str
        What has to be known to read it.
    rows : sequence of ScoreRow
        Figures.
    meanings : mapping of str to tuple
        What each metric means, and which way is better.

    Returns
    -------
    Section
        In the order of the rows.
    """
    found = {(row.model, row.metric): row.figure for row in rows}
    models, metrics = _in_order(rows, "model"), _in_order(rows, "metric")
    columns = tuple(Column(metric, *meanings.get(metric, (metric, "higher"))) for metric in metrics)
    table = tuple(
        Row(model, tuple(found.get((model, metric)) for metric in metrics), _is_ours(model))
        for model in models
    )
    return Section(title, note, columns, table)


def rows_to_dicts(test: str, rows: Sequence[ScoreRow]) -> list[dict[str, Any]]:
    """Return figures ready for strict JSON.

    Parameters
    ----------
    test : str
        Which test they are of.
    rows : sequence of ScoreRow
        Figures.

    Returns
    -------
    list of dict
        One per figure.
    """
    return [
        {
            "test": test,
            "data": row.data,
            "model": row.model,
            "metric": row.metric,
            **figure_to_dict(row.figure),
        }
        for row in rows
    ]


def _sample_facts(events: EventScorecard) -> list[tuple[str, str]]:
    return [
        (
            f"fills {sample.data}",
            f"{sample.n_placed} of {sample.n_fills} fills in {sample.n_hit} of "
            f"{sample.n_rows:,} reached rows, {sample.n_intervals} quarters of an hour",
        )
        for sample in events.samples
    ]


def _in_order(rows: Sequence[ScoreRow], name: str) -> list[str]:
    return list(dict.fromkeys(str(getattr(row, name)) for row in rows))


def _is_ours(model: str) -> bool:
    return model.removesuffix(IN_BAR) == ENGINE
