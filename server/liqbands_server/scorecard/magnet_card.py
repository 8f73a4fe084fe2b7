"""The magnet test: whether the denser of two opposite levels is touched first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from liqbands.instrument import Instrument
from liqbands.parameters import Parameters
from liqbands.score.known_books import TrueMap
from liqbands.score.magnet import Trials
from liqbands.score.magnet_result import MagnetResult, magnet_test
from liqbands.score.magnet_walk import magnet_trials
from liqbands.score.model_sets import ENGINE, find_models, find_silent_models
from liqbands.score.simulated import CEILING
from liqbands.score.types import Figure
from liqbands.timeframes import DAY_MS
from liqbands_server.files import read_candles
from liqbands_server.scorecard.card import (
    Card,
    Column,
    Origin,
    Row,
    Section,
    document_of,
    figure_to_dict,
    known,
    version_facts,
)
from liqbands_server.scorecard.real_rows import Progress, silent
from liqbands_server.scorecard.runs import read_result
from liqbands_server.scorecard.simulated_runs import SimulatedMagnet, trials_from_dict

WORLDS: Final = ("no-impact", "base", "double-impact")
MODELS: Final = (ENGINE, "pine-bands-swept", "volume-profile-7-d")
COINS: Final = ("BTC", "ETH")
RECORDED: Final = "bybit_1h"
WARM_UP_MS: Final = 30 * DAY_MS

_NOTE: Final = (
    "Each day the pair of levels at equal distance (1-5 %) that differs most; the share of days "
    "on which the denser side was touched first within 72 h. One half is no attraction; bounds "
    "from weeks drawn again."
)
_COLUMNS: Final = (
    Column("P", "share of days on which the denser side came first; .5 is none", "neither"),
    Column("strong half", "the same where the contrast is above its median", "neither"),
    Column("balanced", "mean of P with and against the past 72 h trend", "neither"),
    Column("with trend", "share of days whose dense side was that of the trend", "neither"),
    Column("days", "days scored", "neither"),
    Column("effective", "independent days that would be as uncertain", "neither"),
    Column("detectable", "smallest distance from .5 found with a power of 80 %", "lower"),
    Column("needed", "days like these that would find three points", "neither"),
)


@dataclass(frozen=True, slots=True)
class MagnetRow:
    """One model on one market.

    Parameters
    ----------
    data : str
        World, or coins.
    model : str
        Label of the model.
    result : MagnetResult
        What the test says.
    """

    data: str
    model: str
    result: MagnetResult


def simulated_magnet(runs: Sequence[SimulatedMagnet], paths: Sequence[Path]) -> list[MagnetRow]:
    """Judge the trials of simulated runs.

    Parameters
    ----------
    runs : sequence of SimulatedMagnet
        The runs.
    paths : sequence of Path
        Their results.

    Returns
    -------
    list of MagnetRow
        World by world, the true positions last.
    """
    trials: dict[tuple[str, str], list[Trials]] = {}
    for run, path in zip(runs, paths, strict=True):
        for key, content in read_result(path).items():
            trials.setdefault((run.world, key), []).append(trials_from_dict(content))
    labels = {model.key: model.label for model in find_models(runs[0].models)}
    labels[CEILING] = TrueMap.name
    return [
        MagnetRow(world, labels[key], magnet_test(Trials.join(parts)))
        for (world, key), parts in trials.items()
    ]


def recorded_magnet(
    folder: Path, names: Sequence[str], parameters: Parameters, progress: Progress = silent
) -> list[MagnetRow]:
    """Run the test on Bybit's hours since 2022.

    Parameters
    ----------
    folder : Path
        The recorded markets.
    names : sequence of str
        Keys of the models.
    parameters : Parameters
        Settings of the engine.
    progress : callable
        Is told of every model.

    Returns
    -------
    list of MagnetRow
        BTC and ETH together; weeks of both are drawn together.

    Raises
    ------
    MarketDataError
        If a recorded file is missing or cannot be used.
    """
    markets = [
        (
            Instrument("bybit", f"{coin}/USDT:USDT"),
            read_candles(folder / RECORDED / f"{coin}USDT.parquet"),
        )
        for coin in COINS
    ]
    rows = []
    for model in find_silent_models(names, parameters):
        progress(f"magnet test: {model.label}")
        parts = [
            magnet_trials(
                model.factory, instrument, candles, int(candles.open_time_ms[0]) + WARM_UP_MS
            )
            for instrument, candles in markets
        ]
        rows.append(MagnetRow(" + ".join(COINS), model.label, magnet_test(Trials.join(parts))))
    return rows


def magnet_card(
    rows: Sequence[MagnetRow],
    facts: Sequence[tuple[str, str]],
    data: Mapping[str, Any],
    origin: Origin,
) -> Card:
    """Put the results of the magnet test together.

    Parameters
    ----------
    rows : sequence of MagnetRow
        Results.
    facts : sequence of tuple of str
        What they rest on.
    data : mapping
        The same for JSON.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        One table per market.
    """
    markets = dict.fromkeys(row.data for row in rows)
    sections = tuple(
        Section(
            f"{market}: is the denser side touched first?",
            _NOTE,
            _COLUMNS,
            tuple(_row(row) for row in rows if row.data == market),
        )
        for market in markets
    )
    return Card(
        title="Magnet test",
        facts=(*facts, *version_facts(origin)),
        sections=sections,
        document=document_of(origin, data, [_result(row) for row in rows]),
    )


def _row(row: MagnetRow) -> Row:
    return Row(row.model, tuple(_figures(row.result)), row.model == ENGINE)


def _figures(result: MagnetResult) -> Iterator[Figure]:
    yield from (result.probability, result.strong_half, result.trend_balanced)
    for value in (
        result.trend_share,
        float(result.probability.n),
        result.effective_trials,
        result.detectable_effect,
        result.trials_needed,
    ):
        yield Figure(value, np.nan, np.nan, result.probability.n)


def _result(row: MagnetRow) -> dict[str, Any]:
    result = row.result
    return {
        "data": row.data,
        "model": row.model,
        "probability": figure_to_dict(result.probability),
        "strong_half": figure_to_dict(result.strong_half),
        "trend_balanced": figure_to_dict(result.trend_balanced),
        "trend_share": known(result.trend_share),
        "effective_trials": known(result.effective_trials),
        "detectable_effect": known(result.detectable_effect),
        "trials_needed": known(result.trials_needed),
    }
