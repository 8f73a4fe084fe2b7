"""The scorecard of runs on the simulated exchange."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from liqbands.score.known_books import TrueMap
from liqbands.score.measures import (
    DISTANCE_CLASSES,
    LEVERAGE_CLASSES,
    MAIN,
    MEASURES,
    Measure,
)
from liqbands.score.model_sets import ENGINE, NamedModel, find_models
from liqbands.score.pooling import PooledModel, pool
from liqbands.score.precision import wilson_bounds
from liqbands.score.reach_metrics import TOP_SHARE
from liqbands.score.run_score import RunScore
from liqbands.score.simulated import CEILING
from liqbands.sim import find_world
from liqbands.timeframes import DAY_MS, timeframe_name
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
from liqbands_server.scorecard.runs import read_result
from liqbands_server.scorecard.simulated_runs import SimulatedRun

BOOK_KEYS: Final = (
    *("earth_movers_skill_5", "rank_correlation_5", "band_recall_5", "overlap_5"),
    *("earth_movers_skill_20", "rank_correlation_20", "band_recall_20", "overlap_20"),
    *("imbalance_correlation", "imbalance_error", "level_ratio"),
)
EVENT_KEYS: Final = (
    *("event_spearman", "event_lift10", "event_auc", "event_tweedie", "event_poisson"),
    *("event_precision10", "event_base_rate"),
)
COVERAGE_KEYS: Final = tuple(measure.key for measure in MAIN if measure.key.startswith("coverage"))
COMPARED_KEYS: Final = (
    *("earth_movers_skill_5", "rank_correlation_5", "band_recall_5"),
    *("rank_correlation_20", "event_tweedie", "event_lift10", "event_auc"),
)
_BY_KEY: Final = {measure.key: measure for measure in MEASURES}


@dataclass(slots=True)
class _Counts:
    """What the runs rest on, counted while they are read one by one."""

    runs: list[dict[str, Any]] = field(default_factory=list)

    def through(self, runs: Iterable[RunScore]) -> Iterator[RunScore]:
        for run in runs:
            self.runs.append(
                {
                    "world": run.world,
                    "seed": run.seed,
                    "n_books": run.n_books,
                    "n_snapshots": run.n_snapshots,
                    "n_rows": run.n_rows,
                    "n_liquidations": run.n_liquidations,
                    "missed": known(run.missed),
                }
            )
            yield run

    def total(self, name: str) -> int:
        return sum(int(run[name]) for run in self.runs)


def simulated_card(runs: Sequence[SimulatedRun], paths: Iterable[Path], origin: Origin) -> Card:
    """Put the results of simulated runs together.

    Parameters
    ----------
    runs : sequence of SimulatedRun
        At least one; all with the same models, length and plan.
    paths : iterable of Path
        Their results, which are read one by one.
    origin : Origin
        When and with which settings.

    Returns
    -------
    Card
        Tables, pictures and JSON.
    """
    counts = _Counts()
    pooled = pool(counts.through(RunScore.from_dict(read_result(path)) for path in paths))
    models = find_models(runs[0].models)
    labels = {model.key: model.label for model in models} | {CEILING: TrueMap.name}
    return Card(
        title="Scorecard on the simulated exchange",
        facts=(*_facts(runs, counts), *version_facts(origin)),
        sections=tuple(_sections(pooled, labels)),
        document=document_of(
            origin,
            _data(runs, counts),
            [_result(each) for each in pooled],
            models=[_model(model) for model in models],
            measures=[_measure(measure) for measure in MEASURES],
        ),
        pooled=tuple(pooled),
        labels=labels,
    )


def _sections(pooled: Sequence[PooledModel], labels: dict[str, str]) -> Iterator[Section]:
    worlds = list(dict.fromkeys(each.world for each in pooled))
    for world in worlds:
        own = [each for each in pooled if each.world == world]
        first = world == worlds[0]
        yield _table(f"{world}: against the true book", _BOOK_NOTE, BOOK_KEYS, (own, labels), first)
        yield _table(
            f"{world}: liquidations one hour ahead", _EVENT_NOTE, EVENT_KEYS, (own, labels), first
        )
        yield _behind(world, own, labels, first)
        yield _table(
            f"{world}: intervals of 50 bp bands", _COVERAGE_NOTE, COVERAGE_KEYS, (own, labels),
            first,
        )  # fmt: skip
    for what, classes in (("distance", DISTANCE_CLASSES), ("leverage", LEVERAGE_CLASSES)):
        own = [each for each in pooled if each.world == worlds[0]]
        keys = [f"{what}_{k}_error" for k in range(len(classes))]
        section = _table(f"{worlds[0]}: error by {what}", _CLASS_NOTE, keys, (own, labels), False)
        named = tuple(
            Column(name, column.meaning, "lower")
            for name, column in zip(classes, section.columns, strict=True)
        )
        yield Section(section.title, section.note, named, section.rows, main=False)


_BOOK_NOTE: Final = (
    "Every 6 h after the warm-up, sides apart, mean over runs; 95 % bounds from days drawn again "
    "within each run."
)
_EVENT_NOTE: Final = (
    "Every hour; rows of 10 bp that the mark price reached in the hour after; liquidations at the "
    "price that triggered them."
)
_COVERAGE_NOTE: Final = (
    "Share of bands within 10 % of mark whose true notional lies inside; * with the map's total "
    "set right run by run."
)
_CLASS_NOTE: Final = (
    "Mean absolute error of the share of each side's mass that stands in the class, within 20 % "
    "of mark."
)
_BEHIND_NOTE: Final = "Engine less model, paired: the same days are drawn for both."


def _table(
    title: str,
    note: str,
    keys: Sequence[str],
    shown: tuple[Sequence[PooledModel], dict[str, str]],
    main: bool,
) -> Section:
    models, labels = shown
    rows = [
        Row(
            labels[each.model],
            tuple(each.figures.get(key) for key in keys),
            each.model == ENGINE,
        )
        for each in models
        if any(key in each.figures for key in keys)
    ]
    return Section(title, note, tuple(_column(key) for key in keys), tuple(rows), main)


def _behind(
    world: str, models: Sequence[PooledModel], labels: dict[str, str], main: bool
) -> Section:
    rows = [
        Row(labels[each.model], tuple(each.behind.get(key) for key in COMPARED_KEYS))
        for each in models
        if each.model != ENGINE
    ]
    columns = tuple(_column(key) for key in COMPARED_KEYS)
    return Section(
        f"{world}: the engine above each model", _BEHIND_NOTE, columns, tuple(rows), main
    )


def _column(key: str) -> Column:
    measure = _BY_KEY[key]
    return Column(measure.label, measure.meaning, measure.better)


def _facts(runs: Sequence[SimulatedRun], counts: _Counts) -> tuple[tuple[str, str], ...]:
    plan, first = runs[0].plan, runs[0]
    seeds = sorted({run.seed for run in runs})
    warm_up = f"{plan.warm_up_ms / DAY_MS:g}"
    several = [name for name in dict.fromkeys(run.world for run in runs) if _n_venues(name) > 1]
    venues = [("venues", f"the first one only of {', '.join(several)}")] if several else []
    return (
        *venues,
        ("worlds", ", ".join(dict.fromkeys(run.world for run in runs))),
        ("seeds", ", ".join(str(seed) for seed in seeds)),
        (
            "length",
            f"{first.days:g} days of {timeframe_name(plan.bar_ms)} bars, "
            f"nothing scored in the first {warm_up}",
        ),
        (
            "rests on",
            f"{counts.total('n_books'):,} true books, {counts.total('n_snapshots'):,} hourly "
            f"snapshots, {counts.total('n_rows'):,} reached rows, "
            f"{counts.total('n_liquidations'):,} liquidations",
        ),
    )


def _n_venues(world: str) -> int:
    return len(find_world(world).venues)


def _data(runs: Sequence[SimulatedRun], counts: _Counts) -> dict[str, Any]:
    plan, first = runs[0].plan, runs[0]
    return {
        "kind": "simulated",
        "worlds": list(dict.fromkeys(run.world for run in runs)),
        "seeds": sorted({run.seed for run in runs}),
        "days": first.days,
        "warm_up_ms": plan.warm_up_ms,
        "events_every_ms": plan.events_every_ms,
        "horizon_ms": plan.horizon_ms,
        "books_every_ms": plan.books_every_ms,
        "bar_ms": plan.bar_ms,
        "runs": counts.runs,
    }


def _result(pooled: PooledModel) -> dict[str, Any]:
    precision = pooled.figures["event_precision10"]
    chosen = TOP_SHARE * precision.n
    low, high = wilson_bounds(precision.value * chosen, chosen)
    return {
        "world": pooled.world,
        "model": pooled.model,
        "n_runs": pooled.n_runs,
        "figures": {key: figure_to_dict(figure) for key, figure in pooled.figures.items()},
        "standard_errors_over_runs": {
            key: known(value) for key, value in pooled.standard_errors.items()
        },
        "engine_above": {key: figure_to_dict(figure) for key, figure in pooled.behind.items()},
        "precision10_wilson": {"low": known(low), "high": known(high), "n": round(chosen)},
        "curves": {
            name: [known(value) for value in curve.tolist()]
            for name, curve in pooled.curves.items()
        },
    }


def _model(model: NamedModel) -> dict[str, Any]:
    return {"key": model.key, "label": model.label, "reports": model.reports}


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "key": measure.key,
        "label": measure.label,
        "meaning": measure.meaning,
        "better": measure.better,
    }
